// A file that is large enough to be interrupted in.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "trial/content/content_hasher.h"
#include "trial/seal/seal.h"

namespace salus::test {

/// So many chunks keep one slow thread busy for a second.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr std::uint64_t kHugeChunks = 250;
#else
inline constexpr std::uint64_t kHugeChunks = 500;
#endif
static_assert(kHugeChunks * trial::kChunkBytes > trial::kBegunFrom);

/// Writes a mark into a chunk of a file that is there.
inline void mark_chunk(const std::string& path, std::uint64_t chunk, const std::string& mark) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(chunk * trial::kChunkBytes + 1000));
  file << mark;
}

/// No two of its chunks are alike, and it takes next to no room on the disk. Returns when it is old
/// enough to be gone on with: a change to it cannot have the times any more that it has now.
inline void make_huge_file(const std::string& path, std::uint64_t size) {
  std::ofstream(path).close();
  std::filesystem::resize_file(path, size);
  for (std::uint64_t i = 0; i < size / trial::kChunkBytes; ++i)
    mark_chunk(path, i, "chunk " + std::to_string(i));
  std::this_thread::sleep_for(std::chrono::milliseconds(2100));
}

}  // namespace salus::test

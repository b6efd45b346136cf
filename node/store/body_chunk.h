// Bodies of neighbouring statements as one value: a tenth of the work of one entry each, and they
// compress together.
//
//   count (4) | length of each (4) | bytes, one after the other
//
// Little-endian. The two highest lengths stand for bodies that are gone.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/bytes.h"
#include "node/store/block_store.h"

namespace salus::node {

/// A chunk is closed when it has this many bytes of bodies, or statements.
inline constexpr std::size_t kChunkBodyBytes = std::size_t{16} << 10;
inline constexpr std::uint32_t kChunkStatements = 1024;

/// How many bodies, from the front, go into the next chunk.
std::size_t next_chunk(std::span<const Bytes> bodies);

/// The part of a chunk in front of the bytes.
std::vector<std::uint32_t> chunk_head(std::span<const Bytes> bodies);

/// A view of a chunk's value.
class BodyChunk {
 public:
  /// Throws `Error` (input) when it is none: `where` names it.
  BodyChunk(Bytes value, const std::string& where);

  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] StoredBodies::Entry entry(std::uint32_t index) const;
  /// Calls `take(entry)` for each, in order.
  template <typename Take>
  void for_each(Take take) const {
    std::size_t at = body_start();
    for (std::uint32_t i = 0; i < count_; ++i) {
      const StoredBodies::Entry entry = entry_at(i, at);
      at += entry.bytes.size();
      take(entry);
    }
  }

 private:
  [[nodiscard]] std::uint32_t length(std::uint32_t index) const;
  [[nodiscard]] std::size_t body_start() const { return 4 + std::size_t{4} * count_; }
  [[nodiscard]] StoredBodies::Entry entry_at(std::uint32_t index, std::size_t at) const;

  Bytes value_;
  std::uint32_t count_ = 0;
};

/// The chunk without the bodies at `indexes` (ascending, within the chunk) that are present;
/// `deleted` is increased by their number.
std::string without_bodies(const BodyChunk& chunk, std::span<const std::uint32_t> indexes,
                           BodyPresence mark, std::size_t& deleted);

}  // namespace salus::node

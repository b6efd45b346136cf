#include "trial/content/large_file.h"

#include <algorithm>
#include <utility>

#include "trial/seal/seal.h"

namespace salus::trial {

std::size_t LargeFile::chunk_size(std::uint64_t chunk) const {
  return static_cast<std::size_t>(
      std::min(kChunkBytes, result.identity.size - chunk * kChunkBytes));
}

void LargeFilePool::add(std::shared_ptr<LargeFile> file) {
  const std::scoped_lock lock(mutex_);
  files_.push_back(std::move(file));
  count_ = files_.size();
}

std::optional<ChunkClaim> LargeFilePool::claim(std::size_t limit) {
  const std::scoped_lock lock(mutex_);
  for (const std::shared_ptr<LargeFile>& file : files_) {
    if (is_exhausted(*file) || (in_order_ && file->open != 0)) continue;
    const std::uint64_t count = std::min<std::uint64_t>(limit, file->chunk_count() - file->claimed);
    ChunkClaim claim{file, file->claimed, static_cast<std::size_t>(count)};
    file->claimed += count;
    ++file->open;
    return claim;
  }
  return std::nullopt;
}

bool LargeFilePool::finish(const ChunkClaim& claim, int error) {
  const std::scoped_lock lock(mutex_);
  LargeFile& file = *claim.file;
  if (file.error == 0) file.error = error;
  if (--file.open != 0 || !is_exhausted(file)) return false;
  std::erase(files_, claim.file);
  count_ = files_.size();
  return true;
}

}  // namespace salus::trial

#include "trial/content/large_file.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "trial/seal/seal.h"

namespace salus::trial {
namespace {

/// How long somebody waits at most before looking whether all is stopped.
constexpr std::chrono::milliseconds kLookAgain(20);

/// Chunks that were hashed in a row from the beginning on.
void advance(LargeFile& file) {
  const auto next = [&file] {
    return std::ranges::find(file.finished, file.hashed, &FinishedClaim::first);
  };
  for (auto claim = next(); claim != file.finished.end(); claim = next()) {
    file.hashed += claim->count;
    file.hashed_stream = claim->stream;
    file.finished.erase(claim);
  }
}

}  // namespace

std::size_t LargeFile::chunk_size(std::uint64_t chunk) const { return size_of(chunk, 1); }

std::size_t LargeFile::size_of(std::uint64_t first, std::uint64_t count) const {
  const std::uint64_t begin = first * kChunkBytes;
  return static_cast<std::size_t>(std::min(count * kChunkBytes, result.identity.size - begin));
}

void LargeFile::go_on_after(const BegunFile& begun, bool needs_stream) {
  const std::uint64_t count = begun.chunks.size();
  // The last chunk is always left to be hashed, so that there is somebody who ends the file.
  if (begun.identity != result.identity || count >= chunk_count()) return;
  if (needs_stream && begun.stream.length != count * kChunkBytes) return;
  std::ranges::copy(begun.chunks, result.chunks.begin());
  stream = hashed_stream = begun.stream;
  claimed = streamed = hashed = told = result.begun_chunks = count;
}

void LargeFilePool::add(std::shared_ptr<LargeFile> file) {
  const std::scoped_lock lock(mutex_);
  files_.push_back(std::move(file));
  count_ = files_.size();
}

std::optional<ChunkClaim> LargeFilePool::claim(std::size_t limit) {
  const std::scoped_lock lock(mutex_);
  const std::shared_ptr<LargeFile>* best = nullptr;
  for (const std::shared_ptr<LargeFile>& file : files_) {
    if (is_exhausted(*file)) continue;
    // Where there is a stream, one worker a file has nobody to wait for.
    if (best == nullptr || (has_streams_ && file->open < (*best)->open)) best = &file;
  }
  if (best == nullptr) return std::nullopt;
  LargeFile& file = **best;
  const std::uint64_t count = std::min<std::uint64_t>(limit, file.chunk_count() - file.claimed);
  ChunkClaim claim{*best, file.claimed, static_cast<std::size_t>(count), {}};
  file.claimed += count;
  ++file.open;
  return claim;
}

bool LargeFilePool::has_turn(const ChunkClaim& claim) {
  const std::scoped_lock lock(mutex_);
  return claim.file->streamed == claim.first && claim.file->error == 0;
}

bool LargeFilePool::wait_for_turn(const ChunkClaim& claim,
                                  const std::function<bool()>& is_stopped) {
  std::unique_lock lock(mutex_);
  const LargeFile& file = *claim.file;
  while (file.error == 0 && file.streamed != claim.first) {
    if (is_stopped()) return false;
    turn_.wait_for(lock, kLookAgain);
  }
  return file.error == 0;
}

void LargeFilePool::pass_turn(ChunkClaim& claim) {
  {
    const std::scoped_lock lock(mutex_);
    claim.stream_after = claim.file->stream;
    claim.file->streamed += claim.count;
  }
  turn_.notify_all();
}

bool LargeFilePool::finish(const ChunkClaim& claim, int error) {
  const std::scoped_lock lock(mutex_);
  LargeFile& file = *claim.file;
  if (file.error == 0) file.error = error;
  if (error == 0) {
    file.finished.push_back({claim.first, claim.count, claim.stream_after});
    advance(file);
  } else {
    turn_.notify_all();
  }
  if (--file.open != 0 || !is_exhausted(file)) return false;
  std::erase(files_, claim.file);
  count_ = files_.size();
  return true;
}

void LargeFilePool::visit_begun(const std::function<void(const BegunPart&)>& visit) {
  const std::scoped_lock lock(mutex_);
  for (const std::shared_ptr<LargeFile>& file : files_) {
    if (!file->is_told || file->error != 0 || file->told == file->hashed) continue;
    visit({.task = file->task.index,
           .path = file->task.path,
           .identity = file->result.identity,
           .first = file->told,
           .chunks = std::span(file->result.chunks).subspan(file->told, file->hashed - file->told),
           .stream = file->hashed_stream});
    file->told = file->hashed;
  }
}

}  // namespace salus::trial

#include "trial/content/content_worker.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "engine/files/opened_file.h"
#include "trial/seal/seal.h"

namespace salus::trial {
namespace {

constexpr std::uint8_t kLeafPrefix = 0x00;

/// A worker takes so many tasks at once: enough to make the lock cheap, and few enough that all
/// workers end at about the same time.
constexpr std::size_t kTake = 32;

// Small files are hashed when they fill a good part of a core's level-2 cache, provided that there
// are enough of them for the lanes.
constexpr std::size_t kCacheful = std::size_t{512} << 10;
constexpr std::size_t kMaxSmall = 1024;  ///< Empty ones fill no buffer.
constexpr std::size_t kAlign = 64;       ///< A cache line.

/// Chunks that are hashed side by side are read in pieces, so that one of each lane stays in the
/// level-2 cache.
constexpr std::size_t kPiece = std::size_t{64} << 10;
constexpr std::size_t kMostSideBySide = 64;

constexpr std::size_t round_up(std::size_t size) { return (size + kAlign - 1) / kAlign * kAlign; }

/// Instead of an errno: the file ended before its size.
constexpr int kCutShort = -1;
/// Instead of an errno: somebody else's part of the file could not be read, or all is stopped.
constexpr int kGivenUp = -2;

/// Reads a file whose size is one byte less than `out`: a read of more than that shows that it
/// grew, and one of exactly that is the end, as regular files are only cut short there.
files::ReadResult read_exactly(int descriptor, std::span<std::uint8_t> out) {
  std::size_t done = 0;
  do {
    const files::ReadResult result = files::read_some(descriptor, out.subspan(done));
    if (result.error != 0) return {done, result.error};
    if (result.count == 0) break;
    done += result.count;
  } while (done < out.size() - 1);
  return {done, 0};
}

/// Reads until `out` is full or the file ends.
files::ReadResult read_at(int descriptor, std::uint64_t offset, std::span<std::uint8_t> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t count =
        pread(descriptor, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return {done, errno};
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return {done, 0};
}

bool is_still(const FileIdentity& identity, int descriptor) {
  struct stat status {};
  return fstat(descriptor, &status) == 0 && identity_of(status) == identity;
}

/// A stream that has taken the prefix of a leaf.
engine::HashStream leaf_stream() {
  engine::HashStream stream;
  stream.partial[0] = kLeafPrefix;
  stream.length = 1;
  return stream;
}

/// Chunks that a worker takes at once: with a stream they lie in its buffer as a whole.
std::size_t claim_limit(const ContentShared& shared) {
  const std::size_t lanes = side_by_side(shared.hasher);
  if (!shared.options.whole_digests) return lanes;
  const std::size_t room = shared.buffer_bytes / kChunkBytes;
  return room > lanes ? room / lanes * lanes : room;
}

/// The coarsest times that file systems give files (FAT).
constexpr std::chrono::seconds kCoarsestTime(2);

/// Whether any change from now on shows in the file's times.
bool is_settled(const FileIdentity& identity) {
  const std::chrono::nanoseconds last(std::max(identity.modified_ns, identity.changed_ns));
  return std::chrono::system_clock::now().time_since_epoch() - last > kCoarsestTime;
}

std::size_t buffer_size(const ContentShared& shared) {
  return std::max(shared.buffer_bytes, claim_limit(shared) * kPiece);
}

}  // namespace

std::size_t side_by_side(const engine::LaneHasher& hasher) {
  return std::min<std::size_t>(hasher.lanes(), kMostSideBySide);
}

ContentWorker::ContentWorker(ContentShared& shared)
    : shared_(shared),
      opener_(shared.study),
      claim_limit_(claim_limit(shared)),
      memory_(std::make_unique_for_overwrite<std::uint8_t[]>(buffer_size(shared))),
      buffer_(memory_.get(), buffer_size(shared)) {}

void ContentWorker::run() {
  while (!shared_.supply.stopped()) {
    if (take_task()) {
      start(tasks_[next_task_++]);
      continue;
    }
    hash_small();
    if (auto claim = shared_.large.claim(claim_limit_))
      read_claim(*claim);
    else if (!shared_.supply.wait(next_task_ < tasks_.size()))
      return;
  }
}

/// Whether there is a task to start, and room for it.
bool ContentWorker::take_task() {
  if (!shared_.large.has_room()) return false;
  if (next_task_ == tasks_.size()) {
    tasks_.clear();
    next_task_ = 0;
    shared_.supply.take(tasks_, kTake);
  }
  return next_task_ < tasks_.size();
}

void ContentWorker::start(const ContentTask& task) {
  StudyFile file = opener_.open(task.path);
  if (file.error != 0 || !file.kind.empty())
    shared_.client.done(task, {.identity = file.identity, .error = file.error, .kind = file.kind});
  else if (file.identity.size > kChunkBytes)
    start_large(task, std::move(file));
  else
    read_small(task, std::move(file));
}

void ContentWorker::read_small(const ContentTask& task, StudyFile file) {
  const auto size = static_cast<std::size_t>(file.identity.size);
  if (buffer_.size() - used_ <= size) hash_small();
  const int descriptor = file.descriptor.number();
  const files::ReadResult result = read_exactly(descriptor, buffer_.subspan(used_, size + 1));
  ContentResult out{.identity = file.identity, .error = result.error};
  out.changed =
      result.error == 0 && (result.count != size ||
                            (shared_.options.look_again && !is_still(file.identity, descriptor)));
  if (out.error != 0 || out.changed) return shared_.client.done(task, std::move(out));
  small_.push_back({task, file.identity});
  messages_.emplace_back(buffer_.data() + used_, size);
  used_ = std::min(buffer_.size(), used_ + round_up(size));
  const bool fills_lanes = small_.size() >= shared_.hasher.lanes();
  if ((used_ >= kCacheful && fills_lanes) || small_.size() == kMaxSmall) hash_small();
}

void ContentWorker::hash_small() {
  if (small_.empty()) return;
  digests_.resize(small_.size());
  shared_.hasher.hash_many(engine::MessageView::scattered(messages_), std::nullopt, digests_);
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < small_.size(); ++i) {
    bytes += messages_[i].size();
    ContentResult result{.identity = small_[i].identity};
    result.digest = digests_[i];
    shared_.client.done(small_[i].task, std::move(result));
  }
  count_bytes(bytes);
  small_.clear();
  messages_.clear();
  used_ = 0;
}

void ContentWorker::start_large(const ContentTask& task, StudyFile file) {
  posix_fadvise(file.descriptor.number(), 0, 0, POSIX_FADV_SEQUENTIAL);  // advice: may fail
  auto large = std::make_shared<LargeFile>();
  large->task = task;
  large->descriptor = std::move(file.descriptor);
  large->result.identity = file.identity;
  large->result.chunks.resize((file.identity.size + kChunkBytes - 1) / kChunkBytes);
  large->is_told = file.identity.size >= kBegunFrom && is_settled(file.identity);
  if (task.begun != nullptr) large->go_on_after(*task.begun, shared_.options.whole_digests);
  shared_.large.add(std::move(large));
  shared_.supply.wake();
}

void ContentWorker::read_claim(ChunkClaim& claim) {
  const int error =
      shared_.options.whole_digests ? hash_with_stream(claim) : hash_side_by_side(claim);
  if (error == kGivenUp && shared_.supply.stopped()) return;  // there is no result
  LargeFile& file = *claim.file;
  if (!shared_.large.finish(claim, error)) return;
  if (file.error > 0) file.result.error = file.error;
  file.result.changed =
      file.error == kCutShort || !is_still(file.result.identity, file.descriptor.number());
  if (shared_.options.whole_digests) file.result.digest = shared_.hasher.finish(file.stream);
  shared_.client.done(file.task, std::move(file.result));
  shared_.supply.wake();
}

/// A piece of each chunk, then the next piece of each.
int ContentWorker::hash_side_by_side(const ChunkClaim& claim) {
  LargeFile& file = *claim.file;
  const int descriptor = file.descriptor.number();
  const std::uint64_t begin = claim.first * kChunkBytes;
  posix_fadvise(descriptor, static_cast<off_t>(begin),
                static_cast<off_t>(claim.count * kChunkBytes), POSIX_FADV_WILLNEED);
  streams_.assign(claim.count, leaf_stream());
  for (std::size_t offset = 0; offset < kChunkBytes; offset += kPiece) {
    updates_.clear();
    for (std::size_t i = 0; i < claim.count; ++i) {
      const std::size_t size = file.chunk_size(claim.first + i);
      if (offset >= size) continue;
      const std::span piece = buffer_.subspan(i * kPiece, std::min(kPiece, size - offset));
      const files::ReadResult result = read_at(descriptor, begin + i * kChunkBytes + offset, piece);
      if (result.error != 0) return result.error;
      if (result.count != piece.size()) return kCutShort;
      updates_.push_back({&streams_[i], piece});
      count_bytes(piece.size());
    }
    shared_.hasher.update(updates_);
  }
  for (std::size_t i = 0; i < claim.count; ++i)
    file.result.chunks[claim.first + i] = shared_.hasher.finish(streams_[i]);
  return 0;
}

/// Whoever has the turn feeds the stream with each piece as it is read, and passes it on before he
/// hashes the chunks. The others read and hash theirs meanwhile, and wait for the turn with them.
int ContentWorker::hash_with_stream(ChunkClaim& claim) {
  LargeFile& file = *claim.file;
  const bool has_turn = shared_.large.has_turn(claim);
  if (const int error = read_all(claim, has_turn ? &file.stream : nullptr); error != 0)
    return error;
  if (!has_turn) {
    hash_chunks(claim);
    if (!shared_.large.wait_for_turn(claim, [this] { return shared_.supply.stopped(); }))
      return kGivenUp;
    const engine::LaneHasher::Update update{&file.stream,
                                            buffer_.first(file.size_of(claim.first, claim.count))};
    shared_.hasher.update({&update, 1});
  }
  shared_.large.pass_turn(claim);
  if (has_turn) hash_chunks(claim);
  return 0;
}

/// Reads the chunks to the front of the buffer, and into the stream if there is one.
int ContentWorker::read_all(const ChunkClaim& claim, engine::HashStream* stream) {
  const LargeFile& file = *claim.file;
  const std::span bytes = buffer_.first(file.size_of(claim.first, claim.count));
  for (std::size_t offset = 0; offset < bytes.size(); offset += kPiece) {
    const std::span piece = bytes.subspan(offset, std::min(kPiece, bytes.size() - offset));
    const files::ReadResult result =
        read_at(file.descriptor.number(), claim.first * kChunkBytes + offset, piece);
    if (result.error != 0) return result.error;
    if (result.count != piece.size()) return kCutShort;
    count_bytes(piece.size());
    if (stream == nullptr) continue;
    const engine::LaneHasher::Update update{stream, piece};
    shared_.hasher.update({&update, 1});
  }
  return 0;
}

/// Those that lie at the front of the buffer.
void ContentWorker::hash_chunks(const ChunkClaim& claim) {
  LargeFile& file = *claim.file;
  messages_.clear();
  for (std::size_t i = 0; i < claim.count; ++i)
    messages_.push_back(buffer_.subspan(i * kChunkBytes, file.chunk_size(claim.first + i)));
  shared_.hasher.hash_many(engine::MessageView::scattered(messages_), kLeafPrefix,
                           std::span(file.result.chunks).subspan(claim.first, claim.count));
  messages_.clear();
}

}  // namespace salus::trial

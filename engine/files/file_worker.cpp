#include "engine/files/file_worker.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <utility>

namespace salus::files {
namespace {

// Pieces of 16 large files, or a batch of small ones, stay in a core's level-2 cache of 1 MiB and
// more; a piece is long enough to make the system call beside it cheap.
constexpr std::size_t kPiece = std::size_t{64} << 10;
constexpr std::size_t kArena = std::size_t{512} << 10;
constexpr std::size_t kDeviceArena = 8 * kDeviceFileLimit;
constexpr std::size_t kMaxSmall = 1024;  ///< Files in a batch: empty ones fill no arena.
constexpr std::size_t kAlign = 64;       ///< A cache line.

// When no more tasks wait than this share of the lanes, they are left to the worker that gathers.
constexpr std::size_t kGatherShare = 4;

constexpr int kPollMilliseconds = 50;

constexpr std::size_t round_up(std::size_t size) { return (size + kAlign - 1) / kAlign * kAlign; }

/// Reads until the piece is full, the file ends, or there is nothing to read now.
void fill_piece(LargeFile& file) {
  while (file.filled < file.buffer.size()) {
    const int descriptor = file.descriptor.number();
    if (file.poll_first && !can_read(descriptor)) return;
    const ReadResult result = read_some(descriptor, std::span(file.buffer).subspan(file.filled));
    if (result.error == EAGAIN) return;
    if (result.error != 0 || result.count == 0) {
      file.error = result.error;
      file.ended = true;
      return;
    }
    file.filled += result.count;
  }
}

}  // namespace

FileWorker::FileWorker(WorkerContext& context, bool gathers_large)
    : context_(context),
      gathers_large_(gathers_large),
      small_limit_(context.hash_batch ? kDeviceFileLimit : kPiece),
      arena_(context.hash_batch ? kDeviceArena : kArena) {}

void FileWorker::run() noexcept {
  try {
    work();
  } catch (...) {
    context_.queue.fail(std::current_exception());
  }
}

void FileWorker::work() {
  while (!context_.queue.stopped()) {
    const bool took = take_tasks();
    if (!took) {
      hash_small();
      share_large();
    }
    if (large_.empty()) {
      if (!took && !wait_for_work()) return;
    } else if (!advance_large() && !took) {
      wait_for_input();
    }
  }
}

/// False when there is none and will be none.
bool FileWorker::wait_for_work() {
  context_.queue.wake_caller();
  TaskQueue::Work work = context_.queue.wait_for_work();
  tasks_ = work.tasks;
  large_ = std::move(work.files);
  return !tasks_.empty() || !large_.empty();
}

/// Starts some tasks; false when there are none now, or too many large files already.
bool FileWorker::take_tasks() {
  if (large_.size() >= context_.max_large) return false;
  if (tasks_.empty()) {
    const bool one_is_enough = !large_.empty() && !gathers_large_;
    tasks_ = context_.queue.take(one_is_enough ? context_.hasher.lanes() / kGatherShare : 0);
  }
  if (tasks_.empty()) return false;
  while (!tasks_.empty() && large_.size() < context_.max_large) {
    Task& task = tasks_.front();
    tasks_ = tasks_.subspan(1);
    start(task);
  }
  return true;
}

void FileWorker::start(Task& task) {
  if (task.source != Task::Source::path) return start_stdin(task);
  OpenResult opened = opener_.open(task.path);
  if (opened.error != 0) return complete(task, {.error = opened.error});
  read_whole(task, std::move(opened.descriptor));
}

void FileWorker::start_stdin(Task& task) {
  if (task.source == Task::Source::stdin_again) {
    engine::HashStream empty;
    return complete(task, {.digest = context_.hasher.finish(empty)});
  }
  Descriptor descriptor(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
  if (!descriptor.is_open()) return complete(task, {.error = errno});
  make_large(task, std::move(descriptor), {}, true);
}

/// Reads a file into the arena. One that is too long for it, or that must be waited for, is
/// continued as a large one.
void FileWorker::read_whole(Task& task, Descriptor descriptor) {
  const std::span space = std::span(arena_).subspan(arena_used_, small_limit_);
  std::size_t size = 0;
  while (size < space.size()) {
    const ReadResult result = read_some(descriptor.number(), space.subspan(size));
    if (result.error == EAGAIN) break;
    if (result.error != 0) return complete(task, {.bytes = size, .error = result.error});
    if (result.count == 0) {
      if (size == 0 && is_fifo(descriptor.number())) break;
      return add_small(task, size);
    }
    size += result.count;
  }
  make_large(task, std::move(descriptor), space.first(size), size < space.size());
}

void FileWorker::add_small(Task& task, std::size_t size) {
  small_.push_back(&task);
  messages_.emplace_back(arena_.data() + arena_used_, size);
  arena_used_ += round_up(size);
  if (arena_.size() - arena_used_ < small_limit_ || small_.size() == kMaxSmall) hash_small();
}

void FileWorker::hash_small() {
  if (small_.empty()) return;
  digests_.resize(small_.size());
  const auto messages = engine::MessageView::scattered(messages_);
  if (context_.hash_batch)
    context_.hash_batch(messages, digests_);
  else
    context_.hasher.hash_many(messages, std::nullopt, digests_);
  context_.bytes.fetch_add(arena_used_, std::memory_order_relaxed);
  for (std::size_t i = 0; i < small_.size(); ++i)
    complete(*small_[i], {.digest = digests_[i], .bytes = messages_[i].size()});
  small_.clear();
  messages_.clear();
  arena_used_ = 0;
}

void FileWorker::make_large(Task& task, Descriptor descriptor, std::span<const std::uint8_t> begun,
                            bool poll_first) {
  posix_fadvise(descriptor.number(), 0, 0, POSIX_FADV_SEQUENTIAL);  // advice: may fail
  LargeFile& file = large_.emplace_back();
  file.task = &task;
  file.descriptor = std::move(descriptor);
  file.buffer.resize(std::max(kPiece, begun.size()));
  std::copy(begun.begin(), begun.end(), file.buffer.begin());
  file.filled = begun.size();
  file.poll_first = poll_first;
}

/// Leaves one of several large files to a worker that has nothing to do.
void FileWorker::share_large() {
  if (large_.size() < 2 || !context_.queue.is_somebody_hungry()) return;
  context_.queue.share(std::move(large_.back()));
  large_.pop_back();
}

/// Reads a piece of every large file and hashes all pieces side by side. False when none had any.
bool FileWorker::advance_large() {
  bool moved = false;
  updates_.clear();
  for (LargeFile& file : large_) {
    fill_piece(file);
    moved = moved || file.ended || file.filled != 0;
    if (file.filled == 0) continue;
    updates_.push_back({&file.stream, std::span(file.buffer).first(file.filled)});
    file.bytes += file.filled;
    context_.bytes.fetch_add(file.filled, std::memory_order_relaxed);
    file.filled = 0;
  }
  context_.hasher.update(updates_);
  for (LargeFile& file : large_)
    if (file.ended) finish_large(file);
  std::erase_if(large_, [](const LargeFile& file) { return file.ended; });
  return moved;
}

void FileWorker::finish_large(LargeFile& file) {
  FileResult result{.bytes = file.bytes, .error = file.error};
  if (file.error == 0) result.digest = context_.hasher.finish(file.stream);
  complete(*file.task, result);
  context_.queue.wake_caller();
}

/// Every large file is a pipe or terminal without data: sleeps until one has some, or until it is
/// time to look for other work.
void FileWorker::wait_for_input() {
  std::vector<pollfd> requests;
  for (const LargeFile& file : large_) requests.push_back({file.descriptor.number(), POLLIN, 0});
  poll(requests.data(), requests.size(), kPollMilliseconds);
}

void FileWorker::complete(Task& task, const FileResult& result) {
  task.result = result;
  context_.queue.complete(task);
}

}  // namespace salus::files

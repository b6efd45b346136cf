#include "engine/files/file_hasher.h"

#include <sys/resource.h>

#include <algorithm>
#include <deque>
#include <thread>
#include <utility>

#include "engine/cpu/cpu_info.h"
#include "engine/cpu/lane_hasher.h"
#include "engine/error.h"
#include "engine/files/file_worker.h"
#include "engine/files/task_queue.h"

namespace salus::files {
namespace {

/// Blocks on their way: 16,384 files, so that one large file in front keeps no worker idle soon.
constexpr std::size_t kMaxBlocks = 64;

/// How often progress and the wish to stop are looked at.
constexpr std::chrono::milliseconds kTick(100);

/// Descriptors that are left to everything else in the process.
constexpr std::size_t kOtherDescriptors = 64;

/// Large files that each worker may hold open: as many as fill the lanes, unless the limit on
/// descriptors is low. Each worker needs two more, for a folder and the file that it starts.
std::size_t max_large_files(const engine::LaneHasher& hasher, unsigned workers) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1;
  const std::size_t total = limit.rlim_cur;
  const std::size_t ours = total > kOtherDescriptors ? total - kOtherDescriptors : 0;
  const std::size_t each = ours / workers;
  return std::clamp<std::size_t>(each > 2 ? each - 2 : 1, 1, hasher.lanes());
}

}  // namespace

struct FileHasher::Impl {
  Impl(FileHasherOptions options_in, OnResult on_result_in, engine::JobControl control_in,
       OnWait on_wait_in)
      : options(std::move(options_in)),
        on_result(std::move(on_result_in)),
        on_wait(std::move(on_wait_in)),
        control(std::move(control_in)),
        hasher(options.cpu),
        worker_count(options.cpu.threads != 0 ? options.cpu.threads : engine::cpu::usable_cores()),
        queue(worker_count),
        context{queue, hasher, options.hash_batch, max_large_files(hasher, worker_count), 0} {}

  ~Impl() { queue.stop(); }

  Task& new_task();
  void publish();
  void start_workers();
  void deliver_done();
  void deliver(Task& task);
  void wait_for_head();

  const FileHasherOptions options;
  const OnResult on_result;
  const OnWait on_wait;
  const engine::JobControl control;
  const engine::LaneHasher hasher;
  const unsigned worker_count;

  std::deque<std::unique_ptr<TaskBlock>> pending;  ///< Published, in order; not all delivered.
  std::deque<std::unique_ptr<TaskBlock>> used;     ///< To be filled again.
  std::unique_ptr<TaskBlock> filling;
  std::size_t delivered_of_head = 0;
  std::uint64_t delivered = 0;
  bool stdin_named = false;
  int stdin_error = 0;

  TaskQueue queue;
  WorkerContext context;
  std::vector<std::jthread> workers;  ///< Last, so that they end before what they use.
};

Task& FileHasher::Impl::new_task() {
  if (!filling) {
    // A worker may still be on its way out of the block's last task.
    if (!used.empty() && used.front()->open.load(std::memory_order_acquire) == 0) {
      filling = std::move(used.front());
      used.pop_front();
    } else {
      filling = std::make_unique<TaskBlock>();
    }
    filling->count = filling->taken = 0;
  }
  Task& task = filling->tasks[filling->count++];
  task.block = filling.get();
  task.done.store(false, std::memory_order_relaxed);
  return task;
}

void FileHasher::Impl::publish() {
  if (!filling) return;
  filling->open.store(filling->count, std::memory_order_relaxed);
  pending.push_back(std::move(filling));
  queue.publish(*pending.back());
  if (workers.empty()) start_workers();
}

void FileHasher::Impl::start_workers() {
  for (unsigned i = 0; i < worker_count; ++i)
    workers.emplace_back([this, i] { FileWorker(context, i == 0).run(); });
}

/// Delivers results that are there, in order, up to the first that is not.
void FileHasher::Impl::deliver_done() {
  while (!pending.empty()) {
    TaskBlock& block = *pending.front();
    while (delivered_of_head < block.count) {
      Task& task = block.tasks[delivered_of_head];
      if (!task.done.load(std::memory_order_acquire)) return;
      ++delivered_of_head;
      deliver(task);
    }
    used.push_back(std::move(pending.front()));
    pending.pop_front();
    delivered_of_head = 0;
  }
}

void FileHasher::Impl::deliver(Task& task) {
  if (task.source == Task::Source::stdin_first) stdin_error = task.result.error;
  if (task.source == Task::Source::stdin_again) task.result.error = stdin_error;
  on_result(delivered++, task.path, task.result);
}

void FileHasher::Impl::wait_for_head() {
  const Task& head = pending.front()->tasks[delivered_of_head];
  if (!head.done.load(std::memory_order_acquire)) {
    if (on_wait) on_wait();
    queue.wait_until_done(head, kTick);
  }
  queue.rethrow_failure();
  if (control.stop.stop_requested()) throw Cancelled();
  if (control.progress) control.progress(context.bytes.load(std::memory_order_relaxed), 0);
}

FileHasher::FileHasher(FileHasherOptions options, OnResult on_result, engine::JobControl control,
                       OnWait on_wait)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(on_result), std::move(control),
                                   std::move(on_wait))) {}

FileHasher::~FileHasher() = default;

void FileHasher::add(std::string_view path) {
  Task& task = impl_->new_task();
  task.path = path;
  task.source = Task::Source::path;
  if (impl_->options.dash_is_stdin && path == "-")
    task.source = std::exchange(impl_->stdin_named, true) ? Task::Source::stdin_again
                                                          : Task::Source::stdin_first;
  if (task.block->count < TaskBlock::kCapacity) return;
  impl_->publish();
  impl_->deliver_done();
  while (impl_->pending.size() >= kMaxBlocks) {
    impl_->wait_for_head();
    impl_->deliver_done();
  }
}

void FileHasher::wait() {
  impl_->publish();
  impl_->deliver_done();
  while (!impl_->pending.empty()) {
    impl_->wait_for_head();
    impl_->deliver_done();
  }
}

void FileHasher::finish() {
  impl_->publish();
  impl_->queue.close();
  wait();
}

std::vector<FileResult> hash_files(std::span<const std::string> paths, FileHasherOptions options,
                                   const engine::JobControl& control) {
  std::vector<FileResult> results;
  results.reserve(paths.size());
  FileHasher hasher(
      std::move(options),
      [&](std::uint64_t, const std::string&, const FileResult& result) {
        results.push_back(result);
      },
      control);
  for (const std::string& path : paths) hasher.add(path);
  hasher.finish();
  return results;
}

}  // namespace salus::files

#include "engine/cpu/thread_pool.h"

#include <string>
#include <system_error>
#include <utility>

#include "engine/error.h"

namespace salus::engine::cpu {

ThreadPool::ThreadPool(unsigned threads) {
  try {
    for (unsigned i = 1; i < threads; ++i) workers_.emplace_back([this] { work_until_stopped(); });
  } catch (const std::system_error& error) {
    stop();
    throw Error(ErrorKind::system, std::string("cannot start a thread: ") + error.what());
  }
}

ThreadPool::~ThreadPool() { stop(); }

void ThreadPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  job_ready_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::run(std::size_t parts, const std::function<void(std::size_t)>& work) {
  const std::scoped_lock one_job(run_mutex_);
  std::unique_lock lock(mutex_);
  work_ = &work;
  parts_ = parts;
  next_part_ = 0;
  failure_ = nullptr;
  if (parts > 1) job_ready_.notify_all();
  take_parts(lock);
  job_done_.wait(lock, [this] { return in_progress_ == 0; });
  work_ = nullptr;
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void ThreadPool::work_until_stopped() {
  std::unique_lock lock(mutex_);
  for (;;) {
    job_ready_.wait(lock,
                    [this] { return stopping_ || (work_ != nullptr && next_part_ < parts_); });
    if (stopping_) return;
    take_parts(lock);
    if (in_progress_ == 0) job_done_.notify_one();
  }
}

void ThreadPool::take_parts(std::unique_lock<std::mutex>& lock) {
  while (next_part_ < parts_) {
    const std::size_t part = next_part_++;
    ++in_progress_;
    lock.unlock();
    std::exception_ptr failure;
    try {
      (*work_)(part);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    --in_progress_;
    if (failure) {
      next_part_ = parts_;
      if (!failure_) failure_ = failure;
    }
  }
}

}  // namespace salus::engine::cpu

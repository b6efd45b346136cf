#include "engine/cpu/thread_pool.h"

#include <string>
#include <system_error>

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
  Job job{work, parts};
  std::unique_lock lock(mutex_);
  if (parts > 1) {
    open_.push_back(&job);
    job_ready_.notify_all();
  }
  while (job.has_more()) do_part(job, lock);
  std::erase(open_, &job);
  job.done.wait(lock, [&job] { return job.in_progress == 0; });
  if (job.failure) std::rethrow_exception(job.failure);
}

void ThreadPool::work_until_stopped() {
  std::unique_lock lock(mutex_);
  for (;;) {
    job_ready_.wait(lock, [this] { return stopping_ || !open_.empty(); });
    if (stopping_) return;
    Job& job = *open_.front();
    open_.pop_front();
    if (!job.has_more()) continue;
    open_.push_back(&job);  // others first, then it again
    do_part(job, lock);
    if (job.in_progress == 0) job.done.notify_one();
  }
}

void ThreadPool::do_part(Job& job, std::unique_lock<std::mutex>& lock) {
  const std::size_t part = job.next_part++;
  ++job.in_progress;
  lock.unlock();
  std::exception_ptr failure;
  try {
    job.work(part);
  } catch (...) {
    failure = std::current_exception();
  }
  lock.lock();
  --job.in_progress;
  if (!failure) return;
  job.next_part = job.parts;
  if (!job.failure) job.failure = failure;
}

}  // namespace salus::engine::cpu

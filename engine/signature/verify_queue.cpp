#include "engine/signature/verify_queue.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/error.h"

namespace salus::engine::signature {

VerifyQueue::VerifyQueue(Engine& engine, const Policy& policy) : engine_(engine), policy_(policy) {
  for (std::size_t i = 0; i < kInFlight; ++i)
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

VerifyQueue::~VerifyQueue() {
  for (std::jthread& thread : threads_) thread.request_stop();
}

std::size_t VerifyQueue::undecided() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(jobs_, [](const auto& entry) { return !entry.second.is_done; }));
}

VerifyQueue::Ticket VerifyQueue::submit(SignatureBatch batch) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return undecided() < kInFlight; });
  const Ticket ticket = next_ticket_++;
  jobs_[ticket].verified.batch = std::move(batch);
  changed_.notify_all();
  return ticket;
}

bool VerifyQueue::poll(Ticket ticket) const {
  const std::scoped_lock lock(mutex_);
  const auto job = jobs_.find(ticket);
  return job != jobs_.end() && job->second.is_done;
}

VerifyQueue::Verified VerifyQueue::wait(Ticket ticket) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    const auto job = jobs_.find(ticket);
    return job == jobs_.end() || job->second.is_done;
  });
  const auto entry = jobs_.extract(ticket);
  if (entry.empty())
    throw Error(ErrorKind::usage, "no batch has the ticket " + std::to_string(ticket));
  Job& job = entry.mapped();
  if (job.failure) std::rethrow_exception(job.failure);
  return std::move(job.verified);
}

/// The oldest job that no thread has taken. With the mutex held.
VerifyQueue::Job* VerifyQueue::next_job() {
  const auto entry =
      std::ranges::find_if(jobs_, [](const auto& candidate) { return !candidate.second.is_taken; });
  return entry == jobs_.end() ? nullptr : &entry->second;
}

void VerifyQueue::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return next_job() != nullptr; })) {
    Job& job = *next_job();  // stays where it is until it is done
    job.is_taken = true;
    lock.unlock();
    try {
      job.verified.verdicts = engine_.verify_batch(job.verified.batch.items(), policy_, {stop, {}});
    } catch (...) {
      job.failure = std::current_exception();
    }
    lock.lock();
    job.is_done = true;
    changed_.notify_all();
  }
}

}  // namespace salus::engine::signature

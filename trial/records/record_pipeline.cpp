#include "trial/records/record_pipeline.h"

#include "engine/cpu/cpu_info.h"
#include "engine/error.h"
#include "trial/records/fingerprint.h"
#include "trial/records/record_hasher.h"

namespace salus::trial {

/// What each thread has of its own.
struct RecordPipeline::Worker {
  Worker(const FileKey& key, const engine::cpu::BlockHasher& hasher)
      : records(key, hasher), fingerprints(key) {}
  RecordHasher records;
  Fingerprinter fingerprints;
  std::vector<NumberedRecord> numbers;
};

RecordPipeline::RecordPipeline(RecordReader& reader, const FileKey& key,
                               const engine::cpu::BlockHasher& hasher, const Options& options)
    : reader_(reader),
      key_(key),
      hasher_(hasher),
      cells_(options.cells),
      own_(std::make_unique<Worker>(key, hasher)) {
  const unsigned threads = options.threads != 0 ? options.threads : engine::cpu::usable_cores();
  // One batch for each thread, one that waits for it, and one that is being read or taken.
  for (unsigned i = 0; i < 2 * threads + 1; ++i) {
    slots_.push_back(std::make_unique<Slot>());
    free_.push_back(slots_.back().get());
  }
  for (unsigned i = 1; i < threads; ++i) threads_.emplace_back([this] { work_until_stopped(); });
}

RecordPipeline::~RecordPipeline() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  job_ready_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

RecordPipeline::Slot* RecordPipeline::next_job(std::unique_lock<std::mutex>& lock, bool wait) {
  if (wait) job_ready_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
  if (stopping_ || jobs_.empty()) return nullptr;
  Slot* const slot = jobs_.front();
  jobs_.pop_front();
  return slot;
}

void RecordPipeline::finish(Slot& slot, Worker& worker) {
  try {
    HashedBatch& hashed = slot.hashed;
    hashed.leaves.resize(hashed.batch.size());
    hashed.cells.resize(cells_ ? hashed.batch.cells.size() : 0);
    worker.fingerprints.of(hashed.batch, hashed.contents, hashed.keys);
    worker.numbers.clear();
    for (std::uint32_t i = 0; i < hashed.batch.size(); ++i)
      worker.numbers.push_back({i, hashed.index + i});
    worker.records.leaves(hashed.batch, worker.numbers, hashed.leaves, hashed.cells);
  } catch (...) {
    slot.failure = std::current_exception();
  }
  {
    const std::lock_guard lock(mutex_);
    slot.done = true;
  }
  job_done_.notify_one();
}

void RecordPipeline::work_until_stopped() {
  Worker worker(key_, hasher_);
  std::unique_lock lock(mutex_);
  while (Slot* const slot = next_job(lock, true)) {
    lock.unlock();
    finish(*slot, worker);
    lock.lock();
  }
}

/// Hashes one batch on this thread, where one waits.
bool RecordPipeline::help() {
  std::unique_lock lock(mutex_);
  Slot* const slot = next_job(lock, false);
  lock.unlock();
  if (slot == nullptr) return false;
  finish(*slot, *own_);
  return true;
}

/// False at the end of the file, or where it is malformed.
bool RecordPipeline::read_one() {
  Slot* const slot = free_.back();
  try {
    if (!reader_.next(slot->hashed.batch)) return false;
  } catch (...) {
    reader_failure_ = std::current_exception();
    return false;
  }
  free_.pop_back();
  slot->done = false;
  slot->hashed.index = slot->hashed.batch.first + static_cast<std::uint64_t>(shift_);
  in_order_.push_back(slot);
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(slot);
  }
  job_ready_.notify_one();
  return true;
}

void RecordPipeline::take_front(const std::function<void(HashedBatch&)>& take) {
  Slot* const slot = in_order_.front();
  if (slot->failure) std::rethrow_exception(slot->failure);
  take(slot->hashed);
  in_order_.pop_front();
  free_.push_back(slot);
}

void RecordPipeline::run(const std::function<void(HashedBatch&)>& take,
                         const engine::JobControl& control) {
  const auto front_is_done = [this] {
    const std::lock_guard lock(mutex_);
    return !in_order_.empty() && in_order_.front()->done;
  };
  const auto enough_jobs = [this] {
    const std::lock_guard lock(mutex_);
    return jobs_.size() > threads_.size();
  };
  bool more = true;
  while (more || !in_order_.empty()) {
    if (control.stop.stop_requested()) throw Cancelled();
    if (front_is_done()) {
      const HashedBatch& hashed = in_order_.front()->hashed;
      const std::uint64_t records = hashed.batch.first + hashed.batch.size();
      take_front(take);
      if (control.progress) control.progress(records, 0);
    } else if (more && !free_.empty() && !enough_jobs()) {
      more = read_one();
    } else if (!help()) {
      std::unique_lock lock(mutex_);
      job_done_.wait(lock, [this] { return in_order_.front()->done; });
    }
  }
  if (reader_failure_) std::rethrow_exception(reader_failure_);
}

}  // namespace salus::trial

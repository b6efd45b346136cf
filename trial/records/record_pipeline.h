// A file's records, read on one thread and hashed on all, in order.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/cpu/block_hasher.h"
#include "engine/engine.h"
#include "trial/records/commitment.h"
#include "trial/records/record_batch.h"
#include "trial/records/record_reader.h"

namespace salus::trial {

/// Records with all that is computed from them.
struct HashedBatch {
  RecordBatch batch;
  std::uint64_t index = 0;              ///< The number under which the first was hashed.
  std::vector<Digest> leaves;           ///< Of each record, as if sealed under its number.
  std::vector<std::uint64_t> contents;  ///< Fingerprints.
  std::vector<std::uint64_t> keys;
  std::vector<std::uint64_t> cells;  ///< Where asked for: short digest of each cell.
};

/// Used once, by one thread: it reads, takes what is done in the order of the file, and hashes with
/// the others in between.
class RecordPipeline {
 public:
  struct Options {
    unsigned threads = 0;  ///< With the caller's; 0 for every core that may be used.
    bool cells = false;    ///< Compute short digests of cells.
  };

  /// All three outlive the pipeline.
  RecordPipeline(RecordReader& reader, const FileKey& key, const engine::cpu::BlockHasher& hasher,
                 const Options& options);
  ~RecordPipeline();
  RecordPipeline(const RecordPipeline&) = delete;
  RecordPipeline& operator=(const RecordPipeline&) = delete;

  /// Calls `take` with each batch, in order, on this thread. What the reader throws is thrown when
  /// everything before has been taken. Progress is in records. Throws `Cancelled`.
  void run(const std::function<void(HashedBatch&)>& take, const engine::JobControl& control);

  /// From now on records are hashed under their number in the file plus this.
  void set_shift(std::int64_t shift) { shift_ = shift; }

 private:
  struct Slot {
    HashedBatch hashed;
    bool done = false;
    std::exception_ptr failure = nullptr;
  };
  struct Worker;

  bool read_one();
  bool help();
  void take_front(const std::function<void(HashedBatch&)>& take);
  void work_until_stopped();
  void finish(Slot& slot, Worker& worker);
  Slot* next_job(std::unique_lock<std::mutex>& lock, bool wait);

  RecordReader& reader_;
  const FileKey& key_;
  const engine::cpu::BlockHasher& hasher_;
  bool cells_;
  std::int64_t shift_ = 0;
  std::exception_ptr reader_failure_;

  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<Slot*> free_;
  std::deque<Slot*> in_order_;  // read, and not taken yet
  std::unique_ptr<Worker> own_;

  std::mutex mutex_;
  std::condition_variable job_ready_;
  std::condition_variable job_done_;
  std::deque<Slot*> jobs_;  // to be hashed
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace salus::trial

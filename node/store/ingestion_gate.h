// Keeps two things apart that RocksDB 7.8 does not: taking a file into a column, and installing
// what a compaction of that column has made. A compaction whose result another thread's write to
// the manifest takes along is in the column's current version before it is in the one that readers
// have. A file that comes then is compared with the lists of one by the levels of the other, beyond
// their end; Debian's build, which has assertions on, ends the process.
// (ExternalSstFileIngestionJob::AssignLevelAndSeqnoForIngestedFile.)
#pragma once

#include <rocksdb/listener.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace salus::node {

/// Thread safe.
class IngestionGate : public rocksdb::EventListener {
 public:
  /// `column`: the one that files are taken into.
  explicit IngestionGate(std::string column) : column_(std::move(column)) {}

  /// While there is one, no compaction of the column installs anything. Waits until one that does
  /// has ended: it has written all by then.
  class Ingestion {
   public:
    explicit Ingestion(IngestionGate& gate);
    ~Ingestion();
    Ingestion(const Ingestion&) = delete;
    Ingestion& operator=(const Ingestion&) = delete;

   private:
    IngestionGate& gate_;
  };

  // From RocksDB's threads: all is written, and all is installed.
  void OnSubcompactionCompleted(const rocksdb::SubcompactionJobInfo& job) override;
  void OnCompactionCompleted(rocksdb::DB* database, const rocksdb::CompactionJobInfo& job) override;

 private:
  const std::string column_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<int> installing_;  ///< Compactions, by RocksDB's numbers.
  int ingestions_ = 0;
};

}  // namespace salus::node

#include "node/store/ingestion_gate.h"

namespace salus::node {

IngestionGate::Ingestion::Ingestion(IngestionGate& gate) : gate_(gate) {
  std::unique_lock lock(gate_.mutex_);
  gate_.changed_.wait(lock, [this] { return gate_.installing_.empty(); });
  ++gate_.ingestions_;
}

IngestionGate::Ingestion::~Ingestion() {
  const std::lock_guard lock(gate_.mutex_);
  --gate_.ingestions_;
  gate_.changed_.notify_all();
}

void IngestionGate::OnSubcompactionCompleted(const rocksdb::SubcompactionJobInfo& job) {
  if (job.cf_name != column_) return;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ingestions_ == 0; });
  installing_.insert(job.job_id);
}

void IngestionGate::OnCompactionCompleted(rocksdb::DB*, const rocksdb::CompactionJobInfo& job) {
  if (job.cf_name != column_) return;
  const std::lock_guard lock(mutex_);
  installing_.erase(job.job_id);
  changed_.notify_all();
}

}  // namespace salus::node

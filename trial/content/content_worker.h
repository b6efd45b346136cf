// One thread of a ContentHasher.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "trial/content/content_hasher.h"
#include "trial/content/large_file.h"
#include "trial/content/supply.h"

namespace salus::trial {

/// What all workers share; outlives them.
struct ContentShared {
  const StudyFolder& study;
  ContentClient& client;
  const engine::LaneHasher& hasher;
  const ContentOptions options;
  const std::size_t buffer_bytes;  ///< Of each worker.
  Supply supply;
  LargeFilePool large;
  std::atomic<std::uint64_t> bytes = 0;
};

/// Chunks that are worth hashing at once.
std::size_t side_by_side(const engine::LaneHasher& hasher);

/// Used by the thread that it belongs to, and by no other.
class ContentWorker {
 public:
  explicit ContentWorker(ContentShared& shared);

  /// Works until there is nothing more, or it is told to stop.
  void run();

 private:
  bool take_task();
  void start(const ContentTask& task);
  void read_small(const ContentTask& task, StudyFile file);
  void hash_small();
  void start_large(const ContentTask& task, StudyFile file);
  void read_claim(ChunkClaim& claim);
  int hash_side_by_side(const ChunkClaim& claim);
  int hash_with_stream(ChunkClaim& claim);
  int read_all(const ChunkClaim& claim, engine::HashStream* stream);
  void hash_chunks(const ChunkClaim& claim);
  void count_bytes(std::uint64_t count) {
    shared_.bytes.fetch_add(count, std::memory_order_relaxed);
  }

  struct Small {
    ContentTask task;
    FileIdentity identity;
  };

  ContentShared& shared_;
  StudyOpener opener_;
  std::vector<ContentTask> tasks_;  ///< Taken; those before `next_task_` are started.
  std::size_t next_task_ = 0;

  const std::size_t claim_limit_;  ///< Chunks that are taken at once.
  /// Small files one behind the other, or chunks. Not set to anything: small files need little of
  /// it, and what nobody touches the system need not find.
  const std::unique_ptr<std::uint8_t[]> memory_;
  const std::span<std::uint8_t> buffer_;
  std::size_t used_ = 0;
  std::vector<Small> small_;
  std::vector<Bytes> messages_;  ///< Of `small_`, in the buffer.
  std::vector<Digest> digests_;

  std::vector<engine::HashStream> streams_;
  std::vector<engine::LaneHasher::Update> updates_;
};

}  // namespace salus::trial

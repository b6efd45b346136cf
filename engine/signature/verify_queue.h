// Batches on their way through an engine, for a pipeline that goes on collecting meanwhile.
//
//   VerifyQueue queue(engine);
//   const VerifyQueue::Ticket ticket = queue.submit(std::move(batch));
//   ...                                              // fill the next one
//   VerifyQueue::Verified done = queue.wait(ticket);
//   batch = std::move(done.batch);                   // its memory serves again
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "engine/engine.h"
#include "engine/signature/signature_batch.h"

namespace salus::engine::signature {

/// Verifies a few batches at a time, each on a thread of its own: while one is decided, the next is
/// hashed or copied. Thread safe. The engine outlives the queue.
class VerifyQueue {
 public:
  /// One is being copied, one decided and one collected.
  static constexpr std::size_t kInFlight = 3;

  explicit VerifyQueue(Engine& engine, const Policy& policy = {});
  /// Stops what is in flight; results that nobody waited for are gone.
  ~VerifyQueue();
  VerifyQueue(const VerifyQueue&) = delete;
  VerifyQueue& operator=(const VerifyQueue&) = delete;

  using Ticket = std::uint64_t;

  struct Verified {
    SignatureBatch batch;
    Verdicts verdicts{0};
  };

  /// Takes a batch, after waiting while kInFlight others are undecided. Every ticket must be waited
  /// for, from any thread: until then its batch and verdicts are kept.
  Ticket submit(SignatureBatch batch);

  /// Whether the batch is decided, or failed. False for a ticket that there is not.
  [[nodiscard]] bool poll(Ticket ticket) const;

  /// Waits until the batch is decided, and hands it out; the ticket ends. Throws what
  /// `Engine::verify_batch` threw, and `Error` (usage) for a ticket that there is not.
  Verified wait(Ticket ticket);

 private:
  struct Job {
    Verified verified;
    bool is_taken = false;  // by a thread
    bool is_done = false;
    std::exception_ptr failure;
  };

  void work(const std::stop_token& stop);
  [[nodiscard]] std::size_t undecided() const;
  [[nodiscard]] Job* next_job();

  Engine& engine_;
  const Policy policy_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Ticket next_ticket_ = 1;
  std::map<Ticket, Job> jobs_;  // those that nobody has waited for yet
  std::vector<std::jthread> threads_;
};

}  // namespace salus::engine::signature

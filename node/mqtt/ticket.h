// A batch on its way through the sink. Internal: includes Boost.
#pragma once

#include <boost/asio/post.hpp>
#include <memory>
#include <span>
#include <utility>

#include "node/mqtt/batch.h"
#include "node/mqtt/memory_budget.h"
#include "node/mqtt/worker.h"

namespace salus::node::mqtt {

/// Who gets the answers, on the worker's thread.
class BatchOwner {
 public:
  virtual ~BatchOwner() = default;
  virtual void take_answer(const std::shared_ptr<Batch>& batch) = 0;
  virtual void try_again() = 0;
};

/// Held by the sink, so that the memory of a submission is counted for as long as the sink has it,
/// also when its connection is gone. Keeps the worker, whose queue it posts to, but not the
/// connection.
class Ticket {
 public:
  Ticket(std::shared_ptr<Worker> worker, std::weak_ptr<BatchOwner> owner,
         std::shared_ptr<Batch> batch)
      : worker_(std::move(worker)),
        owner_(std::move(owner)),
        batch_(std::move(batch)),
        memory_(worker_->shared->memory) {
    memory_.set(batch_->bytes);
  }

  /// From any thread.
  void answer(std::span<const Outcome> outcomes) {
    batch_->outcomes.assign(outcomes.begin(), outcomes.end());
    boost::asio::post(worker_->io, [owner = owner_, batch = batch_] {
      if (const auto held = owner.lock()) held->take_answer(batch);
    });
  }

 private:
  std::shared_ptr<Worker> worker_;
  std::weak_ptr<BatchOwner> owner_;
  std::shared_ptr<Batch> batch_;
  MemoryHold memory_;
};

}  // namespace salus::node::mqtt

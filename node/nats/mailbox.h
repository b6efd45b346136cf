// What the fetchers and the sink have to say to the thread of a session.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "node/nats/batch.h"
#include "node/nats/counting.h"

namespace salus::node::nats {

/// Thread safe. Lives as long as anybody has something for it.
class Mailbox {
 public:
  explicit Mailbox(std::shared_ptr<Counting> counting) : counting_(std::move(counting)) {}

  /// Batches that are in the sink.
  void open(const Batch& batch);
  void answer(std::shared_ptr<Batch> batch);
  /// It will never be answered.
  void drop(const Batch& batch);

  /// The session cannot go on; the first reason counts.
  void fail(const std::string& why);

  /// What was answered since the last time; waits for it until there is a failure, it is to stop,
  /// or the time is over.
  std::vector<std::shared_ptr<Batch>> wait(std::stop_token stop, std::chrono::milliseconds time);
  /// Whether batches are in the sink, or their answers wait here.
  [[nodiscard]] bool has_open() const;
  /// Throws `Error` (system) where there is one.
  void throw_failure() const;

 private:
  void close(const Batch& batch);

  const std::shared_ptr<Counting> counting_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::shared_ptr<Batch>> answered_;
  std::size_t open_ = 0;
  std::string failure_;
};

/// Submits the batch, unless the sink has no room: then it is as it was, and false.
bool submit(StatementSink& sink, const std::shared_ptr<Mailbox>& mailbox,
            const std::shared_ptr<Batch>& batch);

}  // namespace salus::node::nats

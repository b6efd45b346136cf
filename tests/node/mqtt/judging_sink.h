// A sink in memory: it judges statements by their first letters, and does what a test wants.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "node/ingest/statement_sink.h"

namespace salus::test {

/// What becomes of a statement: "bad..." has a bad signature, "form..." is malformed and has no id,
/// "dup..." is a duplicate, "over..." is overloaded; everything else is accepted. The id is the
/// SHA-256 of the text.
node::Outcome judge(Bytes message);

struct JudgingSinkOptions {
  /// Negative: nothing is answered but by `answer`.
  std::chrono::microseconds delay{0};
  std::size_t max_waiting = 1'000'000;  ///< Statements; with more it is full.
  bool keeps_messages = true;           ///< For `messages`.
  bool has_ids = true;                  ///< False spares the hashing.
};

class JudgingSink final : public node::StatementSink {
 public:
  explicit JudgingSink(JudgingSinkOptions options = {});
  ~JudgingSink() override;

  bool submit(node::Submission& submission) override;
  void call_when_room(std::function<void()> resume) override;

  /// Answers the `index`-th of the submissions that wait, from this thread.
  void answer(std::size_t index = 0);
  /// Drops all that wait without an answer, as a sink that is stopped does.
  void drop_all();
  void set_full(bool is_full);

  [[nodiscard]] std::size_t waiting_submissions() const;
  /// Statements that were submitted.
  [[nodiscard]] std::size_t taken() const;
  [[nodiscard]] std::size_t most_waiting() const;
  [[nodiscard]] std::vector<std::string> messages() const;
  /// Waits until that many statements were submitted; false after ten seconds.
  bool wait_for(std::size_t statements) const;

 private:
  struct Waiting {
    node::Submission submission;
    std::chrono::steady_clock::time_point due;
  };

  void run();
  void finish(node::Submission submission);
  [[nodiscard]] bool is_full() const { return is_full_ || waiting_count_ >= options_.max_waiting; }

  const JudgingSinkOptions options_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::deque<Waiting> waiting_;
  std::size_t waiting_count_ = 0;
  std::size_t most_waiting_ = 0;
  std::size_t taken_ = 0;
  bool is_full_ = false;
  bool is_stopping_ = false;
  std::vector<std::function<void()>> resume_;
  std::vector<std::string> messages_;
  std::thread thread_;
};

}  // namespace salus::test

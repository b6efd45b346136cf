// Where every way in (HTTP, MQTT, NATS, in-process) hands its statements to.
//
// An acknowledgement may be given once `done` was called, never before: then every statement of the
// submission is either refused or in the node's own log, synced.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "engine/bytes.h"
#include "node/statement/refusal.h"

namespace salus::node {

/// What became of one statement.
struct Outcome {
  Digest id{};                     ///< Zeros where it could not be read.
  std::optional<Refusal> refusal;  ///< Nothing: accepted and durable.

  /// Whether the node has the statement, now or from before: what a sender that repeats itself
  /// asks.
  [[nodiscard]] bool is_held() const { return !refusal || *refusal == Refusal::duplicate; }
};

/// Statements that are answered together, in one piece of memory.
struct Submission {
  std::vector<std::uint8_t> bytes;  ///< The messages, one behind the other.
  std::vector<std::uint32_t> ends;  ///< Where each of them ends in `bytes`; ascending.
  /// Called once, from a thread of the sink, with an outcome for each message in order. Must not
  /// block or throw. May be called before `submit` returns. Dropped uncalled only when the sink is
  /// stopped before the statements are durable: the sender then gets no answer.
  std::function<void(std::span<const Outcome>)> done;

  [[nodiscard]] std::size_t size() const { return ends.size(); }
  [[nodiscard]] Bytes message(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return Bytes(bytes).subspan(begin, ends[i] - begin);
  }
};

/// Thread safe.
class StatementSink {
 public:
  StatementSink() = default;
  virtual ~StatementSink() = default;
  StatementSink(const StatementSink&) = delete;
  StatementSink& operator=(const StatementSink&) = delete;

  /// Takes the submission, and leaves it empty; or returns false and leaves it as it is, because
  /// queues are full or the sink is stopping. Never waits.
  virtual bool submit(Submission& submission) = 0;

  /// Calls `resume` once, from a thread of the sink, as soon as `submit` may succeed again; at once
  /// where it may now. It must not block.
  virtual void call_when_room(std::function<void()> resume) = 0;
};

}  // namespace salus::node

// What was sent, and what became of it.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "cli/simulate/acknowledged_file.h"
#include "cli/simulate/batch.h"
#include "node/ingest/latency_histogram.h"
#include "node/ingest/mempool.h"
#include "node/statement/refusal.h"

namespace salus::cli::simulate {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Counts at one moment.
struct Counts {
  std::uint64_t sent = 0;    ///< Statements, each once.
  std::uint64_t resent = 0;  ///< Sent once more, since no answer came or there was no room.
  std::array<std::uint64_t, kKinds> accepted{};
  std::array<std::array<std::uint64_t, node::kRefusals>, kKinds> refused{};
  double p50_seconds = 0;  ///< From when it was first sent to its answer, since the start.
  double p99_seconds = 0;
  double max_seconds = 0;

  [[nodiscard]] std::uint64_t refused_for(node::Refusal reason) const;
  /// Accepted, or known already: what the node has, durably.
  [[nodiscard]] std::uint64_t acknowledged() const;
  [[nodiscard]] std::uint64_t answered() const;
  [[nodiscard]] std::uint64_t unanswered() const { return sent - answered(); }
  /// Answers that a statement of its kind should not get.
  [[nodiscard]] std::uint64_t unexpected() const;
};

/// Whether it is right that a statement of this kind is refused for this reason. A `duplicate` is
/// always an answer to expect: what is sent again, after an answer was lost or with a file that was
/// played before, gets it.
bool is_expected(Kind kind, node::Refusal refusal);

/// Thread safe.
class Tally {
 public:
  /// With a file for the ids of what is acknowledged, unless the path is empty.
  explicit Tally(const std::string& acknowledged_file = {});

  void sent(std::size_t statements) { sent_ += statements; }
  void resent(std::size_t statements) { resent_ += statements; }

  /// An answer, `overloaded` not being one. `id_of` is asked for the statement's id where that is
  /// to be written down.
  void answered(Kind kind, std::optional<node::Refusal> refusal, SteadyTime::duration latency,
                const std::function<Digest()>& id_of);
  /// To be called behind each group of answers: hands the ids to the operating system.
  void flush();

  [[nodiscard]] Counts counts() const;
  /// When the last answer came, or this was made.
  [[nodiscard]] SteadyTime last_answer() const { return last_answer_; }

 private:
  using Counter = std::atomic<std::uint64_t>;

  std::optional<AcknowledgedFile> acknowledged_;
  Counter sent_ = 0;
  Counter resent_ = 0;
  std::array<Counter, kKinds> accepted_{};
  std::array<std::array<Counter, node::kRefusals>, kKinds> refused_{};
  node::LatencyHistogram latency_;
  Counter longest_us_ = 0;
  std::atomic<SteadyTime> last_answer_ = std::chrono::steady_clock::now();
};

/// The id of a message, computed: zeros where it is no statement.
Digest id_of_message(Bytes message);

}  // namespace salus::cli::simulate

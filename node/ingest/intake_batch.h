// Statements that go through the intake together.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/engine.h"
#include "node/ingest/mempool.h"
#include "node/ingest/statement_group.h"
#include "node/ingest/statement_sink.h"
#include "node/state/key_record.h"
#include "node/statement/statement.h"

namespace salus::node {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Filled stage by stage; used by one thread at a time. Memory is kept when it is cleared.
class IntakeBatch {
 public:
  /// Submissions whose statements are among this batch's, each a range of them.
  struct Part {
    Submission submission;
    std::size_t first = 0;
    SteadyTime arrival;
  };
  /// An answer that holds only if another batch becomes durable.
  struct Echo {
    std::size_t index = 0;
    Mempool::Batch of = 0;
  };

  /// Takes a submission and reads its statements; those that are not well-formed are refused.
  void add(Submission submission, SteadyTime arrival, std::size_t max_statement_bytes);

  /// Has the engine compute the ids of all that could be read, which are in the outcomes then.
  void compute_ids(engine::Engine& engine);

  /// Notes the key that the signature of statement `i` is to be checked with.
  void set_key(std::size_t i, const KeyRecord& key);
  /// Has the engine check the signatures of all that have a key; bad ones are refused. Returns how
  /// many it checked.
  std::size_t verify(engine::Engine& engine);
  /// The same for one alone.
  void verify_one(engine::Engine& engine, std::size_t i, const KeyRecord& key);

  void refuse(std::size_t i, Refusal refusal) { outcomes_[i].refusal = refusal; }
  /// Whether nothing is known against it yet.
  [[nodiscard]] bool is_open(std::size_t i) const { return !outcomes_[i].refusal; }

  [[nodiscard]] std::size_t size() const { return outcomes_.size(); }
  [[nodiscard]] bool empty() const { return parts.empty(); }
  /// Statement `i`; what it holds is meaningless where it could not be read.
  [[nodiscard]] const Statement& statement(std::size_t i) const { return statements_[i]; }
  [[nodiscard]] const Digest& id(std::size_t i) const { return outcomes_[i].id; }
  [[nodiscard]] std::vector<Outcome>& outcomes() { return outcomes_; }
  [[nodiscard]] std::vector<PendingStatement> accepted_statements() const;

  void clear();

  std::vector<Part> parts;
  Mempool::Batch number = 0;
  SteadyTime entered;  ///< Into the present stage.
  std::vector<Echo> echoes;
  std::vector<std::size_t> erasing_nothing;  ///< Erasures of statements that nobody knows.
  // Of the accepted ones, once they were decided:
  std::vector<std::size_t> accepted;
  std::shared_ptr<const StatementGroup> group;  ///< Nothing where there are none.
  Sequence first_record = 0;
  Sequence last_record = 0;  ///< 0: not in the log.

 private:
  using KeyBytes = std::array<std::uint8_t, engine::signature::kP256KeyBytes>;
  struct Keyed {
    std::size_t index = 0;
    KeyBytes key{};
    std::size_t key_size = 0;
  };
  [[nodiscard]] Bytes signed_bytes(std::size_t i) const;

  std::vector<Statement> statements_;
  std::vector<Outcome> outcomes_;
  std::vector<std::uint8_t> arena_;  // Sig_structures, one behind the other
  std::vector<std::size_t> ends_;    // of each in the arena
  std::vector<Keyed> keyed_;
  // Used by one call only.
  std::vector<Bytes> views_;
  std::vector<Digest> digests_;
  std::vector<std::size_t> readable_;
  std::vector<engine::signature::Item> items_;
};

}  // namespace salus::node

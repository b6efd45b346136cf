// The chain's rules for statements as they come in.
//
// They hold on the state after the chain's tip with what waits: keys that waiting statements
// register may sign, those that they end may not. Sequences are looked at otherwise, since brokers
// reorder: any above the signer's last one on the chain is taken that no other statement has.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "engine/engine.h"
#include "node/chain/chain.h"
#include "node/ingest/intake_batch.h"
#include "node/ingest/mempool.h"
#include "node/state/state_overlay.h"

namespace salus::node {

/// Thread safe.
class IntakeRules {
 public:
  /// Whether the statement with this id is on the chain.
  using IsOnChain = std::function<bool(const Digest& id)>;

  /// All outlive the rules. `is_on_chain` may be empty: then what is older than its signer's last
  /// statement on the chain is `sequence_not_risen`, even where it is a duplicate, and whether an
  /// erased statement exists is not looked at.
  IntakeRules(const Chain& chain, engine::Engine& engine, Mempool& mempool, Clock clock,
              IsOnChain is_on_chain);

  /// Finds the keys that the signatures of a batch are to be checked with.
  void find_keys(IntakeBatch& batch);

  /// Decides the statements whose signatures hold, one after the other, and claims their places in
  /// the mempool. Fills in what was accepted.
  void decide(IntakeBatch& batch);

  /// The batch did not become durable: what it did is to be forgotten.
  void forget(Mempool::Batch batch);

  /// Statements that were accepted before and wait again.
  void restore(std::span<const PendingStatement> statements);

 private:
  /// A waiting statement that does more than to raise its signer's sequence.
  struct Effective {
    std::shared_ptr<const StatementGroup> statement;
    Mempool::Batch batch = 0;
  };

  void follow(const ChainTip& tip, const State& state);
  bool apply_effect(const PendingStatement& pending, const RuleContext& context);
  [[nodiscard]] RuleContext context_after(const ChainTip& tip) const;
  void decide_one(IntakeBatch& batch, std::size_t i, const RuleContext& context,
                  Mempool::Claims& claims);
  [[nodiscard]] bool is_known(const Digest& id) const;
  void find_erased(IntakeBatch& batch) const;
  static bool is_behind(const RuleContext& context, const ChainTip& tip);
  void turn_away(IntakeBatch& batch);
  void verify_late(IntakeBatch& batch, std::size_t i, const KeyRecord& key);
  static void tell_waiting(IntakeBatch& batch, const Mempool::Claims& claims);
  void tell_on_chain(IntakeBatch& batch) const;

  const Chain& chain_;
  engine::Engine& engine_;
  Mempool& mempool_;
  const Clock clock_;
  const IsOnChain is_on_chain_;

  std::mutex mutex_;                     // taken after the chain's and before the mempool's
  std::unique_ptr<StateOverlay> after_;  // nothing where it is to be made anew
  Digest tip_{};                         // that it was made on
  bool was_behind_ = false;              // the clock, behind the chain
  std::vector<Effective> effective_;     // in the order in which they were taken in
};

}  // namespace salus::node

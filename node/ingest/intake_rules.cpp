#include "node/ingest/intake_rules.h"

#include <algorithm>
#include <exception>
#include <utility>
#include <variant>

#include "engine/log.h"
#include "node/state/rules.h"
#include "node/state/state_codec.h"
#include "node/statement/erasure.h"

namespace salus::node {
namespace {

/// Whether a statement may be refused for this because it was taken before: what it did, or what
/// came after it, then stands against it.
bool may_be_of_duplicate(std::optional<Refusal> refusal) {
  if (!refusal) return false;
  switch (*refusal) {
    case Refusal::revoked_signer:
    case Refusal::not_permitted:
    case Refusal::sequence_not_risen:
    case Refusal::key_exists:
    case Refusal::unknown_target: return true;
    default: return false;
  }
}

bool is_of_unknown_signer(IntakeBatch& batch, std::size_t i) {
  return batch.outcomes()[i].refusal == Refusal::unknown_signer;
}

}  // namespace

IntakeRules::IntakeRules(const Chain& chain, engine::Engine& engine, Mempool& mempool, Clock clock,
                         IsOnChain is_on_chain)
    : chain_(chain),
      engine_(engine),
      mempool_(mempool),
      clock_(std::move(clock)),
      is_on_chain_(std::move(is_on_chain)) {}

RuleContext IntakeRules::context_after(const ChainTip& tip) const {
  return {clock_(), chain_.genesis().parameters().max_ahead, tip.height + 1, false};
}

/// Makes the overlay for this tip, with what waits still.
void IntakeRules::follow(const ChainTip& tip, const State& state) {
  if (after_ && tip_ == tip.id) return;
  after_ = std::make_unique<StateOverlay>(state);
  tip_ = tip.id;
  const RuleContext context = context_after(tip);
  // What is refused now is on the chain, or will never be.
  std::erase_if(effective_, [&](const Effective& effective) {
    return !apply_effect((*effective.statement)[0], context);
  });
}

/// Carries out what a statement does, except that its signer's sequence stays as it is on the
/// chain. False where the rules refuse it, or it does nothing.
bool IntakeRules::apply_effect(const PendingStatement& pending, const RuleContext& context) {
  const auto signer = find_signer(*after_, pending.statement);
  if (!std::holds_alternative<const KeyRecord*>(signer)) return false;
  const KeyRecord& record = *std::get<const KeyRecord*>(signer);
  const auto decided = apply_rules(*after_, pending.statement, pending.id, record, context);
  const auto* change = std::get_if<StatementChange>(&decided);
  if (change == nullptr || std::holds_alternative<std::monostate>(change->effect)) return false;
  const std::optional<LastStatement> last = record.last;
  after_->apply(*change);
  KeyRecord restored = *after_->find_key(pending.statement.signer);
  restored.last = last;
  StateWrites writes;
  write_key(writes, pending.statement.signer, &restored);
  after_->write(writes);
  return true;
}

void IntakeRules::find_keys(IntakeBatch& batch) {
  chain_.with_state([&](const ChainTip& tip, const State& state) {
    const std::lock_guard lock(mutex_);
    follow(tip, state);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (!batch.is_open(i)) continue;
      const auto signer = find_signer(*after_, batch.statement(i));
      if (const auto* refusal = std::get_if<Refusal>(&signer))
        batch.refuse(i, *refusal);
      else
        batch.set_key(i, *std::get<const KeyRecord*>(signer));
    }
  });
}

/// Whether a statement is on the chain, or durable and waits for it.
bool IntakeRules::is_known(const Digest& id) const {
  // What waits leaves the mempool when its block is on the chain: that may come in between.
  return is_on_chain_(id) || mempool_.find(id) || is_on_chain_(id);
}

/// Notes the erasures that would erase nothing: who mistypes an id is to be told.
void IntakeRules::find_erased(IntakeBatch& batch) const {
  if (!is_on_chain_) return;
  try {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const bool is_read = batch.is_open(i) || is_of_unknown_signer(batch, i);
      if (!is_read || batch.statement(i).type != ContentType::erasure) continue;
      const auto erasure = decode_erasure(batch.statement(i).payload);
      if (erasure && !is_known(erasure->statement)) batch.erasing_nothing.push_back(i);
    }
  } catch (const std::exception& error) {
    logging::error("intake: what is to be erased could not be looked for: {}", error.what());
  }
}

void IntakeRules::decide(IntakeBatch& batch) {
  find_erased(batch);  // before anything is locked: it may wait for the disk
  chain_.with_state([&](const ChainTip& tip, const State& state) {
    const std::lock_guard lock(mutex_);
    follow(tip, state);
    const RuleContext context = context_after(tip);
    if (is_behind(context, tip)) return turn_away(batch);
    was_behind_ = false;
    Mempool::Claims claims(mempool_);
    for (std::size_t i = 0; i < batch.size(); ++i) decide_one(batch, i, context, claims);
    tell_waiting(batch, claims);
  });
  tell_on_chain(batch);
}

/// Whether the clock is further behind the chain than any block may be ahead of it: what it says of
/// a statement's time means nothing.
bool IntakeRules::is_behind(const RuleContext& context, const ChainTip& tip) {
  return context.time + context.max_ahead < tip.header.time;
}

void IntakeRules::turn_away(IntakeBatch& batch) {
  if (!std::exchange(was_behind_, true))
    logging::error(
        "intake: statements are turned away, as this machine's clock is behind the last block's "
        "time: set it");
  for (std::size_t i = 0; i < batch.size(); ++i)
    if (batch.is_open(i)) batch.refuse(i, Refusal::overloaded);
}

void IntakeRules::decide_one(IntakeBatch& batch, std::size_t i, const RuleContext& context,
                             Mempool::Claims& claims) {
  const bool was_unknown = is_of_unknown_signer(batch, i);
  if (!batch.is_open(i) && !was_unknown) return;
  const Statement& statement = batch.statement(i);
  const auto signer = find_signer(*after_, statement);
  if (const auto* refusal = std::get_if<Refusal>(&signer)) return batch.refuse(i, *refusal);
  const KeyRecord& key = *std::get<const KeyRecord*>(signer);
  if (was_unknown) {
    // Its registration came just before it.
    verify_late(batch, i, key);
    if (!batch.is_open(i)) return;
  }
  const auto decided = apply_rules(*after_, statement, batch.id(i), key, context);
  if (const auto* refusal = std::get_if<Refusal>(&decided)) return batch.refuse(i, *refusal);
  if (std::ranges::binary_search(batch.erasing_nothing, i))
    return batch.refuse(i, Refusal::unknown_target);
  const PendingStatement pending{statement, batch.id(i)};
  if (const auto taken = claims.claim(pending, batch.number)) {
    batch.refuse(i, taken->refusal);
    if (taken->refusal == Refusal::duplicate) batch.echoes.push_back({i, taken->batch});
    return;
  }
  batch.accepted.push_back(i);
  if (std::holds_alternative<std::monostate>(std::get<StatementChange>(decided).effect)) return;
  apply_effect(pending, context);
  effective_.push_back(
      {std::make_shared<const StatementGroup>(std::span(&pending, 1)), batch.number});
}

void IntakeRules::verify_late(IntakeBatch& batch, std::size_t i, const KeyRecord& key) {
  try {
    batch.verify_one(engine_, i, key);
  } catch (const std::exception& error) {
    logging::error("intake: a signature could not be checked: {}", error.what());
    batch.refuse(i, Refusal::overloaded);
  }
}

// A broker that delivers again, and a device that had no answer, are to be told that a statement
// was taken.

void IntakeRules::tell_waiting(IntakeBatch& batch, const Mempool::Claims& claims) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (!may_be_of_duplicate(batch.outcomes()[i].refusal)) continue;
    const auto taken_with = claims.waiting({batch.statement(i), batch.id(i)});
    if (!taken_with) continue;
    batch.refuse(i, Refusal::duplicate);
    batch.echoes.push_back({i, *taken_with});
  }
}

void IntakeRules::tell_on_chain(IntakeBatch& batch) const {
  if (!is_on_chain_) return;
  try {
    for (std::size_t i = 0; i < batch.size(); ++i)
      if (may_be_of_duplicate(batch.outcomes()[i].refusal) && is_on_chain_(batch.id(i)))
        batch.refuse(i, Refusal::duplicate);
  } catch (const std::exception& error) {
    logging::error("intake: duplicates could not be looked for: {}", error.what());
  }
}

void IntakeRules::forget(Mempool::Batch batch) {
  const std::lock_guard lock(mutex_);
  if (std::erase_if(effective_, [batch](const Effective& e) { return e.batch == batch; }) != 0)
    after_.reset();
}

void IntakeRules::restore(std::span<const PendingStatement> statements) {
  const std::lock_guard lock(mutex_);
  for (const PendingStatement& pending : statements) {
    switch (pending.statement.type) {
      case ContentType::senml_cbor:
      case ContentType::senml_json:
      case ContentType::fhir_json: continue;
      default:
        effective_.push_back({std::make_shared<const StatementGroup>(std::span(&pending, 1)), 0});
    }
  }
  after_.reset();
}

}  // namespace salus::node

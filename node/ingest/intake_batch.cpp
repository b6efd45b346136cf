#include "node/ingest/intake_batch.h"

#include <utility>
#include <variant>

#include "engine/message_view.h"
#include "node/state/rules.h"

namespace salus::node {

void IntakeBatch::add(Submission submission, SteadyTime arrival, std::size_t max_statement_bytes) {
  const Part& part = parts.emplace_back(Part{std::move(submission), size(), arrival});
  for (std::size_t i = 0; i < part.submission.size(); ++i) {
    auto parsed = parse_statement(part.submission.message(i), max_statement_bytes);
    Outcome& outcome = outcomes_.emplace_back();
    Statement& statement = statements_.emplace_back();
    if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
      outcome.refusal = *refusal;
    } else {
      statement = std::get<Statement>(parsed);
      outcome.refusal = check_payload(statement);
      append_signed_bytes(statement, arena_);
    }
    ends_.push_back(arena_.size());
  }
}

Bytes IntakeBatch::signed_bytes(std::size_t i) const {
  const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
  return Bytes(arena_).subspan(begin, ends_[i] - begin);
}

void IntakeBatch::compute_ids(engine::Engine& engine) {
  views_.clear();
  readable_.clear();
  for (std::size_t i = 0; i < size(); ++i) {
    const Bytes bytes = signed_bytes(i);
    if (bytes.empty()) continue;
    readable_.push_back(i);
    views_.push_back(bytes);
  }
  digests_.resize(views_.size());
  engine.hash_many(engine::MessageView::scattered(views_), digests_);
  for (std::size_t k = 0; k < readable_.size(); ++k) outcomes_[readable_[k]].id = digests_[k];
}

void IntakeBatch::set_key(std::size_t i, const KeyRecord& key) {
  keyed_.push_back({i, key.key_bytes, key.public_key().size()});
}

std::size_t IntakeBatch::verify(engine::Engine& engine) {
  items_.clear();
  items_.reserve(keyed_.size());
  for (const Keyed& keyed : keyed_) {
    const Statement& statement = statements_[keyed.index];
    items_.push_back({statement.algorithm, Bytes(keyed.key).first(keyed.key_size),
                      signed_bytes(keyed.index), statement.signature});
  }
  const engine::signature::Verdicts verdicts = engine.verify_batch(items_);
  for (std::size_t k = 0; k < keyed_.size(); ++k)
    if (!verdicts.valid(k)) refuse(keyed_[k].index, Refusal::bad_signature);
  return keyed_.size();
}

void IntakeBatch::verify_one(engine::Engine& engine, std::size_t i, const KeyRecord& key) {
  const Statement& statement = statements_[i];
  const engine::signature::Item item{statement.algorithm, key.public_key(), signed_bytes(i),
                                     statement.signature};
  if (engine.verify_batch({&item, 1}).all_valid())
    outcomes_[i].refusal.reset();
  else
    refuse(i, Refusal::bad_signature);
}

std::vector<PendingStatement> IntakeBatch::accepted_statements() const {
  std::vector<PendingStatement> statements;
  statements.reserve(accepted.size());
  for (const std::size_t i : accepted) statements.push_back({statements_[i], outcomes_[i].id});
  return statements;
}

void IntakeBatch::clear() {
  parts.clear();
  echoes.clear();
  erasing_nothing.clear();
  accepted.clear();
  group.reset();
  first_record = last_record = 0;
  statements_.clear();
  outcomes_.clear();
  arena_.clear();
  ends_.clear();
  keyed_.clear();
}

}  // namespace salus::node

#include "node/chain/validator.h"

#include <algorithm>
#include <cassert>
#include <thread>
#include <utility>

#include "node/chain/validator_rules.h"
#include "node/state/rules.h"

namespace salus::node {

using engine::signature::Item;
using merkle::TreeKind;

BlockValidator::BlockValidator(engine::Engine& engine, const Genesis& genesis, unsigned threads,
                               VerifiedBefore verified_before)
    : engine_(engine),
      genesis_(genesis),
      threads_(threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency())),
      verified_before_(std::move(verified_before)) {}

namespace {

// Making a large table takes about 1 ms, and a start must not wait long for many. The engine makes
// those of other keys beside its work, once some of their signatures have come.
constexpr std::size_t kMostKeysAtStart = 512;

}  // namespace

bool BlockValidator::check_content(const BlockView& block, const BlockRemains* remains) {
  const merkle::Tree tree =
      engine_.merkle_tree(TreeKind::rfc9162, engine::MessageView::scattered(block.statements));
  if (remains == nullptr) {
    if (tree.root() != block.header.merkle_root) return false;
    leaves_.assign(tree.leaves().begin(), tree.leaves().end());
    return true;
  }
  leaves_.assign(remains->leaves.begin(), remains->leaves.end());
  for (std::size_t i = 0; i < block.statements.size(); ++i)
    leaves_[remains->places[i]] = tree.leaves()[i];
  return engine_.merkle_tree_of_leaves(TreeKind::rfc9162, leaves_).root() ==
         block.header.merkle_root;
}

/// One block's statements on their way through the rules.
class BlockValidator::Run {
 public:
  Run(BlockValidator& validator, const BlockView& block, const BlockPlace& place,
      const StateView& before, const BlockRemains* remains)
      : validator_(validator),
        block_(block),
        place_(place),
        remains_(remains),
        after_(before),
        context_{block.header.time, validator.genesis_.parameters().max_ahead, place.height, true} {
  }

  std::variant<ValidBlock, BlockFault> run() {
    if (remains_ != nullptr && (remains_->places.empty() || remains_->places.front() != 0))
      return BlockFault{FaultKind::not_by_validator, 0};
    ParsedStatements& parsed = validator_.parsed_;
    parsed.parse(block_.statements, validator_.genesis_.parameters().limits.statement_bytes,
                 validator_.engine_, validator_.threads_);
    validator_.items_.clear();
    validator_.item_statements_.clear();
    if (validator_.verified_before_)
      is_verified_ = validator_.verified_before_(parsed.statements(), parsed.ids());
    else
      is_verified_.assign(parsed.statements().size(), false);
    std::optional<BlockFault> fault = apply_all();
    if (!fault && parsed.fault()) fault = refused(parsed.fault()->index, parsed.fault()->refusal);
    // Whatever is wrong with a signature is wrong with an earlier statement than that, or comes
    // first in the order of the checks.
    if (const auto index = first_bad_signature()) return refused(*index, Refusal::bad_signature);
    if (fault) return *fault;
    return ValidBlock{parsed.statements(), parsed.ids(),       after_.writes(),
                      after_.undo(),       std::move(erased_), std::move(new_keys_)};
  }

 private:
  /// In the block, of a statement that is there.
  [[nodiscard]] std::uint32_t index_of(std::size_t i) const {
    return remains_ != nullptr ? remains_->places[i] : static_cast<std::uint32_t>(i);
  }

  [[nodiscard]] BlockFault refused(std::size_t i, Refusal refusal) const {
    return {FaultKind::statement_refused, index_of(i), refusal};
  }

  /// Takes statements one after the other, up to the first that the rules do not permit, and puts
  /// the signatures of all that have a key, and were not verified before, into items_.
  std::optional<BlockFault> apply_all() {
    const std::span<const Statement> statements = validator_.parsed_.statements();
    for (std::size_t i = 0; i < statements.size(); ++i) {
      if (auto fault = apply(i, statements[i])) return fault;
      context_.is_first = false;
    }
    return std::nullopt;
  }

  std::optional<BlockFault> apply(std::size_t i, const Statement& statement) {
    if (const auto kind = check_place(i, statement)) return fault_of(i, *kind);
    const auto found = find_signer(after_, statement);
    if (const auto* refusal = std::get_if<Refusal>(&found)) return refused(i, *refusal);
    const KeyRecord& signer = *std::get<const KeyRecord*>(found);
    if (!is_verified_[i]) {
      validator_.items_.push_back({signer.algorithm, signer.public_key(),
                                   validator_.parsed_.signed_bytes()[i], statement.signature});
      validator_.item_statements_.push_back(i);
    }
    const auto decided =
        apply_rules(after_, statement, validator_.parsed_.ids()[i], signer, context_);
    if (const auto* refusal = std::get_if<Refusal>(&decided)) return refused(i, *refusal);
    const auto& change = std::get<StatementChange>(decided);
    if (i == 0) {
      const Genesis& genesis = validator_.genesis_;
      if (const auto kind =
              check_validator(statement, block_.header, place_, genesis.id(), content_root()))
        return fault_of(i, *kind);
      if (is_share_exceeded(after_, statement.signer, place_.height,
                            genesis.parameters().diversity))
        return fault_of(i, FaultKind::validator_share_exceeded);
    }
    after_.apply(change);
    note(change.effect);
    // Its erasure may have come into a block before it.
    if (after_.is_erased(validator_.parsed_.ids()[i]))
      erased_.push_back(validator_.parsed_.ids()[i]);
    return std::nullopt;
  }

  static std::optional<FaultKind> check_place(std::size_t i, const Statement& statement) {
    const bool is_validators = statement.type == ContentType::validator;
    if (i == 0 && !is_validators) return FaultKind::not_by_validator;
    if (i != 0 && is_validators) return FaultKind::misplaced_validator;
    return std::nullopt;
  }

  [[nodiscard]] BlockFault fault_of(std::size_t i, FaultKind kind) const {
    return {kind, index_of(i), std::nullopt};
  }

  /// The tree head over statements 1 to n.
  Digest content_root() {
    const std::vector<Digest>& leaves = validator_.leaves_;
    std::vector<Digest> content(leaves.begin() + 1, leaves.end());
    return validator_.engine_.merkle_tree_of_leaves(TreeKind::rfc9162, std::move(content)).root();
  }

  void note(const Effect& effect) {
    if (const auto* added = std::get_if<AddKey>(&effect)) new_keys_.push_back(added->id);
    if (const auto* replaced = std::get_if<ReplaceKey>(&effect))
      new_keys_.push_back(replaced->new_id);
    if (const auto* erasure = std::get_if<EraseBody>(&effect))
      erased_.push_back(erasure->statement);
  }

  /// The statement that has it.
  std::optional<std::size_t> first_bad_signature() {
    const std::vector<Item>& items = validator_.items_;
    const engine::signature::Verdicts verdicts = validator_.engine_.verify_batch(items);
    for (std::size_t i = 0; i < items.size(); ++i)
      if (!verdicts.valid(i)) return validator_.item_statements_[i];
    return std::nullopt;
  }

  BlockValidator& validator_;
  const BlockView& block_;
  const BlockPlace& place_;
  const BlockRemains* remains_;
  StateOverlay after_;
  RuleContext context_;
  std::vector<bool> is_verified_;
  std::vector<Digest> erased_;
  std::vector<KeyId> new_keys_;
};

std::variant<ValidBlock, BlockFault> BlockValidator::check_statements(const BlockView& block,
                                                                      const BlockPlace& place,
                                                                      const StateView& before,
                                                                      const BlockRemains* remains) {
  assert(leaves_.size() == (remains ? remains->leaves.size() : block.statements.size()));
  return Run(*this, block, place, before, remains).run();
}

void BlockValidator::expect_known_keys(const State& state) {
  std::vector<KeyId> keys;
  state.for_each_key([&keys](const KeyId& id, const KeyRecord& record) {
    if (record.is_active() && keys.size() < kMostKeysAtStart) keys.push_back(id);
  });
  expect_keys(state, keys);
}

void BlockValidator::expect_keys(const StateView& view, std::span<const KeyId> keys) {
  std::vector<engine::signature::KeyView> views;
  views.reserve(keys.size());
  for (const KeyId& id : keys) {
    const KeyRecord* record = view.find_key(id);
    if (record != nullptr && record->is_active())
      views.push_back({record->algorithm, record->public_key()});
  }
  if (!views.empty()) engine_.register_keys(views);
}

}  // namespace salus::node

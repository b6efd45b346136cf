#include "node/chain_check.h"

#include <algorithm>
#include <vector>

#include "engine/error.h"
#include "engine/stopwatch.h"
#include "node/chain/chain.h"
#include "node/chain/header_rules.h"
#include "node/chain/header_tree.h"
#include "node/chain/validator.h"
#include "node/state/state.h"
#include "node/state/state_codec.h"

namespace salus::node {
namespace {

using Problem = std::optional<std::string>;

/// As many keys of a block are told to the engine before the next one.
constexpr std::size_t kMostKeysOfBlock = 64;

Problem problem_of(FaultKind kind) { return describe(BlockFault{kind}); }

/// The statements of a block that are there.
struct Present {
  explicit Present(const StoredBodies& bodies) {
    for (std::uint32_t i = 0; i < bodies.entries.size(); ++i) {
      const StoredBodies::Entry& entry = bodies.entries[i];
      if (entry.presence == BodyPresence::present) {
        view.statements.push_back(entry.bytes);
        places.push_back(i);
        bytes += entry.bytes.size();
      } else if (entry.presence == BodyPresence::unknown) {
        is_lost = true;
      }
    }
  }

  BlockView view;
  std::vector<std::uint32_t> places;
  std::size_t bytes = 0;
  bool is_lost = false;  ///< A body is neither there nor deleted.
};

class ChainCheck {
 public:
  ChainCheck(const Genesis& genesis, engine::Engine& engine, const BlockStoreStorage& storage)
      : genesis_(genesis),
        storage_(storage),
        validator_(engine, genesis),
        tree_(genesis.header(), genesis.id()),
        parent_(&tree_.genesis()) {
    state_.write(genesis.state());
    validator_.expect_known_keys(state_);
  }

  CheckReport run(const engine::JobControl& control) {
    const Stopwatch watch;
    const std::uint64_t size = storage_.size();
    const std::uint64_t total = storage_.statements();
    std::uint64_t done = 0;
    for (std::uint64_t height = 0; height < size && !report_.problem; ++height) {
      if (control.stop.stop_requested()) throw Cancelled();
      const auto block = storage_.stored_block(height);
      report_.problem = block ? check(height, *block) : Problem("it is not there");
      if (report_.problem)
        report_.problem = "block " + std::to_string(height) + ": " + *report_.problem;
      if (block) done += block->header.statements;
      if (control.progress) control.progress(done, total);
    }
    if (!report_.problem && size > 0) report_.problem = check_end();
    report_.seconds = watch.seconds();
    return report_;
  }

 private:
  Problem check(std::uint64_t height, const StoredBlock& block) {
    if (block.header.header.size() != pow::kHeaderSize) return "it has no header";
    const pow::Header header =
        pow::parse_header(Bytes(block.header.header).first<pow::kHeaderSize>());
    const Digest id = pow::header_id(header);
    if (id != block.header.id) return "its header is not its own";
    if (height == 0) return check_genesis(id);
    if (header.previous != parent_->id) return "it does not follow the one before it";
    if (auto problem = check_header(header, id)) return problem;
    if (auto problem = check_statements(height, header, block)) return problem;
    parent_ = &tree_.add(header, id, *parent_);
    return std::nullopt;
  }

  Problem check_genesis(const Digest& id) {
    if (id != genesis_.id()) return "it begins another chain than the genesis file";
    ++report_.blocks;
    return std::nullopt;
  }

  [[nodiscard]] Problem check_header(const pow::Header& header, const Digest& id) const {
    const ChainParameters& parameters = genesis_.parameters();
    if (const auto kind = check_header_alone(header, id, parameters.asert().limit))
      return problem_of(*kind);
    if (const auto kind = check_header_in_place(header, *parent_, parameters, clock_()))
      return problem_of(*kind);
    return std::nullopt;
  }

  Problem check_statements(std::uint64_t height, const pow::Header& header,
                           const StoredBlock& block) {
    Present present(block.bodies);
    present.view.header = header;
    if (present.is_lost) return "a body is not there, and was not deleted";
    const std::size_t count = block.bodies.entries.size();
    if (block.leaves.size() != count || block.ids.size() != count)
      return "leaf hashes or ids are missing";
    if (auto problem = check_size(present, count)) return problem;

    const BlockRemains all_leaves{present.places, block.leaves};
    const BlockRemains* const remains = present.places.size() < count ? &all_leaves : nullptr;
    if (!validator_.check_content(present.view, remains)) return problem_of(FaultKind::wrong_root);
    if (!std::ranges::equal(validator_.leaves(), block.leaves))
      return "the leaf hashes that are stored are not those of its statements";
    const auto checked =
        validator_.check_statements(present.view, {height, parent_->id}, state_, remains);
    if (const auto* fault = std::get_if<BlockFault>(&checked)) return describe(*fault);
    const auto& valid = std::get<ValidBlock>(checked);
    for (std::size_t i = 0; i < valid.ids.size(); ++i)
      if (valid.ids[i] != block.ids[present.places[i]])
        return "the ids that are stored are not those of its statements";
    take(valid, block);
    return std::nullopt;
  }

  /// Of a block that is whole; how long deleted bodies were is not kept.
  [[nodiscard]] Problem check_size(const Present& present, std::size_t count) const {
    const BlockLimits& limits = genesis_.parameters().limits;
    if (count > limits.statements) return problem_of(FaultKind::too_many_statements);
    if (present.bytes > limits.block_bytes ||
        (present.places.size() == count &&
         encoded_block_size(present.view.statements) > limits.block_bytes))
      return problem_of(FaultKind::oversize);
    return std::nullopt;
  }

  void take(const ValidBlock& valid, const StoredBlock& block) {
    state_.write(valid.writes);
    if (valid.new_keys.size() <= kMostKeysOfBlock) validator_.expect_keys(state_, valid.new_keys);
    for (std::size_t i = 0; i < block.ids.size(); ++i)
      if (block.bodies.entries[i].presence == BodyPresence::erased) erased_.push_back(block.ids[i]);
    ++report_.blocks;
    report_.statements += block.ids.size();
    report_.without_body += block.ids.size() - valid.ids.size();
  }

  Problem check_end() {
    for (const Digest& id : erased_)
      if (!state_.is_erased(id)) ++report_.erased_unasked;
    State stored;
    storage_.for_each_state([&stored](Bytes key, Bytes value) { stored.write(key, value); });
    if (report_.without_body > 0) take_last_statements(stored);
    if (state_.digest() != stored.digest())
      return "the stored state is not the one that the blocks lead to";
    return std::nullopt;
  }

  /// A signer's last statement may be one whose body was deleted. Then its sequence is taken from
  /// what is stored, if that is above the one that is known, and the statement on the chain and
  /// deleted.
  void take_last_statements(const State& stored) {
    StateWrites moved;
    stored.for_each_key([&](const KeyId& id, const KeyRecord& theirs) {
      const KeyRecord* const ours = state_.find_key(id);
      if (ours == nullptr || !theirs.last || theirs.last == ours->last) return;
      if (ours->last && ours->last->sequence >= theirs.last->sequence) return;
      if (!storage_.is_deleted(theirs.last->id)) return;
      KeyRecord record = *ours;
      record.last = theirs.last;
      write_key(moved, id, &record);
    });
    state_.write(moved);
  }

  const Genesis& genesis_;
  const BlockStoreStorage& storage_;
  const Clock clock_ = system_clock();
  BlockValidator validator_;
  HeaderTree tree_;
  const BlockNode* parent_;
  State state_;
  std::vector<Digest> erased_;
  CheckReport report_;
};

}  // namespace

CheckReport check_chain(const Genesis& genesis, engine::Engine& engine,
                        const BlockStoreStorage& storage, const engine::JobControl& control) {
  return ChainCheck(genesis, engine, storage).run(control);
}

}  // namespace salus::node

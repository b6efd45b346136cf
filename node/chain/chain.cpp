#include "node/chain/chain.h"

#include <chrono>
#include <exception>
#include <string>
#include <utility>

#include "engine/error.h"
#include "node/chain/header_rules.h"
#include "node/statement/erasure.h"

namespace salus::node {
namespace {

// Making a large table takes about 1 ms, and a block must not wait long for many.
constexpr std::size_t kMostKeysOfBlock = 64;

/// The parts of genesis as a block.
struct GenesisBlock {
  explicit GenesisBlock(const Genesis& genesis) {
    const std::vector<Bytes> statements{genesis.encoded_parameters()};
    encoded = encode_block(genesis.header(), statements);
    view = {genesis.header(), {}, encoded};
    const std::size_t size = genesis.encoded_parameters().size();
    view.statements.push_back(Bytes(encoded).last(size));
  }

  std::vector<std::uint8_t> encoded;
  BlockView view;
};

/// What the erasure statements among these erase, and what of these is erased in `state`.
std::vector<Digest> erasures_in(std::span<const Bytes> messages, std::size_t max_bytes,
                                const State& state) {
  std::vector<Digest> erased;
  for (const Bytes message : messages) {
    const auto parsed = parse_statement(message, max_bytes);
    const auto* statement = std::get_if<Statement>(&parsed);
    if (statement == nullptr) continue;
    if (state.has_erasures())
      if (const Digest id = statement_id(*statement); state.is_erased(id)) erased.push_back(id);
    if (statement->type != ContentType::erasure) continue;
    if (const auto erasure = decode_erasure(statement->payload))
      erased.push_back(erasure->statement);
  }
  return erased;
}

}  // namespace

Clock system_clock() {
  return [] {
    namespace chrono = std::chrono;
    return chrono::floor<chrono::seconds>(chrono::system_clock::now()).time_since_epoch().count();
  };
}

const char* to_string(Standing standing) {
  switch (standing) {
    case Standing::on_chain: return "on_chain";
    case Standing::side: return "side";
    case Standing::orphan: return "orphan";
    case Standing::refused: break;
  }
  return "refused";
}

Chain::Chain(const Genesis& genesis, engine::Engine& engine, BlockStorage& storage,
             ChainOptions options)
    : genesis_(genesis),
      storage_(storage),
      options_(std::move(options)),
      validator_(engine, genesis, options_.threads, options_.verified_before),
      tree_(genesis.header(), genesis.id()),
      orphans_(options_.orphans),
      faults_(options_.remembered_faults) {
  chain_.push_back(&tree_.genesis());
  if (storage_.size() == 0) begin_with_genesis();
  load_headers();
  load_state();
  load_side_blocks();
  erase_again();
  validator_.expect_known_keys(state_);
  follow_best();
}

void Chain::begin_with_genesis() {
  const GenesisBlock block(genesis_);
  // A hash of its own kind, so that no statement has this id.
  const std::vector<Digest> leaf{genesis_.header().merkle_root};
  const StateWrites state = genesis_.state();
  storage_.connect({0, genesis_.id(), block.view, {}, leaf, leaf, state, {}, {}});
}

void Chain::load_headers() {
  std::uint64_t height = 0;
  storage_.for_each_header([&](const Digest& id, Bytes bytes) {
    const auto fail = [height](const char* problem) {
      throw Error(ErrorKind::input, "block " + std::to_string(height) + " in the store " + problem);
    };
    if (bytes.size() != pow::kHeaderSize) fail("has no header");
    const pow::Header header = pow::parse_header(bytes.first<pow::kHeaderSize>());
    if (pow::header_id(header) != id) fail("has a header that is not its own");
    if (height == 0) {
      if (id != genesis_.id())
        throw Error(ErrorKind::input,
                    "the store holds another chain than that of the genesis file: it begins with " +
                        to_hex_reversed(id) + ", and \"" + genesis_.parameters().name + "\" with " +
                        to_hex_reversed(genesis_.id()));
    } else {
      if (header.previous != chain_.back()->id) fail("does not follow the one before it");
      chain_.push_back(&tree_.add(header, id, *chain_.back()));
    }
    ++height;
  });
}

void Chain::load_state() {
  storage_.for_each_state([this](Bytes key, Bytes value) { state_.write(key, value); });
}

/// Forks as they were known. What does not fit is left alone: it can be had again.
void Chain::load_side_blocks() {
  for (const BranchBlock& side : storage_.side_blocks()) {
    const auto bytes = storage_.side_block(side.id);
    if (!bytes) continue;
    const auto parsed = parse_block(*bytes, genesis_.parameters().limits);
    const auto* block = std::get_if<BlockView>(&parsed);
    if (block == nullptr || pow::header_id(block->header) != side.id) continue;
    const BlockNode* parent = tree_.find(block->header.previous);
    if (parent != nullptr && tree_.find(side.id) == nullptr)
      tree_.add(block->header, side.id, *parent);
  }
}

/// Of the last block, which may have been stored just before a crash.
void Chain::erase_again() {
  const auto bytes = storage_.block(chain_.size() - 1);
  if (!bytes || chain_.size() == 1) return;
  const auto parsed = parse_block(*bytes, genesis_.parameters().limits);
  const auto* block = std::get_if<BlockView>(&parsed);
  if (block == nullptr) return;
  const std::vector<Digest> erased =
      erasures_in(block->statements, genesis_.parameters().limits.statement_bytes, state_);
  if (!erased.empty()) storage_.erase(erased);
}

AddResult Chain::add_block(Bytes encoded) {
  const std::lock_guard lock(adding_);
  if (failure_)
    throw Error(ErrorKind::system, "the chain has failed and must be opened anew: " + *failure_);
  try {
    return add_with_orphans(encoded);
  } catch (const std::exception& error) {
    const std::lock_guard state_lock(state_mutex_);
    failure_ = error.what();
    throw;
  }
}

std::optional<std::string> Chain::failure() const {
  const std::shared_lock lock(state_mutex_);
  return failure_;
}

AddResult Chain::add_with_orphans(Bytes encoded) {
  const AddResult result = add_one(encoded);
  // Whatever waited for it, and whatever waited for that.
  std::vector<Digest> arrived;
  if (result.is_new && result.standing != Standing::orphan) arrived.push_back(result.id);
  while (!arrived.empty()) {
    const Digest parent = arrived.back();
    arrived.pop_back();
    for (const Orphan& child : orphans_.take_children(parent)) {
      const AddResult added = add_one(child.block);
      if (added.is_new && added.standing != Standing::orphan) arrived.push_back(added.id);
    }
  }
  orphan_count_ = orphans_.size();
  if (result.standing != Standing::side) return result;
  // With what waited for it its branch may have become the best one.
  AddResult now = known_standing(result.id).value_or(result);
  now.is_new = result.is_new;
  return now;
}

AddResult Chain::add_one(Bytes encoded) {
  const ChainParameters& parameters = genesis_.parameters();
  const auto parsed = parse_block(encoded, parameters.limits);
  if (const auto* kind = std::get_if<FaultKind>(&parsed))
    return {{}, Standing::refused, false, BlockFault{*kind}};
  const auto& block = std::get<BlockView>(parsed);
  const Digest id = pow::header_id(block.header);
  if (const auto known = known_standing(id)) return *known;

  const auto refuse = [&](FaultKind kind) {
    if (is_final(kind)) faults_.add(id, {kind});
    return AddResult{id, Standing::refused, true, BlockFault{kind}};
  };
  if (const auto kind = check_header_alone(block.header, id, parameters.asert().limit))
    return refuse(*kind);
  if (faults_.find(block.header.previous)) return refuse(FaultKind::invalid_parent);
  const BlockNode* parent = tree_.find(block.header.previous);
  if (parent != nullptr) {
    if (const auto kind =
            check_header_in_place(block.header, *parent, parameters, options_.clock()))
      return refuse(*kind);
  }
  // Before it is kept in any way: with other statements anybody could take the place of a block.
  if (!validator_.check_content(block)) return refuse(FaultKind::wrong_root);
  if (parent != nullptr) return add_in_place(block, id, *parent);
  orphans_.add({id, block.header.previous, {encoded.begin(), encoded.end()}});
  return {id, Standing::orphan, true, std::nullopt};
}

std::optional<AddResult> Chain::known_standing(const Digest& id) const {
  if (const auto fault = faults_.find(id)) return AddResult{id, Standing::refused, false, fault};
  if (orphans_.contains(id)) return AddResult{id, Standing::orphan, false, std::nullopt};
  const BlockNode* node = tree_.find(id);
  if (node == nullptr) return std::nullopt;
  return AddResult{id, is_on_chain(*node) ? Standing::on_chain : Standing::side, false,
                   std::nullopt};
}

bool Chain::is_on_chain(const BlockNode& node) const {
  return node.height < chain_.size() && chain_[node.height] == &node;
}

/// The block's tree has just been checked.
AddResult Chain::add_in_place(const BlockView& block, const Digest& id, const BlockNode& parent) {
  const BlockNode& node = tree_.add(block.header, id, parent);
  if (&parent == chain_.back()) {
    if (const auto fault = connect(node, block)) {
      drop(node, *fault);
      return {id, Standing::refused, true, fault};
    }
    return {id, Standing::on_chain, true, std::nullopt};
  }
  storage_.put_side_block({id, node.height}, block.encoded);
  follow_best();
  std::optional<AddResult> result = known_standing(id);
  if (!result) {
    // A block on its branch is not there any more: it waits for that.
    orphans_.add({id, block.header.previous, {block.encoded.begin(), block.encoded.end()}});
    result = AddResult{id, Standing::orphan, true, std::nullopt};
  }
  result->is_new = true;
  return *result;
}

/// Until the tip is the best block that is known. A branch is left only for one that was checked to
/// its end: no work, however much, takes the chain away for something that is not valid.
void Chain::follow_best() {
  while (&tree_.best() != chain_.back()) {
    const BlockNode& best = tree_.best();
    const BlockNode& fork = common_ancestor(best, *chain_.back());
    const std::optional<Branch> branch = check_branch(fork, best);
    if (!branch) continue;  // some of it was forgotten
    while (chain_.back() != &fork) disconnect_tip();
    for (std::size_t i = 0; i < branch->size(); ++i)
      connect_checked(ancestor_at(best, fork.height + 1 + i), (*branch)[i]);
  }
}

/// The blocks from above `fork` to `tip`, all of them valid. Otherwise nothing, and that which is
/// not valid, or not there, is forgotten.
std::optional<Chain::Branch> Chain::check_branch(const BlockNode& fork, const BlockNode& tip) {
  StateOverlay state(state_);
  for (std::uint64_t height = chain_.size() - 1; height > fork.height; --height) {
    const std::optional<StateWrites> undo = storage_.undo(height);
    if (!undo) {
      tree_.forget(ancestor_at(tip, fork.height + 1));
      return std::nullopt;
    }
    state.write(*undo);
  }
  Branch branch;
  for (std::uint64_t height = fork.height + 1; height <= tip.height; ++height) {
    auto bytes = check_stored(ancestor_at(tip, height), state);
    if (!bytes) return std::nullopt;
    branch.push_back(std::move(*bytes));
  }
  return branch;
}

/// A side block that is valid on `state`, which becomes what is after it.
std::optional<std::vector<std::uint8_t>> Chain::check_stored(const BlockNode& node,
                                                             StateOverlay& state) {
  auto bytes = storage_.side_block(node.id);
  std::variant<BlockView, FaultKind> parsed = FaultKind::malformed;
  if (bytes) parsed = parse_block(*bytes, genesis_.parameters().limits);
  const auto* block = std::get_if<BlockView>(&parsed);
  if (block == nullptr || !validator_.check_content(*block)) {
    tree_.forget(node);  // it had to make room, and can be had again
    return std::nullopt;
  }
  const auto checked = validator_.check_statements(*block, {node.height, node.parent->id}, state);
  if (const auto* fault = std::get_if<BlockFault>(&checked)) {
    drop(node, *fault);
    return std::nullopt;
  }
  state.write(std::get<ValidBlock>(checked).writes);
  return bytes;
}

/// A block of a branch that was checked.
void Chain::connect_checked(const BlockNode& node, Bytes encoded) {
  const auto parsed = parse_block(encoded, genesis_.parameters().limits);
  const auto* block = std::get_if<BlockView>(&parsed);
  if (block == nullptr || !validator_.check_content(*block) || connect(node, *block))
    throw Error(ErrorKind::system, "a valid block is not valid when it is looked at again");
}

void Chain::disconnect_tip() {
  const BlockNode& node = *chain_.back();
  const std::optional<StateWrites> undo = storage_.undo(node.height);
  if (!undo) throw Error(ErrorKind::input, "the store has lost what undoes its last block");
  const std::optional<std::vector<std::uint8_t>> bytes = storage_.block(node.height);
  storage_.disconnect(*undo, bytes ? std::optional<Bytes>(*bytes) : std::nullopt);
  {
    const std::lock_guard lock(state_mutex_);
    state_.write(*undo);
    chain_.pop_back();
  }
  if (options_.on_disconnected)
    options_.on_disconnected(node.height, node.id, bytes ? Bytes(*bytes) : Bytes());
}

/// Checks the statements of a block whose tree was checked by the last call, and puts it on top of
/// the tip, its parent.
std::optional<BlockFault> Chain::connect(const BlockNode& node, const BlockView& block) {
  auto checked = validator_.check_statements(block, {node.height, node.parent->id}, state_);
  if (const auto* fault = std::get_if<BlockFault>(&checked)) return *fault;
  const auto& valid = std::get<ValidBlock>(checked);
  commit(node, {node.height, node.id, block, valid.statements, validator_.leaves(), valid.ids,
                valid.writes, valid.undo, valid.erased});
  if (valid.new_keys.size() <= kMostKeysOfBlock) validator_.expect_keys(state_, valid.new_keys);
  return std::nullopt;
}

void Chain::commit(const BlockNode& node, const ConnectedBlock& block) {
  storage_.connect(block);
  {
    const std::lock_guard lock(state_mutex_);
    state_.write(block.state);
    chain_.push_back(&node);
  }
  if (options_.on_connected) options_.on_connected(block);
}

void Chain::drop(const BlockNode& node, const BlockFault& fault) {
  faults_.add(node.id, fault);
  for (const Digest& id : tree_.forget(node)) faults_.add(id, {FaultKind::invalid_parent});
}

ChainTip Chain::tip_now() const {
  const BlockNode& node = *chain_.back();
  return {node.height, node.id, node.header, node.total_work};
}

ChainTip Chain::tip() const {
  const std::shared_lock lock(state_mutex_);
  return tip_now();
}

NextBlock Chain::next_block() const {
  const std::shared_lock lock(state_mutex_);
  const BlockNode& node = *chain_.back();
  return {{node.height + 1, node.id},
          next_bits(node, genesis_.parameters()),
          median_time_past(node) + 1};
}

std::optional<Digest> Chain::id_at(std::uint64_t height) const {
  const std::shared_lock lock(state_mutex_);
  if (height >= chain_.size()) return std::nullopt;
  return chain_[height]->id;
}

std::optional<BuriedBlock> Chain::block_at(std::uint64_t height) const {
  const std::shared_lock lock(state_mutex_);
  if (height >= chain_.size()) return std::nullopt;
  const BlockNode& node = *chain_[height];
  const BlockNode& tip = *chain_.back();
  return BuriedBlock{node.id, node.header, tip.height - node.height,
                     tip.total_work - node.total_work};
}

void Chain::with_state(const std::function<void(const ChainTip&, const State&)>& read) const {
  const std::shared_lock lock(state_mutex_);
  read(tip_now(), state_);
}

}  // namespace salus::node

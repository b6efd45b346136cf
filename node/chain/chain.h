// The chain: takes blocks from anyone, keeps every fork, and follows the one with the most work.
//
//   Chain chain(genesis, engine, storage);
//   const AddResult result = chain.add_block(bytes);
//
// A block is first looked at by itself (form, work, tree); then it waits for its parent, or takes
// its place among the headers; then, once its branch is the best one, its statements are checked on
// the state that the blocks before it left. docs/chain.md states all rules.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "node/chain/block_storage.h"
#include "node/chain/fault_memory.h"
#include "node/chain/genesis.h"
#include "node/chain/header_tree.h"
#include "node/chain/orphan_pool.h"
#include "node/chain/validator.h"
#include "node/state/state.h"

namespace salus::node {

/// Seconds since 1970 UTC.
using Clock = std::function<std::int64_t()>;

Clock system_clock();

struct ChainOptions {
  Clock clock = system_clock();
  OrphanLimits orphans = {};
  std::size_t remembered_faults = 4096;
  unsigned threads = 0;  ///< For parsing; 0: as many as there are cores.
  VerifiedBefore verified_before = {};
  /// Called after each change, by the thread that adds: a block now is the tip, or was it and is
  /// not on the chain any more. May read the chain; must not add to it.
  std::function<void(const ConnectedBlock&)> on_connected;
  std::function<void(std::uint64_t height, const Digest& id, Bytes block)> on_disconnected;
};

enum class Standing {
  on_chain,  ///< It is part of the best chain.
  side,      ///< It is on a branch that has less work.
  orphan,    ///< Its parent is not known; it waits.
  refused,   ///< It is not valid; `fault` says why.
};

/// "on_chain", "side", "orphan", "refused".
const char* to_string(Standing standing);

struct AddResult {
  Digest id{};  ///< Zeros where not even a header could be read.
  Standing standing = Standing::refused;
  bool is_new = false;  ///< It was not known before.
  std::optional<BlockFault> fault;
};

/// The end of the best chain.
struct ChainTip {
  std::uint64_t height = 0;
  Digest id{};
  pow::Header header;
  pow::Uint256 total_work;
};

/// What a block on top of the tip must have.
struct NextBlock {
  BlockPlace place;
  std::uint32_t bits = 0;
  std::uint32_t earliest_time = 0;
};

/// Thread safe: blocks are added one at a time, and readers wait only while a checked block is
/// being stored. Once `add_block` has thrown (the store failed) it always does: the chain must be
/// opened anew.
class Chain {
 public:
  /// Opens what the storage holds, or begins with genesis where it is empty. Throws `Error`
  /// (input) where it holds another chain or is damaged. All outlive the chain.
  Chain(const Genesis& genesis, engine::Engine& engine, BlockStorage& storage,
        ChainOptions options = {});

  /// Takes an encoded block of any origin. Blocks that waited for it are taken with it; what became
  /// of those `on_connected` tells.
  AddResult add_block(Bytes encoded);
  /// Why nothing can be added any more.
  [[nodiscard]] std::optional<std::string> failure() const;

  [[nodiscard]] ChainTip tip() const;
  [[nodiscard]] NextBlock next_block() const;
  [[nodiscard]] std::optional<Digest> id_at(std::uint64_t height) const;
  /// How many blocks wait for their parents.
  [[nodiscard]] std::size_t orphans() const { return orphan_count_; }

  /// Calls `read` with the state after the tip; it does not change meanwhile.
  void with_state(const std::function<void(const ChainTip&, const State&)>& read) const;

  [[nodiscard]] const Genesis& genesis() const { return genesis_; }

 private:
  void begin_with_genesis();
  void load_headers();
  void load_state();
  void load_side_blocks();
  void erase_again();
  void expect_known_keys();

  AddResult add_with_orphans(Bytes encoded);
  AddResult add_one(Bytes encoded);
  [[nodiscard]] std::optional<AddResult> known_standing(const Digest& id) const;
  AddResult add_in_place(const BlockView& block, const Digest& id, const BlockNode& parent);
  [[nodiscard]] bool is_on_chain(const BlockNode& node) const;

  void follow_best();
  void disconnect_tip();
  using Branch = std::vector<std::vector<std::uint8_t>>;
  [[nodiscard]] std::optional<Branch> check_branch(const BlockNode& fork, const BlockNode& tip);
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> check_stored(const BlockNode& node,
                                                                      StateOverlay& state);
  void connect_checked(const BlockNode& node, Bytes encoded);
  std::optional<BlockFault> connect(const BlockNode& node, const BlockView& block);
  void commit(const BlockNode& node, const ConnectedBlock& block);
  void drop(const BlockNode& node, const BlockFault& fault);
  [[nodiscard]] ChainTip tip_now() const;

  const Genesis& genesis_;
  BlockStorage& storage_;
  const ChainOptions options_;

  std::mutex adding_;  // whoever holds it may change what follows, the last three with state_mutex_
  BlockValidator validator_;
  HeaderTree tree_;
  OrphanPool orphans_;
  FaultMemory faults_;
  std::atomic<std::size_t> orphan_count_ = 0;

  mutable std::shared_mutex state_mutex_;
  std::vector<const BlockNode*> chain_;  // by height
  State state_;
  std::optional<std::string> failure_;
};

}  // namespace salus::node

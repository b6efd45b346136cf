// What the API shows of a running node.
//
// The chain may be reorganised, and grow, while it is read. Every answer is about one chain: it is
// read up to the tip of the beginning, and read anew where that was taken off meanwhile. Only while
// a block is being taken off may a statement of it be unknown for a moment, until it waits again.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "engine/engine.h"
#include "node/api/duty_cycle.h"
#include "node/api/node_reader.h"
#include "node/api/page_cursor.h"
#include "node/api/tree_cache.h"
#include "node/chain/chain.h"
#include "node/ingest/mempool.h"
#include "node/ingest/pipeline.h"
#include "node/node.h"
#include "node/statement/signing_key.h"
#include "node/store/block_store.h"

namespace salus::node::api {

/// What is read. All outlive the reader.
struct ReadParts {
  const Chain& chain;
  const BlockStore& store;
  const Mempool& mempool;
  engine::Engine& engine;                 ///< Builds the trees of receipts.
  const SigningKey* validator = nullptr;  ///< Signs receipts; without one there are none.
  std::function<NodeStats()> stats;       ///< May be called from any thread.
  /// Whether the node has failed for good. May be called from any thread.
  std::function<bool()> has_failed;
  std::string version;  ///< Of the program.
  /// What others count; empty: nothing. May be called from any thread.
  std::function<std::vector<MetricFamily>()> more_metrics = {};
};

ReadParts parts_of(Node& node, std::string version);

class ChainReader final : public NodeReader {
 public:
  explicit ChainReader(ReadParts parts);

  [[nodiscard]] NodeStatus status() const override;
  [[nodiscard]] std::string unready_reason() const override;
  [[nodiscard]] std::optional<BlockSummary> block(const BlockQuery& query) const override;
  [[nodiscard]] std::optional<StatementView> statement(const Digest& id) const override;
  [[nodiscard]] std::optional<ReceiptView> receipt(const Digest& id) const override;
  [[nodiscard]] std::optional<StatementPage> statements(const StatementQuery& query) const override;
  [[nodiscard]] std::optional<KeyRecord> key(const KeyId& id) const override;
  [[nodiscard]] std::vector<MetricFamily> metrics() const override;

 private:
  using Held = Mempool::HeldStatement;

  template <typename Read>
  auto on_one_chain(Read read) const;
  [[nodiscard]] std::optional<BlockSummary> block_up_to(const ChainTip& tip,
                                                        const BlockQuery& query) const;
  [[nodiscard]] std::optional<Position> find_on_chain(const ChainTip& tip, const Digest& id) const;
  [[nodiscard]] std::variant<std::monostate, Position, Held> locate(const ChainTip& tip,
                                                                    const Digest& id) const;
  [[nodiscard]] std::optional<StatementPlace> place_of(Position at) const;
  [[nodiscard]] std::optional<StatementView> view_of(const Digest& id, Position at) const;
  [[nodiscard]] std::optional<ReceiptView> receipt_of(Position at) const;
  void add_proof(Position at, const BuriedBlock& block, ReceiptView& view) const;
  [[nodiscard]] std::optional<merkle::Tree> tree_of(Height height, const BuriedBlock& block) const;
  [[nodiscard]] bool signs_receipts() const;
  [[nodiscard]] bool is_of_chain(const PageCursor& cursor) const;
  [[nodiscard]] std::optional<StatementPage> statements_up_to(const ChainTip& tip,
                                                              const StatementQuery& query) const;
  [[nodiscard]] std::vector<std::uint8_t> cursor_behind(const IndexHit& hit) const;

  const ReadParts parts_;
  mutable TreeCache trees_;
  mutable DutyCycle<std::tuple_size_v<decltype(PipelineStats::stages)>> duty_;
};

}  // namespace salus::node::api

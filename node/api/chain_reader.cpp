#include "node/api/chain_reader.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <numeric>
#include <thread>
#include <utility>

#include "engine/error.h"
#include "node/api/node_metrics.h"
#include "node/chain/receipt.h"
#include "node/chain/signed_header.h"
#include "node/chain/tlog_proof.h"

namespace salus::node::api {
namespace {

/// Of the trees that are kept for receipts: 64 MiB, one of the largest blocks.
constexpr std::size_t kKeptLeaves = std::size_t{1} << 20;

/// How often, and how long in between, a chain is read anew that does not hold still.
constexpr int kAttempts = 200;
constexpr std::chrono::milliseconds kPause{5};

constexpr double kMillisecondsASecond = 1000;

/// There are no checkpoints: only the beginning is never taken back.
constexpr std::uint64_t kFinalHeight = 0;

StatementState state_at(std::uint64_t height) {
  return height <= kFinalHeight ? StatementState::final : StatementState::in_block;
}

/// Nothing where there is no such body.
std::optional<BodyState> body_state(BodyPresence presence) {
  switch (presence) {
    case BodyPresence::present: return BodyState::present;
    case BodyPresence::erased: return BodyState::erased;
    case BodyPresence::pruned: return BodyState::pruned;
    case BodyPresence::unknown: break;
  }
  return std::nullopt;
}

/// Whether a body is measurements or the like. Of one that is gone nothing can be said: what a
/// device signs is hardly ever anything else, so it is.
bool is_telemetry(const StatementView& view) {
  if (view.body != BodyState::present) return true;
  const auto parsed = parse_statement(view.message, kMaxStatementBytes);
  const auto* statement = std::get_if<Statement>(&parsed);
  if (statement == nullptr) return false;
  switch (statement->type) {
    case ContentType::senml_cbor:
    case ContentType::senml_json:
    case ContentType::fhir_json: return true;
    default: return false;
  }
}

/// In the order of `CommonTerm`.
constexpr std::array kKinds{IndexKind::time, IndexKind::signer, IndexKind::subject,
                            IndexKind::type};
static_assert(kKinds.size() == std::variant_size_v<CommonTerm>);

IndexKind kind_of(const CommonTerm& common) { return kKinds[common.index()]; }

/// As the store's index has it.
std::vector<std::uint8_t> term_of(const CommonTerm& common) {
  if (const auto* signer = std::get_if<KeyId>(&common)) return {signer->begin(), signer->end()};
  if (const auto* subject = std::get_if<std::string>(&common))
    return {subject->begin(), subject->end()};
  if (const auto* type = std::get_if<ContentType>(&common))
    return {static_cast<std::uint8_t>(*type)};
  return {};
}

}  // namespace

ReadParts parts_of(Node& node, std::string version) {
  return {node.chain(),
          node.store(),
          node.mempool(),
          node.engine(),
          node.validator(),
          [&node] { return node.stats(); },
          [&node] { return node.failure().has_value(); },
          std::move(version),
          {}};
}

ChainReader::ChainReader(ReadParts parts)
    : parts_(std::move(parts)), trees_(kKeptLeaves), duty_(std::chrono::steady_clock::now()) {}

// --- One chain ----------------------------------------------------------------------------------

/// Calls `read` with a tip until that is on the chain still when it returns. A block comes to the
/// store first and then to the chain, and leaves them in the same order: what the store still has
/// at the end, both had all the time.
template <typename Read>
auto ChainReader::on_one_chain(Read read) const {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const ChainTip tip = parts_.chain.tip();
    auto result = read(tip);
    if (parts_.store.height_of(tip.id) == static_cast<Height>(tip.height)) return result;
    std::this_thread::sleep_for(kPause);
  }
  throw Error(ErrorKind::system, "the chain and its store do not agree about the last block");
}

std::optional<Position> ChainReader::find_on_chain(const ChainTip& tip, const Digest& id) const {
  const std::optional<Position> at = parts_.store.find_statement(id);
  // Block 0 has an entry, but no statement.
  if (!at || at->height == 0 || at->height > tip.height) return std::nullopt;
  return at;
}

std::variant<std::monostate, Position, Mempool::HeldStatement> ChainReader::locate(
    const ChainTip& tip, const Digest& id) const {
  if (const auto at = find_on_chain(tip, id)) return *at;
  if (auto held = parts_.mempool.find(id)) return std::move(*held);
  // Statements leave the mempool when their block is on the chain: it may have come meanwhile.
  if (const auto at = find_on_chain(parts_.chain.tip(), id)) return *at;
  return {};
}

/// Nothing when the block is not on the chain any more, as below.
std::optional<StatementPlace> ChainReader::place_of(Position at) const {
  const auto block = parts_.chain.block_at(at.height);
  if (!block) return std::nullopt;
  return StatementPlace{state_at(at.height), BlockPosition{at.height, at.index, block->id,
                                                           block->blocks_above, block->work_above}};
}

// --- Status -------------------------------------------------------------------------------------

NodeStatus ChainReader::status() const {
  const NodeStats stats = parts_.stats();
  NodeStatus status;
  status.version = parts_.version;
  status.chain = parts_.chain.genesis().id();
  status.height = stats.tip.height;
  status.tip = stats.tip.id;
  status.tip_time = stats.tip.header.time;
  status.total_work = stats.tip.total_work;
  status.final_height = kFinalHeight;
  status.waiting = stats.mempool.statements;
  status.accepted = stats.intake.accepted;
  status.refused =
      std::accumulate(stats.intake.refused.begin(), stats.intake.refused.end(), std::uint64_t{0});
  status.mining = stats.producer.has_value();
  status.latency_p50 = stats.intake.p50_seconds;
  status.latency_p99 = stats.intake.p99_seconds;
  status.mempool = {stats.mempool.statements, stats.mempool.bytes, parts_.mempool.is_full()};
  status.log = {stats.log.records, stats.log.syncs, stats.log.on_disk,
                stats.log.last_sync_ms / kMillisecondsASecond};
  for (const engine::DeviceInfo& device : parts_.engine.devices())
    status.devices.push_back(device.id());
  std::array<double, std::tuple_size_v<decltype(stats.intake.stages)>> busy{};
  std::ranges::transform(stats.intake.stages, busy.begin(), &StageStats::busy_seconds);
  const auto duty = duty_.shares(std::chrono::steady_clock::now(), busy);
  for (std::size_t i = 0; i < busy.size(); ++i) {
    const StageStats& stage = stats.intake.stages[i];
    status.stages.push_back({stage.name, stage.depth, stats.intake.max_statements, duty[i],
                             stage.p50_seconds, stage.p99_seconds});
  }
  return status;
}

std::string ChainReader::unready_reason() const {
  // What has failed may name files: that is for the log, not for whoever asks.
  if (parts_.has_failed()) return "it cannot go on: its log says why";
  if (parts_.mempool.is_full()) return "as many statements wait for a block as may";
  return {};
}

std::vector<MetricFamily> ChainReader::metrics() const {
  const NodeStats stats = parts_.stats();
  std::vector<MetricFamily> out;
  append_metrics(stats.intake, out);
  append_metrics(stats.mempool, out);
  append_metrics(stats.log, out);
  append_metrics(stats.devices, out);
  append_metrics(parts_.store.stats(), out);
  append_counter("salus_chain_statements_total", "Statements that came onto the chain.",
                 static_cast<double>(stats.on_chain), out);
  append_gauge("salus_chain_orphans", "Blocks that wait for their parents.",
               static_cast<double>(stats.orphans), out);
  if (stats.producer) append_metrics(*stats.producer, out);
  if (stats.work) append_metrics(*stats.work, out);
  if (parts_.more_metrics) std::ranges::move(parts_.more_metrics(), std::back_inserter(out));
  return out;
}

// --- Blocks and statements ----------------------------------------------------------------------

std::optional<BlockSummary> ChainReader::block(const BlockQuery& query) const {
  return on_one_chain([&](const ChainTip& tip) { return block_up_to(tip, query); });
}

std::optional<BlockSummary> ChainReader::block_up_to(const ChainTip& tip,
                                                     const BlockQuery& query) const {
  std::optional<std::uint64_t> height;
  if (const auto* id = std::get_if<Digest>(&query.block))
    height = parts_.store.height_of(*id);
  else
    height = std::get<std::uint64_t>(query.block);
  if (!height || *height > tip.height) return std::nullopt;
  const auto block = parts_.chain.block_at(*height);
  if (!block) return std::nullopt;
  BlockSummary summary{block->id,
                       *height,
                       block->header,
                       block->blocks_above,
                       block->work_above,
                       state_at(*height) == StatementState::final,
                       0,
                       query.first,
                       {}};
  if (*height == 0) return summary;  // its one entry is no statement
  const std::vector<Digest> ids = parts_.store.statement_ids(static_cast<Height>(*height));
  summary.statements = static_cast<std::uint32_t>(ids.size());
  const std::size_t first = std::min<std::size_t>(query.first, ids.size());
  const auto page =
      std::span(ids).subspan(first, std::min<std::size_t>(query.count, ids.size() - first));
  summary.statement_ids.assign(page.begin(), page.end());
  return summary;
}

std::optional<StatementView> ChainReader::statement(const Digest& id) const {
  return on_one_chain([&](const ChainTip& tip) -> std::optional<StatementView> {
    const auto found = locate(tip, id);
    if (const auto* at = std::get_if<Position>(&found)) return view_of(id, *at);
    const auto* held = std::get_if<Held>(&found);
    if (held == nullptr) return std::nullopt;
    const Bytes message = (*held->group)[held->index].statement.message;
    return StatementView{id, {}, BodyState::present, {message.begin(), message.end()}};
  });
}

std::optional<StatementView> ChainReader::view_of(const Digest& id, Position at) const {
  const auto place = place_of(at);
  StoredBody body = parts_.store.body(at);
  const auto state = body_state(body.presence);
  if (!place || !state) return std::nullopt;
  return StatementView{id, *place, *state, std::move(body.bytes)};
}

std::optional<KeyRecord> ChainReader::key(const KeyId& id) const {
  std::optional<KeyRecord> record;
  parts_.chain.with_state([&](const ChainTip&, const State& state) {
    if (const KeyRecord* found = state.find_key(id)) record = *found;
  });
  return record;
}

// --- Receipts -----------------------------------------------------------------------------------

std::optional<ReceiptView> ChainReader::receipt(const Digest& id) const {
  return on_one_chain([&](const ChainTip& tip) -> std::optional<ReceiptView> {
    const auto found = locate(tip, id);
    if (const auto* at = std::get_if<Position>(&found)) return receipt_of(*at);
    if (std::holds_alternative<Held>(found)) return ReceiptView{};
    return std::nullopt;
  });
}

std::optional<ReceiptView> ChainReader::receipt_of(Position at) const {
  const auto place = place_of(at);
  if (!place) return std::nullopt;
  ReceiptView view{*place, {}, {}, {}};
  const auto block = parts_.chain.block_at(at.height);
  if (block && signs_receipts()) add_proof(at, *block, view);
  return view;
}

/// Nobody trusts a receipt of a key that the chain does not have as a validator's.
bool ChainReader::signs_receipts() const {
  if (parts_.validator == nullptr) return false;
  const auto record = key(parts_.validator->id());
  return record && record->is_active() && record->role == Role::validator;
}

void ChainReader::add_proof(Position at, const BuriedBlock& block, ReceiptView& view) const {
  const auto tree = trees_.find(block.id, [&] { return tree_of(at.height, block); });
  const StoredBody first = parts_.store.body({at.height, 0});
  // Where statement 0 was pruned nobody could check the header.
  if (!tree || at.index >= tree->size() || first.presence != BodyPresence::present) return;
  const Digest& chain = parts_.chain.genesis().id();
  view.receipt = make_receipt(*parts_.validator, chain, at.height, *tree, at.index);
  if (parts_.validator->public_key().algorithm == Algorithm::ed25519)
    view.tlog_proof = make_tlog_proof(*parts_.validator, chain, at.height, *tree, at.index);
  view.signed_header = encode(make_signed_header({block.header, {first.bytes}, {}}, *tree));
}

/// Nothing when the block was replaced while its leaves were read.
std::optional<merkle::Tree> ChainReader::tree_of(Height height, const BuriedBlock& block) const {
  merkle::Tree tree = parts_.engine.merkle_tree_of_leaves(merkle::TreeKind::rfc9162,
                                                          parts_.store.leaf_hashes(height));
  if (tree.root() == block.header.merkle_root) return tree;
  if (parts_.store.height_of(block.id) != height) return std::nullopt;
  throw Error(ErrorKind::input, "the store is damaged: the hashes of the statements of block " +
                                    std::to_string(height) + " do not give its Merkle root");
}

// --- Many statements ----------------------------------------------------------------------------

std::optional<StatementPage> ChainReader::statements(const StatementQuery& query) const {
  return on_one_chain([&](const ChainTip& tip) { return statements_up_to(tip, query); });
}

bool ChainReader::is_of_chain(const PageCursor& cursor) const {
  const Position at = cursor.hit.at;
  if (parts_.chain.id_at(at.height) != cursor.block) return false;
  const auto header = parts_.store.header(at.height);
  return header && at.index < header->statements;
}

std::vector<std::uint8_t> ChainReader::cursor_behind(const IndexHit& hit) const {
  const auto block = parts_.chain.id_at(hit.at.height);
  return encode(PageCursor{hit, block.value_or(Digest{})});
}

std::optional<StatementPage> ChainReader::statements_up_to(const ChainTip& tip,
                                                           const StatementQuery& query) const {
  StatementPage page;
  if (query.limit == 0) return page;
  const std::vector<std::uint8_t> term = term_of(query.common);
  IndexQuery index;
  index.kind = kind_of(query.common);
  index.term = term;
  index.time_from = query.from;
  index.time_to = query.to;
  index.height_from = 1;  // block 0 has an entry, but no statement
  index.height_to = static_cast<Height>(tip.height);
  index.limit = query.limit + 1;  // one more tells whether there is a next page
  if (!query.after.empty()) {
    const auto cursor = decode_page_cursor(query.after);
    if (!cursor || !is_of_chain(*cursor)) return std::nullopt;
    index.after = cursor->hit;
  }
  const IndexPage found = parts_.store.find(index);
  const std::size_t count = std::min(found.hits.size(), query.limit);
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Position at = found.hits[i].at;
    const auto id = parts_.store.statement_id(at);
    auto view = id ? view_of(*id, at) : std::nullopt;
    if (view && (!query.only_telemetry || is_telemetry(*view))) {
      bytes += view->message.size();
      page.statements.push_back(std::move(*view));
    }
    const bool is_last = i + 1 == found.hits.size();
    if (!is_last && (i + 1 == count || bytes >= query.max_bytes)) {
      page.next = cursor_behind(found.hits[i]);
      return page;
    }
  }
  if (found.next) page.next = cursor_behind(*found.next);
  return page;
}

}  // namespace salus::node::api

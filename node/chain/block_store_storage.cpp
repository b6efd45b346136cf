#include "node/chain/block_store_storage.h"

#include <algorithm>
#include <utility>

namespace salus::node {
namespace {

/// Genesis has an entry, but no statement: its terms are nobody's.
constexpr std::uint8_t kNoType = 0xff;

std::vector<StateChange> changes_of(const StateWrites& writes) {
  std::vector<StateChange> changes;
  changes.reserve(writes.size());
  writes.for_each([&changes](Bytes key, std::optional<Bytes> value) {
    changes.push_back({key, value});
  });
  return changes;
}

std::vector<IndexTerms> terms_of(const ConnectedBlock& block) {
  std::vector<IndexTerms> terms;
  terms.reserve(block.block.statements.size());
  for (const Statement& statement : block.statements)
    terms.push_back({statement.signer, statement.subject, statement.issued_at,
                     static_cast<std::uint8_t>(statement.type)});
  if (block.statements.empty()) terms.push_back({{}, {}, block.block.header.time, kNoType});
  return terms;
}

Height stored_height(std::uint64_t height) { return static_cast<Height>(height); }

}  // namespace

std::uint64_t BlockStoreStorage::size() const {
  const std::optional<Tip> tip = store_.tip();
  return tip ? std::uint64_t{tip->height} + 1 : 0;
}

void BlockStoreStorage::connect(const ConnectedBlock& block) {
  const std::vector<StateChange> changes = changes_of(block.state);
  const std::vector<IndexTerms> terms = terms_of(block);
  BlockRecord record;
  record.height = stored_height(block.height);
  record.id = block.id;
  record.header = block.block.header_bytes();
  record.leaf_hashes = block.leaves;
  record.statement_ids = block.ids;
  record.bodies = block.block.statements;
  record.terms = terms;
  record.state = changes;
  record.undo = block.undo.bytes();
  store_.commit(record);
  if (!block.erased.empty()) erase(block.erased);
}

void BlockStoreStorage::disconnect(const StateWrites& state, std::optional<Bytes> keep) {
  store_.disconnect(changes_of(state), keep);
}

std::optional<StateWrites> BlockStoreStorage::undo(std::uint64_t height) const {
  auto bytes = store_.undo(stored_height(height));
  if (!bytes) return std::nullopt;
  return StateWrites(std::move(*bytes));
}

std::optional<std::vector<std::uint8_t>> BlockStoreStorage::block(std::uint64_t height) const {
  const std::optional<StoredHeader> header = store_.header(stored_height(height));
  if (!header || header->header.size() != pow::kHeaderSize) return std::nullopt;
  const StoredBodies bodies = store_.bodies(stored_height(height));
  std::vector<Bytes> statements;
  statements.reserve(bodies.entries.size());
  for (const StoredBodies::Entry& entry : bodies.entries) {
    if (entry.presence != BodyPresence::present) return std::nullopt;
    statements.push_back(entry.bytes);
  }
  return encode_block(pow::parse_header(Bytes(header->header).first<pow::kHeaderSize>()),
                      statements);
}

std::optional<StoredBlock> BlockStoreStorage::stored_block(std::uint64_t height) const {
  const Height at = stored_height(height);
  auto header = store_.header(at);
  if (!header) return std::nullopt;
  return StoredBlock{std::move(*header), store_.bodies(at), store_.leaf_hashes(at),
                     store_.statement_ids(at)};
}

std::uint64_t BlockStoreStorage::statements() const {
  std::uint64_t count = 0;
  store_.for_each_header(0, [&count](Height, const StoredHeader& header) {
    count += header.statements;
    return true;
  });
  return count;
}

bool BlockStoreStorage::is_deleted(const Digest& statement) const {
  const std::optional<Position> at = store_.find_statement(statement);
  if (!at) return false;
  const BodyPresence presence = store_.body(*at).presence;
  return presence == BodyPresence::erased || presence == BodyPresence::pruned;
}

void BlockStoreStorage::for_each_header(
    const std::function<void(const Digest& id, Bytes header)>& take) const {
  store_.for_each_header(0, [&take](Height, const StoredHeader& header) {
    take(header.id, header.header);
    return true;
  });
}

void BlockStoreStorage::for_each_state(
    const std::function<void(Bytes key, Bytes value)>& take) const {
  store_.for_each_state(take);
}

bool BlockStoreStorage::holds_data(Position at) const {
  const StoredBody body = store_.body(at);
  const auto parsed = parse_statement(body.bytes, kMaxStatementBytes);
  const auto* statement = std::get_if<Statement>(&parsed);
  if (statement == nullptr) return false;
  switch (statement->type) {
    case ContentType::senml_cbor:
    case ContentType::senml_json:
    case ContentType::fhir_json:
    case ContentType::data_seal: return true;
    default: return false;
  }
}

void BlockStoreStorage::erase(std::span<const Digest> statements) {
  std::vector<Position> positions;
  for (const Digest& id : statements) {
    const std::optional<Position> at = store_.find_statement(id);
    if (at && holds_data(*at)) positions.push_back(*at);
  }
  std::ranges::sort(positions);
  positions.erase(std::ranges::unique(positions).begin(), positions.end());
  if (!positions.empty()) store_.erase(positions);
}

void BlockStoreStorage::put_side_block(const BranchBlock& which, Bytes block) {
  store_.put_side_block(which.id, stored_height(which.height), block);
}

std::optional<std::vector<std::uint8_t>> BlockStoreStorage::side_block(const Digest& id) const {
  return store_.side_block(id);
}

std::vector<BranchBlock> BlockStoreStorage::side_blocks() const {
  std::vector<BranchBlock> blocks;
  for (const SideBlock& side : store_.side_blocks()) blocks.push_back({side.id, side.height});
  std::ranges::stable_sort(blocks, {}, &BranchBlock::height);
  return blocks;
}

}  // namespace salus::node

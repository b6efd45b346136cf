#include "tests/node/store/block_support.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace salus::test {

namespace {

using node::BlockStore;
using node::IndexHit;
using node::IndexKind;
using node::IndexQuery;

Digest random_digest(std::mt19937_64& random) {
  Digest digest;
  for (auto& byte : digest) byte = static_cast<std::uint8_t>(random());
  return digest;
}

std::string random_text(std::mt19937_64& random, std::size_t length) {
  std::string text(length, 0);
  for (auto& each : text) each = static_cast<char>(random());
  return text;
}

std::string text_of(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

std::string term_of(const MadeBlock::Statement& statement, IndexKind kind) {
  if (kind == IndexKind::signer) return statement.signer;
  if (kind == IndexKind::subject) return statement.subject;
  return {static_cast<char>(statement.type)};
}

}  // namespace

std::vector<node::StateChange> views(const MadeBlock::Changes& changes) {
  std::vector<node::StateChange> result;
  for (const auto& [key, value] : changes) {
    result.push_back({as_bytes(key), value ? std::optional(as_bytes(*value)) : std::nullopt});
  }
  return result;
}

void MadeBlock::commit_to(BlockStore& store) const {
  std::vector<Digest> leaves, ids;
  std::vector<Bytes> bodies;
  std::vector<node::IndexTerms> terms;
  for (const Statement& statement : statements) {
    leaves.push_back(statement.leaf);
    ids.push_back(statement.id);
    bodies.push_back(as_bytes(statement.body));
    terms.push_back(
        {as_bytes(statement.signer), statement.subject, statement.time, statement.type});
  }
  const auto changes = views(state);
  store.commit({.height = height,
                .id = id,
                .header = as_bytes(header),
                .leaf_hashes = leaves,
                .statement_ids = ids,
                .bodies = bodies,
                .terms = terms,
                .state = changes,
                .undo = as_bytes(undo)});
}

MadeBlock make_block(std::mt19937_64& random, node::Height height, std::size_t statements) {
  MadeBlock block;
  block.height = height;
  block.id = random_digest(random);
  block.header = random_text(random, 80);
  block.undo = random_text(random, random() % 200);
  for (std::size_t i = 0; i < statements; ++i) {
    const std::size_t length = random() % 20 == 0 ? random() % 60'000 : random() % 300;
    block.statements.push_back({.leaf = random_digest(random),
                                .id = random_digest(random),
                                .body = random_text(random, length),
                                .signer = "signer-" + std::to_string(random() % 5),
                                // Of different lengths, one the start of another, and none.
                                .subject = std::string(random() % 4, 's'),
                                .time = static_cast<std::int64_t>(random() % 20) - 10,
                                .type = static_cast<std::uint8_t>(random() % 3)});
  }
  for (std::size_t i = random() % 10; i > 0; --i) {
    auto& change = block.state["key-" + std::to_string(random() % 20)];
    change = random() % 4 == 0 ? std::nullopt : std::optional(random_text(random, random() % 50));
  }
  return block;
}

void ModelStore::commit(const MadeBlock& block) {
  blocks_.push_back(block);
  states_.push_back(states_.back());
  for (const auto& [key, value] : block.state) {
    if (value) {
      states_.back()[key] = *value;
    } else {
      states_.back().erase(key);
    }
  }
}

MadeBlock::Changes ModelStore::reverse() const {
  MadeBlock::Changes changes;
  const auto& before = states_[states_.size() - 2];
  for (const auto& [key, value] : blocks_.back().state) {
    const auto old = before.find(key);
    changes[key] = old == before.end() ? std::nullopt : std::optional(old->second);
  }
  return changes;
}

void ModelStore::disconnect() {
  blocks_.pop_back();
  states_.pop_back();
}

std::vector<IndexHit> ModelStore::find(const IndexQuery& query) const {
  std::vector<IndexHit> hits;
  for (const MadeBlock& block : blocks_) {
    if (block.height < query.height_from || block.height > query.height_to) continue;
    for (std::uint32_t i = 0; i < block.statements.size(); ++i) {
      const auto& statement = block.statements[i];
      if (statement.time < query.time_from || statement.time > query.time_to) continue;
      if (query.kind != IndexKind::time && term_of(statement, query.kind) != text_of(query.term))
        continue;
      hits.push_back({statement.time, {block.height, i}});
    }
  }
  if (query.kind == IndexKind::time) {
    std::ranges::stable_sort(hits, {}, &IndexHit::time);
  }
  return hits;
}

std::vector<IndexHit> all_pages(const BlockStore& store, IndexQuery query) {
  std::vector<IndexHit> hits;
  do {
    const auto page = store.find(query);
    EXPECT_LE(page.hits.size(), query.limit);
    hits.insert(hits.end(), page.hits.begin(), page.hits.end());
    query.after = page.next;
  } while (query.after);
  return hits;
}

void expect_equal(const BlockStore& store, const ModelStore& model) {
  const auto& blocks = model.blocks();
  const auto tip = store.tip();
  ASSERT_EQ(tip.has_value(), !blocks.empty());
  if (tip) {
    EXPECT_EQ(*tip, (node::Tip{blocks.back().height, blocks.back().id}));
  }
  for (const MadeBlock& block : blocks) {
    const auto header = store.header(block.height);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->id, block.id);
    EXPECT_EQ(text_of(header->header), block.header);
    ASSERT_EQ(header->statements, block.statements.size());
    EXPECT_EQ(store.height_of(block.id), block.height);
    EXPECT_EQ(text_of(store.undo(block.height).value()), block.undo);
    const auto leaves = store.leaf_hashes(block.height);
    const auto ids = store.statement_ids(block.height);
    const auto bodies = store.bodies(block.height);
    ASSERT_EQ(leaves.size(), block.statements.size());
    ASSERT_EQ(ids.size(), block.statements.size());
    ASSERT_EQ(bodies.entries.size(), block.statements.size());
    for (std::uint32_t i = 0; i < block.statements.size(); ++i) {
      const auto& statement = block.statements[i];
      const node::Position at{block.height, i};
      EXPECT_EQ(leaves[i], statement.leaf);
      EXPECT_EQ(ids[i], statement.id);
      EXPECT_EQ(bodies.entries[i].presence, node::BodyPresence::present);
      EXPECT_EQ(text_of(bodies.entries[i].bytes), statement.body);
      EXPECT_EQ(store.find_statement(statement.id), at);
      if (i % 8 != 0) continue;  // The slower reads by a sample.
      EXPECT_EQ(text_of(store.body(at).bytes), statement.body);
      EXPECT_EQ(store.statement_id(at), statement.id);
    }
  }
  std::map<std::string, std::string> state;
  store.for_each_state([&](Bytes key, Bytes value) { state[text_of(key)] = text_of(value); });
  EXPECT_EQ(state, model.state());

  for (const std::string_view signer : {"signer-0", "signer-3", "signer-9"}) {
    IndexQuery query{.kind = IndexKind::signer, .term = as_bytes(signer), .limit = 7};
    EXPECT_EQ(all_pages(store, query), model.find(query));
  }
  for (const std::string_view subject : {"s", "ss"}) {
    IndexQuery query{.kind = IndexKind::subject,
                     .term = as_bytes(subject),
                     .time_from = -3,
                     .time_to = 4,
                     .limit = 5};
    EXPECT_EQ(all_pages(store, query), model.find(query));
  }
  const std::uint8_t type = 1;
  IndexQuery by_type{
      .kind = IndexKind::type, .term = {&type, 1}, .height_from = 2, .height_to = 6, .limit = 3};
  EXPECT_EQ(all_pages(store, by_type), model.find(by_type));
  IndexQuery by_time{.kind = IndexKind::time, .time_from = -5, .time_to = 5, .limit = 11};
  EXPECT_EQ(all_pages(store, by_time), model.find(by_time));
}

}  // namespace salus::test

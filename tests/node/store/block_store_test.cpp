// The block store while nothing goes wrong.
#include "node/store/block_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <thread>

#include "engine/error.h"
#include "tests/node/store/block_support.h"
#include "tests/node/store/small_disk.h"

namespace salus::node {
namespace {

using test::expect_equal;
using test::MadeBlock;
using test::make_block;
using test::ModelStore;

/// In memory where that is permitted, so that syncs cost nothing: these tests are not about the
/// disk.
constexpr std::size_t kDiskBytes = 256 << 20;

/// Small, so that runs of ids are made and unwritten data is flushed in a test.
constexpr BlockStoreOptions kSmall{.memory_bytes = 4 << 20, .ids_per_run = 100};

/// A chain in the store and in the model.
struct Chain {
  explicit Chain(std::uint64_t seed) : random(seed) {}

  void commit(BlockStore& store, std::size_t statements) {
    const MadeBlock block =
        make_block(random, static_cast<Height>(model.blocks().size()), statements);
    block.commit_to(store);
    model.commit(block);
  }
  void disconnect(BlockStore& store, std::optional<Bytes> keep = std::nullopt) {
    const auto changes = model.reverse();
    store.disconnect(test::views(changes), keep);
    model.disconnect();
  }

  std::mt19937_64 random;
  ModelStore model;
};

TEST(BlockStore, IsEmptyAtFirst) {
  const test::SmallDisk folder(kDiskBytes);
  BlockStore store(folder.path() / "store");
  EXPECT_FALSE(store.tip());
  EXPECT_FALSE(store.header(0));
  EXPECT_TRUE(store.leaf_hashes(0).empty());
  EXPECT_EQ(store.body({0, 0}).presence, BodyPresence::unknown);
  EXPECT_FALSE(store.find_statement(Digest{}));
  EXPECT_TRUE(store.find({.kind = IndexKind::time}).hits.empty());
  EXPECT_THROW(store.disconnect({}), Error);
}

TEST(BlockStore, GivesBackWhatWasCommittedAlsoWhenOpenedAgain) {
  const test::SmallDisk folder(kDiskBytes);
  Chain chain(1);
  {
    BlockStore store(folder.path());
    for (const std::size_t statements : {1, 300, 0, 7, 600}) chain.commit(store, statements);
    expect_equal(store, chain.model);
  }
  const BlockStore store(folder.path());
  expect_equal(store, chain.model);
  store.verify_files();
}

TEST(BlockStore, FollowsReorganisationsOfAnyDepth) {
  const test::SmallDisk folder(kDiskBytes);
  Chain chain(2);
  std::optional<BlockStore> store;
  store.emplace(folder.path(), kSmall);
  for (int step = 0; step < 30; ++step) {
    for (std::size_t depth = chain.random() % (chain.model.blocks().size() + 1); depth > 0;
         --depth) {
      chain.disconnect(*store);
    }
    for (std::size_t blocks = chain.random() % 6; blocks > 0; --blocks) {
      chain.commit(*store, chain.random() % 60);
    }
    if (step % 5 == 0) {
      store.reset();
      store.emplace(folder.path(), kSmall);
    }
    expect_equal(*store, chain.model);
    if (HasFailure()) FAIL() << "at step " << step;
  }
}

TEST(BlockStore, FindsIdsInMemoryInRunsAndAfterAReorganisation) {
  const test::SmallDisk folder(kDiskBytes);
  Chain chain(3);
  {
    BlockStore store(folder.path(), kSmall);
    for (int i = 0; i < 20; ++i) chain.commit(store, 50);
    const MadeBlock gone = chain.model.blocks().back();
    chain.disconnect(store);
    for (const auto& statement : gone.statements) EXPECT_FALSE(store.find_statement(statement.id));
    chain.commit(store, 10);
    expect_equal(store, chain.model);
    EXPECT_GT(store.stats().ids_behind_from, 0U);
  }
  const BlockStore store(folder.path(), kSmall);
  expect_equal(store, chain.model);
  EXPECT_LT(store.stats().ids_in_memory, 200U);
}

TEST(BlockStore, RefusesABlockThatDoesNotFit) {
  const test::SmallDisk folder(kDiskBytes);
  Chain chain(4);
  BlockStore store(folder.path());
  chain.commit(store, 3);
  EXPECT_THROW(make_block(chain.random, 0, 1).commit_to(store), Error);
  EXPECT_THROW(make_block(chain.random, 2, 1).commit_to(store), Error);
  MadeBlock long_term = make_block(chain.random, 1, 1);
  long_term.statements[0].subject.assign(256, 'x');
  EXPECT_THROW(long_term.commit_to(store), Error);
  const Digest leaf{};
  EXPECT_THROW(store.commit({.height = 1, .leaf_hashes = {&leaf, 1}}), Error);
  expect_equal(store, chain.model);
}

TEST(BlockStore, ABodyThatIsErasedIsGoneAndItsHashesStay) {
  const test::SmallDisk folder(kDiskBytes);
  Chain chain(5);
  const auto& blocks = chain.model.blocks();
  const auto check = [&](const BlockStore& store) {
    for (std::uint32_t i = 0; i < 300; ++i) {
      const bool gone = i == 0 || i == 17 || i == 299;
      const StoredBody body = store.body({1, i});
      ASSERT_EQ(body.presence, gone ? BodyPresence::erased : BodyPresence::present) << i;
      const auto& expected = blocks[1].statements[i];
      ASSERT_EQ(std::string(body.bytes.begin(), body.bytes.end()), gone ? "" : expected.body);
      ASSERT_EQ(store.find_statement(expected.id), (Position{1, i}));
    }
    const auto all = store.bodies(1);
    EXPECT_EQ(all.entries[17].presence, BodyPresence::erased);
    EXPECT_TRUE(all.entries[17].bytes.empty());
    const Bytes next = all.entries[18].bytes;
    EXPECT_EQ(std::string(next.begin(), next.end()), blocks[1].statements[18].body);
    const auto leaves = store.leaf_hashes(1);
    for (std::uint32_t i = 0; i < 300; ++i) EXPECT_EQ(leaves[i], blocks[1].statements[i].leaf);
  };
  {
    BlockStore store(folder.path());
    for (int i = 0; i < 3; ++i) chain.commit(store, 300);
    const std::vector<Position> erased = {{1, 299}, {1, 0}, {1, 17}, {1, 17}, {1, 300}, {9, 0}};
    EXPECT_EQ(store.erase(erased), 3U);
    EXPECT_EQ(store.erase(erased), 0U);
    check(store);
    store.purge();
    check(store);
  }
  const BlockStore store(folder.path());
  check(store);
}

TEST(BlockStore, ABlockErasesBodiesWithItsOwnBatch) {
  const test::SmallDisk folder(kDiskBytes);
  Chain chain(13);
  BlockStore store(folder.path());
  for (int i = 0; i < 2; ++i) chain.commit(store, 300);
  const std::vector<std::string> texts = {"first", "second", "third"};
  const std::vector<Digest> digests(3);
  const std::vector<Bytes> bodies = {as_bytes(texts[0]), as_bytes(texts[1]), as_bytes(texts[2])};
  const std::vector<IndexTerms> terms(3);
  const std::vector<Position> erased = {{1, 250}, {2, 1}, {0, 3}, {1, 250}, {2, 7}, {9, 9}, {1, 2}};
  BlockRecord block;
  block.height = 2;
  block.leaf_hashes = block.statement_ids = digests;
  block.bodies = bodies;
  block.terms = terms;
  block.erased = erased;
  store.commit(block);
  const auto presence = [&](Position at) { return store.body(at).presence; };
  for (const Position at : {Position{1, 250}, Position{2, 1}, Position{0, 3}, Position{1, 2}}) {
    EXPECT_EQ(presence(at), BodyPresence::erased);
  }
  for (const Position at : {Position{1, 249}, Position{2, 0}, Position{2, 2}, Position{0, 4}}) {
    EXPECT_EQ(presence(at), BodyPresence::present);
  }
  const auto all = store.bodies(2);
  EXPECT_TRUE(std::ranges::equal(all.entries[2].bytes, as_bytes(texts[2])));
  store.disconnect({});
  EXPECT_EQ(presence({1, 250}), BodyPresence::erased);
  EXPECT_EQ(presence({2, 1}), BodyPresence::unknown);
}

/// Whether any file below a folder holds a text.
bool is_on_disk(const std::filesystem::path& folder, const std::string& text) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    if (content.find(text) != std::string::npos) return true;
  }
  return false;
}

TEST(BlockStore, PurgeLeavesNoByteOfADeletedBodyInAnyFile) {
  const test::SmallDisk folder(kDiskBytes);
  Chain chain(6);
  BlockStore store(folder.path());
  const auto marked_block = [&](std::size_t statements) {
    MadeBlock block =
        make_block(chain.random, static_cast<Height>(chain.model.blocks().size()), statements);
    // Random bytes are not changed by compression.
    block.statements[0].body =
        std::string(block.header.begin(), block.header.begin() + 32) + block.header;
    block.header = "header";
    block.commit_to(store);
    chain.model.commit(block);
    return block.statements[0].body.substr(32, 48);
  };
  const std::string erased = marked_block(200), kept = marked_block(200);
  const std::string pruned = marked_block(200);
  store.purge();  // Nothing to do.
  ASSERT_TRUE(is_on_disk(folder.path(), erased));
  const Position first{0, 0};
  EXPECT_EQ(store.erase({&first, 1}), 1U);
  EXPECT_TRUE(is_on_disk(folder.path(), erased));
  store.purge();
  EXPECT_FALSE(is_on_disk(folder.path(), erased));
  EXPECT_TRUE(is_on_disk(folder.path(), kept));
  store.prune_bodies(3);
  store.purge();
  EXPECT_FALSE(is_on_disk(folder.path(), pruned));
  EXPECT_FALSE(is_on_disk(folder.path(), kept));
}

TEST(BlockStore, PruningByAgeKeepsEverythingElse) {
  const test::SmallDisk folder(kDiskBytes);
  Chain chain(7);
  {
    BlockStore store(folder.path(), kSmall);
    for (int i = 0; i < 10; ++i) chain.commit(store, 100);
    store.prune_bodies(6);
    store.prune_bodies(2);
    store.purge();
  }
  BlockStore store(folder.path(), kSmall);
  for (Height height = 0; height < 10; ++height) {
    const BodyPresence expected = height < 6 ? BodyPresence::pruned : BodyPresence::present;
    EXPECT_EQ(store.body({height, 5}).presence, expected);
    EXPECT_EQ(store.bodies(height).entries[5].presence, expected);
    EXPECT_EQ(store.body({height, 100}).presence, BodyPresence::unknown);
    EXPECT_EQ(store.leaf_hashes(height)[5], chain.model.blocks()[height].statements[5].leaf);
    EXPECT_EQ(store.find_statement(chain.model.blocks()[height].statements[5].id),
              (Position{height, 5}));
  }
  // Blocks that come after, and a height that is used again, have bodies.
  chain.disconnect(store);
  chain.commit(store, 10);
  EXPECT_EQ(store.body({9, 5}).presence, BodyPresence::present);
}

TEST(BlockStore, PruningByTypeDeletesThatTypeBelowAHeight) {
  const test::SmallDisk folder(kDiskBytes);
  Chain chain(8);
  BlockStore store(folder.path());
  for (int i = 0; i < 4; ++i) chain.commit(store, 100);
  std::size_t expected = 0;
  for (Height height = 0; height < 3; ++height) {
    for (const auto& statement : chain.model.blocks()[height].statements)
      expected += statement.type == 2;
  }
  const BodyTally counted = store.count_bodies_of_type(2, 3);
  EXPECT_EQ(counted.statements, expected);
  EXPECT_EQ(store.prune_bodies_of_type(2, 3), counted);
  EXPECT_EQ(store.prune_bodies_of_type(2, 3), BodyTally{});
  for (const MadeBlock& block : chain.model.blocks()) {
    const auto bodies = store.bodies(block.height);
    for (std::uint32_t i = 0; i < 100; ++i) {
      const bool gone = block.height < 3 && block.statements[i].type == 2;
      EXPECT_EQ(bodies.entries[i].presence, gone ? BodyPresence::pruned : BodyPresence::present);
    }
  }
}

TEST(BlockStore, DisconnectNeedsTheUndoRecord) {
  const test::SmallDisk folder(kDiskBytes);
  Chain chain(9);
  BlockStore store(folder.path());
  for (int i = 0; i < 4; ++i) chain.commit(store, 5);
  store.prune_undo(3);
  EXPECT_FALSE(store.undo(2));
  EXPECT_TRUE(store.undo(3));
  chain.disconnect(store);
  EXPECT_THROW(store.disconnect({}), Error);
  EXPECT_EQ(store.tip()->height, 2U);
}

TEST(BlockStore, KeepsABoundedNumberOfSideBlocks) {
  const test::SmallDisk folder(kDiskBytes);
  Chain chain(10);
  BlockStoreOptions options;
  options.max_side_blocks = 3;
  options.max_side_bytes = 100;
  const auto id = [](std::uint8_t number) {
    BlockId made{};
    made[0] = number;
    return made;
  };
  const auto heights = [](const BlockStore& store) {
    std::vector<Height> found;
    for (const SideBlock& block : store.side_blocks()) found.push_back(block.height);
    return found;
  };
  const std::string text(30, 'x'), long_text(90, 'y'), too_long(101, 'z');
  {
    BlockStore store(folder.path(), options);
    EXPECT_FALSE(store.put_side_block(id(0), 0, as_bytes(too_long)));
    for (std::uint8_t number = 1; number <= 4; ++number) {
      EXPECT_TRUE(store.put_side_block(id(number), number, as_bytes(text)));
    }
    EXPECT_THAT(heights(store), testing::ElementsAre(2, 3, 4));
    EXPECT_FALSE(store.side_block(id(1)));
    EXPECT_EQ(store.side_block(id(2)), std::vector<std::uint8_t>(30, 'x'));
  }
  BlockStore store(folder.path(), options);
  EXPECT_THAT(heights(store), testing::ElementsAre(2, 3, 4));
  EXPECT_TRUE(store.put_side_block(id(4), 4, as_bytes(long_text)));
  EXPECT_THAT(heights(store), testing::ElementsAre(4));
  store.prune_side_blocks(5);
  EXPECT_TRUE(store.side_blocks().empty());

  // A block that leaves the chain is kept by the same batch, and taken out when it comes back.
  const MadeBlock block = make_block(chain.random, 0, 2);
  block.commit_to(store);
  chain.model.commit(block);
  chain.disconnect(store, as_bytes(text));
  EXPECT_EQ(store.side_block(block.id), std::vector<std::uint8_t>(30, 'x'));
  block.commit_to(store);
  EXPECT_FALSE(store.side_block(block.id));
}

TEST(BlockStore, ReadersSeeWholeBlocksWhileBlocksAreWritten) {
  const test::SmallDisk folder(kDiskBytes);
  Chain chain(12);
  BlockStore store(folder.path(), kSmall);
  chain.commit(store, 30);
  std::vector<std::jthread> readers;
  for (int reader = 0; reader < 2; ++reader) {
    readers.emplace_back([&store](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const Height height = store.tip()->height;
        const auto ids = store.statement_ids(height);
        const auto bodies = store.bodies(height);
        ASSERT_EQ(ids.size(), 30U);
        ASSERT_EQ(bodies.entries.size(), 30U);
        ASSERT_EQ(store.leaf_hashes(height).size(), 30U);
        ASSERT_EQ(store.find_statement(ids[7]), (Position{height, 7}));
        ASSERT_FALSE(store.find({.kind = IndexKind::time, .height_from = height}).hits.empty());
      }
    });
  }
  for (int i = 0; i < 60; ++i) chain.commit(store, 30);
  readers.clear();
  expect_equal(store, chain.model);
}

TEST(BlockStore, ABackupOfAStoreInUseIsRestored) {
  const test::SmallDisk folder(kDiskBytes);
  Chain chain(11);
  BlockStore store(folder.path() / "store", kSmall);
  for (int i = 0; i < 3; ++i) chain.commit(store, 100);
  const std::uint32_t first = store.backup(folder.path() / "backup");
  for (int i = 0; i < 3; ++i) chain.commit(store, 100);
  const std::uint32_t second = store.backup(folder.path() / "backup");
  EXPECT_GT(second, first);
  const ModelStore saved = chain.model;
  chain.commit(store, 100);

  BlockStore::keep_newest_backup(folder.path() / "backup");
  EXPECT_THROW(BlockStore::restore(folder.path() / "backup", first, folder.path() / "old"), Error);
  BlockStore::restore(folder.path() / "backup", second, folder.path() / "restored");
  BlockStore restored(folder.path() / "restored", kSmall);
  expect_equal(restored, saved);
  make_block(chain.random, 6, 10).commit_to(restored);
  expect_equal(store, chain.model);
  EXPECT_THROW(BlockStore::restore(folder.path() / "backup", second, folder.path() / "restored"),
               Error);
  EXPECT_THROW(BlockStore::restore(folder.path() / "nothing", 1, folder.path() / "new"), Error);
}

}  // namespace
}  // namespace salus::node

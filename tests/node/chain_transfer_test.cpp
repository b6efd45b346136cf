// Blocks as a stream: what leaves one chain is what another one takes, and nothing else.
#include "node/chain_transfer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/error.h"
#include "node/chain/block_stream.h"
#include "node/node.h"
#include "node/statement/erasure.h"
#include "tests/node/made_node.h"
#include "tests/support/temporary_folder.h"

namespace salus::node::test {
namespace {

using testing::HasSubstr;
using Stream = std::vector<std::uint8_t>;

/// Bytes that arrive a few at a time.
class SlowSource final : public ByteSource {
 public:
  explicit SlowSource(Bytes bytes) : rest_(bytes) {}
  std::size_t read(std::span<std::uint8_t> out) override {
    constexpr std::size_t kPiece = 7;
    const std::size_t count = std::min({kPiece, out.size(), rest_.size()});
    std::ranges::copy(rest_.first(count), out.begin());
    rest_ = rest_.subspan(count);
    return count;
  }

 private:
  Bytes rest_;
};

class ChainTransfer : public testing::Test {
 protected:
  ChainTransfer() : node_(folder_.path() / "a", {.devices = 3}) { node_.add_blocks(4); }

  /// Blocks of the node; `ends` gets where each ends.
  [[nodiscard]] Stream exported(BlockRange range = {0, 4}) {
    BlockStore store(node_.folder() / kBlocksFolder);
    Stream stream;
    ends_.clear();
    export_blocks(BlockStoreStorage(store), range, [&](Bytes block) {
      stream.insert(stream.end(), block.begin(), block.end());
      ends_.push_back(stream.size());
    });
    return stream;
  }

  /// Imports into a chain of the same genesis, which stays for the next call.
  ImportReport imported(Bytes stream) {
    BlockStore store(folder_.path() / "b");
    BlockStoreStorage storage(store);
    Chain chain(node_.factory().genesis(), node_.engine(), storage);
    SlowSource source(stream);
    return import_blocks(chain, source);
  }

  salus::test::TemporaryFolder folder_;
  MadeNode node_;
  std::vector<std::size_t> ends_;
};

TEST_F(ChainTransfer, BringsAllBlocksFromOneChainToAnother) {
  const Stream stream = exported();
  const ImportReport report = imported(stream);
  EXPECT_EQ(report.problem, std::nullopt);
  EXPECT_EQ(report.blocks, 5U);
  EXPECT_EQ(report.known, 1U);  // genesis
  EXPECT_EQ(report.height, 4U);
  EXPECT_EQ(report.statements, 16U);
  EXPECT_EQ(report.bytes, stream.size());
  BlockStore store(folder_.path() / "b");
  Stream again;
  export_blocks(BlockStoreStorage(store), {0, 4},
                [&](Bytes block) { again.insert(again.end(), block.begin(), block.end()); });
  EXPECT_EQ(again, stream);
}

TEST_F(ChainTransfer, GoesOnWhereTheChainHasBlocksAlready) {
  EXPECT_EQ(imported(exported({1, 2})).height, 2U);
  const ImportReport report = imported(exported());
  EXPECT_EQ(report.problem, std::nullopt);
  EXPECT_EQ(report.known, 3U);
  EXPECT_EQ(report.height, 4U);
}

TEST_F(ChainTransfer, SaysThatBlocksBetweenAreMissing) {
  const ImportReport report = imported(exported({3, 4}));
  EXPECT_THAT(report.problem.value_or(""), HasSubstr("block 0 of the stream"));
  EXPECT_THAT(report.problem.value_or(""), HasSubstr("this chain ends at height 0"));
}

TEST_F(ChainTransfer, NamesTheFirstBadBlockAndItsFault) {
  Stream stream = exported();
  stream[ends_[3] - 10] ^= 1;  // in the last signature of block 3
  const ImportReport report = imported(stream);
  EXPECT_THAT(report.problem.value_or(""), HasSubstr("block 3 of the stream, height 3, id "));
  EXPECT_THAT(report.problem.value_or(""), HasSubstr("wrong_root"));
  EXPECT_EQ(report.height, 2U);
  // The good one is taken when it comes.
  EXPECT_EQ(imported(exported()).height, 4U);
}

TEST_F(ChainTransfer, NamesAStreamThatIsCutShort) {
  const Stream stream = exported();
  for (const std::size_t size : {ends_[2] + 1, ends_[2] + 40, ends_[3] - 1}) {
    const ImportReport report = imported(Bytes(stream).first(size));
    EXPECT_EQ(report.problem, "block 3 of the stream, at byte " + std::to_string(ends_[2]) +
                                  ", is cut short: the stream ends within it");
  }
  EXPECT_EQ(imported(Bytes(stream).first(ends_[3])).problem, std::nullopt);
}

TEST_F(ChainTransfer, RefusesTheBlocksOfAnotherChain) {
  MadeNode other(folder_.path() / "c", {.devices = 1});
  other.add_blocks(1);
  BlockStore store(other.folder() / kBlocksFolder);
  Stream stream;
  export_blocks(BlockStoreStorage(store), {0, 1},
                [&](Bytes block) { stream.insert(stream.end(), block.begin(), block.end()); });
  EXPECT_THAT(imported(stream).problem.value_or(""), HasSubstr("begins another chain"));
}

TEST_F(ChainTransfer, RefusesToHandOutABlockWithoutABody) {
  Digest erased{};
  {
    BlockStore store(node_.folder() / kBlocksFolder);
    erased = store.statement_ids(2).at(1);
  }
  const std::vector<MadeNode::Message> erasure{
      node_.by_authority(ContentType::erasure, encode(Erasure{erased}))};
  node_.add_block(erasure);
  try {
    (void)exported();
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("block 2: "));
  }
  EXPECT_EQ(ends_.size(), 2U);
}

TEST(BlockStream, RefusesWhatIsNoBlockWithoutHoldingIt) {
  BlockLimits limits;
  limits.block_bytes = 1000;
  limits.statements = 10;
  const auto problem_of = [&](Stream bytes) {
    MemorySource source(bytes);
    BlockStreamReader stream(source, limits);
    try {
      while (stream.next()) {
      }
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  Stream front{0x82, 0x58, 80};
  front.resize(83);
  const auto with = [&front](std::initializer_list<std::uint8_t> more) {
    Stream bytes = front;
    bytes.insert(bytes.end(), more);
    return bytes;
  };
  EXPECT_EQ(problem_of({}), "");
  EXPECT_EQ(problem_of(with({0x81, 0x41, 0})), "");
  EXPECT_THAT(problem_of({0x83}), HasSubstr("is no block"));
  EXPECT_THAT(problem_of({0x9f}), HasSubstr("is no block"));
  EXPECT_THAT(problem_of({0x82, 0x58, 79}), HasSubstr("is no block"));
  EXPECT_THAT(problem_of(with({0x8b})), HasSubstr("more statements"));
  EXPECT_THAT(problem_of(with({0x81, 0x59, 0xff, 0xff})), HasSubstr("larger than"));
  EXPECT_THAT(problem_of(with({0x81, 0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})),
              HasSubstr("larger than"));
  EXPECT_THAT(problem_of(with({0x81, 0x58, 1, 0})), HasSubstr("is no block"));  // not shortest
  EXPECT_THAT(problem_of(with({0x81, 0x41, 0, 0x82})), HasSubstr("block 1 of the stream"));
}

}  // namespace
}  // namespace salus::node::test

// Blocks and transactions taken apart; hostile bytes refused.
#include "engine/bitcoin/block.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "engine/error.h"
#include "tests/engine/bitcoin/builder.h"

namespace salus::bitcoin {
namespace {

using test::Data;
using test::join;
using testing::HasSubstr;

/// What `read_block` says against the bytes; empty when it takes them.
std::string fault(const Data& bytes) {
  try {
    (void)read_block(bytes);
    return {};
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    return error.what();
  }
}

Data stripped(const Transaction& transaction) {
  Data out;
  transaction.append_stripped(out);
  EXPECT_EQ(out.size(), transaction.stripped_size());
  return out;
}

TEST(ByteReader, TakesCompactSizesInTheirShortestFormOnly) {
  const auto value = [](const Data& bytes) { return ByteReader(bytes).compact_size("size"); };
  EXPECT_EQ(value({0xfc}), 0xfcU);
  EXPECT_EQ(value({0xfd, 0xfd, 0x00}), 0xfdU);
  EXPECT_EQ(value({0xfe, 0x00, 0x00, 0x01, 0x00}), 0x10000U);
  EXPECT_EQ(value({0xff, 0, 0, 0, 0, 1, 0, 0, 0}), 0x100000000U);
  EXPECT_EQ(value(Data(9, 0xff)), UINT64_MAX);
  EXPECT_THROW(value({0xfd, 0xfc, 0x00}), Error);
  EXPECT_THROW(value({0xfe, 0xff, 0xff, 0x00, 0x00}), Error);
  EXPECT_THROW(value({0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0}), Error);
  EXPECT_THROW(value({0xfd, 0xfd}), Error);
  EXPECT_THROW(value({}), Error);
}

TEST(Block, OfMainnetIsReadWhole) {
  const Data bytes = test::read_file("block413567.raw");
  const Block block = read_block(bytes);
  EXPECT_EQ(block.size, bytes.size());
  EXPECT_EQ(block.transactions.size(), 1557U);
  EXPECT_TRUE(block.transactions.front().is_coinbase);
  EXPECT_FALSE(block.transactions.back().is_coinbase);
}

TEST(Block, WithWitnessesGivesTheIdsWithoutThem) {
  const Data bytes = test::read_file("testnet-segwit-block.raw");
  const Block block = read_block(bytes);
  EXPECT_EQ(block.size, bytes.size());
  std::size_t with_witness = 0;
  std::vector<Digest> ids;
  for (const Transaction& transaction : block.transactions) {
    with_witness += transaction.has_witness ? 1 : 0;
    ids.push_back(test::sha256d(stripped(transaction)));
  }
  EXPECT_EQ(with_witness, 1U);  // the coinbase, for its reserved value (BIP 141)
  // The block's Merkle root is over those ids, so that it proves all of them at once.
  EXPECT_EQ(salus::test::ReferenceTree(engine::TreeKind::bitcoin).root(ids),
            block.header.merkle_root);
}

TEST(Block, LeavesWhatFollowsItAlone) {
  const Data block = test::valid_block({}, test::plans(3, true));
  Data longer = block;
  longer.push_back(7);
  EXPECT_EQ(read_block(longer).size, block.size());
}

TEST(Block, CutShortAnywhereIsRefused) {
  for (const bool witness : {false, true}) {
    const Data block = test::valid_block({}, test::plans(3, witness));
    for (std::size_t size = 0; size < block.size(); ++size)
      ASSERT_NE(fault(Data(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(size))), "")
          << size;
  }
}

TEST(Block, WithBytesChangedAtRandomIsReadOrRefusedButNothingElse) {
  std::mt19937 random(5);
  const Data good = test::read_file("testnet-segwit-block.raw");
  for (int i = 0; i < 3000; ++i) {
    Data bytes = good;
    for (int flips = 0; flips < 1 + i % 4; ++flips)
      bytes[80 + random() % (bytes.size() - 80)] = static_cast<std::uint8_t>(random());
    (void)fault(bytes);
  }
}

class HostileBlock : public testing::Test {
 protected:
  /// Why a block with these bytes behind its header is refused.
  static std::string why(const std::vector<Data>& parts) {
    return fault(join({Data(80, 0), join(parts)}));
  }
  static inline const Data version = test::number(2, 4);
  static inline const Data lock_time = test::number(0, 4);
  static inline const Data input = join({Data(36, 1), Data{0}, Data(4, 0)});
  static inline const Data output = join({Data(8, 0), Data{0}});
  static inline const Data all_ones = Data(9, 0xff);  // compact size 2^64 - 1
};

TEST_F(HostileBlock, CannotMakeUsAllocateByItsCounts) {
  EXPECT_THAT(why({all_ones, version}), HasSubstr("transaction count 18446744073709551615"));
  EXPECT_THAT(why({{1}, version, all_ones, Data(80, 0)}), HasSubstr("input count"));
  EXPECT_THAT(why({{1}, version, {1}, input, all_ones, Data(80, 0)}), HasSubstr("output count"));
  EXPECT_THAT(why({{1}, version, {1}, Data(36, 1), all_ones, Data(80, 0)}),
              HasSubstr("input script needs 18446744073709551615 bytes"));
  EXPECT_THAT(why({{1}, version, {0, 1, 1}, input, {1}, output, all_ones, Data(80, 0)}),
              HasSubstr("witness item count"));
}

TEST_F(HostileBlock, HasNoEmptyParts) {
  EXPECT_THAT(why({Data{0}, Data(80, 0)}), HasSubstr("no transactions"));
  EXPECT_THAT(why({{1}, version, {0, 0}, Data(80, 0)}), HasSubstr("flag 0x00"));
  EXPECT_THAT(why({{1}, version, {0, 2}, Data(80, 0)}), HasSubstr("flag 0x02"));
  EXPECT_THAT(why({{1}, version, {0, 1, 0}, Data(80, 0)}), HasSubstr("no inputs"));
  EXPECT_THAT(why({{1}, version, {1}, input, Data{0}, Data(80, 0)}), HasSubstr("no outputs"));
}

TEST_F(HostileBlock, HasOneSerialisationOnly) {
  EXPECT_EQ(why({{1}, version, {1}, input, {1}, output, lock_time}), "");
  EXPECT_THAT(why({{1}, version, {0, 1, 1}, input, {1}, output, Data{0}, lock_time}),
              HasSubstr("witness flag without a witness"));
  EXPECT_THAT(why({{0xfd, 1, 0}, version, {1}, input, {1}, output, lock_time}),
              HasSubstr("shortest form"));
  EXPECT_THAT(why({{1}, version, {1}, input, {0xfe, 1, 0, 0, 0}, output, lock_time}),
              HasSubstr("transaction 0: output count 1 is not in its shortest form"));
}

TEST_F(HostileBlock, IsNamedByItsTransaction) {
  const Data good = join({version, {1}, input, {1}, output, lock_time});
  EXPECT_THAT(why({{3}, good, good, version, {1}, Data(55, 7)}), HasSubstr("transaction 2: "));
}

}  // namespace
}  // namespace salus::bitcoin

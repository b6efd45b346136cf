// Real blocks hold; every kind of broken one is found and named.
#include "engine/bitcoin/verifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/bitcoin/hex_source.h"
#include "engine/error.h"
#include "tests/engine/bitcoin/builder.h"

namespace salus::bitcoin {
namespace {

using test::Data;
using test::join;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

engine::Engine& one_thread() {
  static engine::Engine engine({.devices = "cpu", .cpu = {.threads = 1, .variant = ""}});
  return engine;
}

struct Verdict {
  std::vector<InputSummary> summaries;
  std::vector<Failure> failures;
  /// "INDEX: REASON" each.
  [[nodiscard]] std::vector<std::string> reasons() const {
    std::vector<std::string> out;
    for (const Failure& f : failures) out.push_back(std::to_string(f.index) + ": " + f.reason);
    return out;
  }
};

Verdict verify(const std::vector<Data>& inputs, bool allow_gaps = false) {
  Verdict out;
  out.summaries.resize(inputs.size());
  VerifyOptions options;
  options.allow_gaps = allow_gaps;
  Verifier verifier(one_thread(), options,
                    [&](const Failure& failure) { out.failures.push_back(failure); });
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    HexOrBinarySource source(std::make_unique<MemorySource>(inputs[i]));
    verifier.verify(i, source, out.summaries[i]);
  }
  verifier.finish();
  return out;
}

TEST(Verifier, AcceptsRealBlocks) {
  const Verdict verdict =
      verify({test::read_file("block413567.raw"), test::read_file("blocks1-256.dat"),
              test::read_file("headers1-11.txt"), test::read_file("testnet-segwit-block.raw")});
  EXPECT_THAT(verdict.reasons(), IsEmpty());
  EXPECT_EQ(verdict.summaries[0].transactions, 1557U);
  EXPECT_EQ(verdict.summaries[0].bytes, 999887U);
  EXPECT_EQ(verdict.summaries[1].headers, 255U);
  EXPECT_EQ(verdict.summaries[1].work, pow::Uint256(0x100010001) * 255);
  EXPECT_STREQ(verdict.summaries[1].network->name, "mainnet");
  EXPECT_EQ(verdict.summaries[2].headers, 11U);
  EXPECT_EQ(verdict.summaries[3].headers, 1U);
}

TEST(Verifier, AcceptsChainsOfManySizesWithAndWithoutWitnesses) {
  for (const bool witness : {false, true}) {
    const Verdict plain = verify({join(test::chain(40, {}, witness))});
    EXPECT_THAT(plain.reasons(), IsEmpty());
    EXPECT_EQ(plain.summaries[0].headers, 40U);
  }
}

TEST(Verifier, RefusesAHeaderWithoutWork) {
  Data file = test::read_file("blocks1-256.dat");
  const std::size_t first_size = file[4] | static_cast<std::size_t>(file[5]) << 8;
  file[8 + first_size + 8 + 76] ^= 1;  // the nonce of block 2: block 3 no longer has its parent
  EXPECT_THAT(verify({file}).reasons(),
              ElementsAre("1: no proof of work: the id is above the target of bits 1d00ffff",
                          "2: previous block "
                          "000000006a625f06636b8bb6ac7b960a8d03705d1ace08b1a19da3fdcc99ddbd"
                          " is in none of the inputs"));
}

TEST(Verifier, RefusesBitsThatAreNoTarget) {
  for (const std::uint32_t bits : {0x00000000U, 0x1d80ffffU, 0xff123456U}) {
    pow::Header header = test::header_after({}, {});
    header.bits = bits;
    EXPECT_THAT(verify({test::bytes_of(header)}).reasons(),
                ElementsAre(HasSubstr("are no target")));
  }
}

TEST(Verifier, RefusesBitsThatTheNetworkDoesNotAllow) {
  Data file = test::framed(test::valid_block(test::some_id(), test::plans(2)));
  EXPECT_THAT(verify({file}).reasons(), IsEmpty());
  std::ranges::copy(Data{0xf9, 0xbe, 0xb4, 0xd9}, file.begin());
  EXPECT_THAT(verify({file}).reasons(),
              ElementsAre("0: bits 207fffff are easier than mainnet allows (1d00ffff)"));
}

TEST(Verifier, KnowsEachNetworksGenesis) {
  EXPECT_THAT(verify({test::sequence(test::chain(2))}).reasons(),
              ElementsAre("0: has no previous block, but is not the genesis of regtest"));
  // Block 0 of mainnet: its header and its one transaction.
  const Data genesis =
      from_hex(
          "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b2"
          "7ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c0101000000010000"
          "000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d01044554"
          "68652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f6620"
          "7365636f6e64206261696c6f757420666f722062616e6b73ffffffff0100f2052a01000000434104678afdb0"
          "fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de"
          "5c384df7ba0b8d578a4c702b6bf11d5fac00000000")
          .value();
  const Data framed = join({{0xf9, 0xbe, 0xb4, 0xd9}, test::number(genesis.size(), 4), genesis});
  const Verdict verdict = verify({join({framed, test::read_file("blocks1-256.dat")})});
  EXPECT_THAT(verdict.reasons(), IsEmpty());
  EXPECT_EQ(verdict.summaries[0].headers, 256U);
}

class BrokenChain : public testing::Test {
 protected:
  std::vector<Data> blocks = test::chain(10, test::some_id());
};

TEST_F(BrokenChain, WithABlockMissingHasALooseEnd) {
  blocks.erase(blocks.begin() + 4);
  const auto gap = ElementsAre(HasSubstr("4: previous block "));
  EXPECT_THAT(verify({test::sequence(blocks)}).reasons(), gap);
  EXPECT_THAT(verify({join(blocks)}).reasons(), gap);
  EXPECT_THAT(verify({join(blocks)}, true).reasons(), IsEmpty());
}

TEST_F(BrokenChain, InAnyOrderAndSpreadOverFilesStillLinks) {
  std::swap(blocks[3], blocks[7]);
  std::swap(blocks[5], blocks[8]);
  const auto middle = blocks.begin() + 4;
  const Data first = test::sequence({blocks.begin(), middle});
  const Data second = test::sequence({middle, blocks.end()});
  EXPECT_THAT(verify({first, second}).reasons(), IsEmpty());
  EXPECT_THAT(verify({second, first}).reasons(), IsEmpty());
  const Verdict alone = verify({first});
  ASSERT_EQ(alone.failures.size(), 1U);
  EXPECT_EQ(alone.failures[0].id, test::id_of(blocks[3]));
}

TEST_F(BrokenChain, OfHeadersMustBeInOrder) {
  Data headers;
  for (const Data& block : blocks) test::append(headers, {block.begin(), block.begin() + 80});
  EXPECT_THAT(verify({headers}).reasons(), IsEmpty());
  std::swap_ranges(headers.begin() + 160, headers.begin() + 240, headers.begin() + 240);
  EXPECT_THAT(verify({headers}).reasons(),
              ElementsAre(HasSubstr("2: previous id "), HasSubstr("3: previous id "),
                          HasSubstr("4: previous id ")));
}

TEST_F(BrokenChain, WithADamagedTransactionNamesItAndStillLinks) {
  blocks[6][85] = 0xfc;
  EXPECT_THAT(verify({test::sequence(blocks)}).reasons(),
              ElementsAre(HasSubstr("6: transaction 0: ")));
}

TEST_F(BrokenChain, WithBytesBehindABlockIsRefused) {
  blocks[6].push_back(0);
  EXPECT_THAT(verify({test::sequence(blocks)}).reasons(),
              ElementsAre("6: 1 bytes after the last transaction"));
}

std::vector<std::string> reasons_against(const Digest& root,
                                         const std::vector<test::TransactionPlan>& transactions) {
  const pow::Header header = test::header_after(test::some_id(), root);
  return verify({test::block_of(header, transactions)}).reasons();
}

TEST(OddBlock, WithAnotherRootIsRefused) {
  for (const std::size_t count : {1U, 2U, 5U, 200U}) {
    auto transactions = test::plans(count);
    const Digest root = test::bitcoin_root(transactions);
    EXPECT_THAT(reasons_against(root, transactions), IsEmpty());
    transactions.back().seed += 1'000'000;
    EXPECT_THAT(reasons_against(root, transactions), ElementsAre(HasSubstr("0: Merkle root is ")));
  }
}

// CVE-2012-2459: the same header serves for a list whose end is repeated.
TEST(OddBlock, WithARepeatedEndIsRefusedThoughItsRootIsRight) {
  for (const std::size_t count : {3U, 5U, 6U, 7U, 12U}) {
    auto transactions = test::plans(count, true);
    const Digest root = test::bitcoin_root(transactions);
    const std::size_t width = count & (~count + 1);
    for (std::size_t i = 0; i < width; ++i) transactions.push_back(transactions[count - width + i]);
    ASSERT_EQ(test::bitcoin_root(transactions), root);
    EXPECT_THAT(reasons_against(root, transactions), ElementsAre(HasSubstr("CVE-2012-2459")))
        << count;
  }
}

TEST(OddBlock, HasOneCoinbaseAndItComesFirst) {
  auto transactions = test::plans(3);
  transactions[0].coinbase = false;
  EXPECT_THAT(reasons_against(test::bitcoin_root(transactions), transactions),
              ElementsAre("0: transaction 0 is no coinbase"));
  transactions[0].coinbase = transactions[2].coinbase = true;
  EXPECT_THAT(reasons_against(test::bitcoin_root(transactions), transactions),
              ElementsAre("0: transaction 2 is a second coinbase"));
}

TEST(Verifier, StopsWhenAskedTo) {
  std::stop_source stop;
  VerifyOptions options;
  options.stop = stop.get_token();
  options.progress = [&](std::uint64_t) { stop.request_stop(); };
  Verifier verifier(one_thread(), options, [](const Failure&) {});
  const Data bytes = test::read_file("blocks1-256.dat");
  MemorySource source(bytes);
  InputSummary summary;
  EXPECT_THROW(verifier.verify(0, source, summary), Cancelled);
}

}  // namespace
}  // namespace salus::bitcoin

// Formats told apart, and records found again behind damage.
#include "engine/bitcoin/block_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/bitcoin/block.h"
#include "engine/error.h"
#include "tests/engine/bitcoin/builder.h"
#include "tests/support/trickle.h"

namespace salus::bitcoin {
namespace {

using salus::test::Trickle;
using test::Data;
using test::join;
using testing::ElementsAre;
using testing::HasSubstr;

struct CutStream {
  Format format = Format::headers;
  std::vector<Data> records;  ///< Empty where there is a fault.
  std::vector<std::uint64_t> offsets;
  std::vector<std::string> faults;
  std::string error;
};

CutStream cut(ByteSource& source) {
  CutStream out;
  try {
    BlockReader reader(source);
    out.format = reader.format();
    for (auto batch = reader.next_batch(); !batch.empty(); batch = reader.next_batch()) {
      for (const Record& record : batch) {
        EXPECT_EQ(record.index, out.records.size());
        out.records.emplace_back(record.bytes.begin(), record.bytes.end());
        out.offsets.push_back(record.offset);
        if (!record.fault.empty()) out.faults.push_back(record.fault);
      }
    }
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    out.error = error.what();
  }
  return out;
}

CutStream cut(const Data& bytes) {
  MemorySource source(bytes);
  return cut(source);
}

TEST(BlockReader, TellsTheFormatsApart) {
  EXPECT_EQ(cut(test::read_file("block413567.raw")).format, Format::blocks);
  EXPECT_EQ(cut(test::read_file("blocks1-256.dat")).format, Format::sequence);
  EXPECT_EQ(cut(test::bytes_of(test::header_after({}, {}))).format, Format::headers);
}

TEST(BlockReader, FindsTheNetwork) {
  const Data block = test::valid_block({}, test::plans(1));
  for (const Network& network : networks()) {
    const Data magic(network.magic.begin(), network.magic.end());
    const Data bytes = join({magic, test::number(block.size(), 4), block});
    MemorySource source(bytes);
    BlockReader reader(source);
    EXPECT_EQ(reader.network(), &network);
    EXPECT_EQ(reader.next_batch().size(), 1U) << network.name;
  }
}

TEST(BlockReader, CutsBlocksWithoutFrames) {
  const std::vector<Data> blocks = test::chain(5);
  const CutStream result = cut(join(blocks));
  EXPECT_EQ(result.format, Format::blocks);
  EXPECT_EQ(result.records, blocks);
  EXPECT_THAT(cut(blocks[0]).records, ElementsAre(blocks[0]));
}

TEST(BlockReader, CutsHeadersAndNamesTheShortOne) {
  std::vector<Data> headers;
  Digest previous{};
  for (int i = 0; i < 4; ++i) {
    headers.push_back(test::bytes_of(test::header_after(previous, {})));
    previous = test::id_of(headers.back());
  }
  EXPECT_EQ(cut(join(headers)).records, headers);
  Data short_one = join(headers);
  short_one.pop_back();
  const CutStream result = cut(short_one);
  EXPECT_EQ(result.records.size(), 3U);
  EXPECT_EQ(result.error, "79 bytes after header 2: a header has 80");
}

TEST(BlockReader, RefusesWhatIsNeither) {
  EXPECT_EQ(cut(Data{}).error, "empty");
  EXPECT_EQ(cut(Data(79, 1)).error, "79 bytes: a header has 80, a block at least 141");
  EXPECT_THAT(cut(Data(1000, 0x41)).error, HasSubstr("neither a block ("));
}

TEST(BlockReader, KnowsADamagedBlockByItsWork) {
  Data block = test::valid_block({}, test::plans(4));
  block[81 + 4] = 0xfc;  // the input count of transaction 0
  const CutStream result = cut(block);
  EXPECT_EQ(result.format, Format::blocks);
  ASSERT_EQ(result.faults.size(), 1U);
  EXPECT_THAT(result.faults[0], HasSubstr("transaction 0: input count"));
}

class Sequence : public testing::Test {
 protected:
  std::vector<Data> blocks = test::chain(6);
  Data bytes = test::sequence(blocks);
  /// Where the frame of block `i` begins.
  [[nodiscard]] std::size_t frame(std::size_t i) const {
    std::size_t offset = 0;
    for (std::size_t b = 0; b < i; ++b) offset += 8 + blocks[b].size();
    return offset;
  }
  /// The blocks with one lost.
  [[nodiscard]] std::vector<Data> without(std::size_t i) const {
    std::vector<Data> out = blocks;
    out[i].clear();
    return out;
  }
};

TEST_F(Sequence, IsCutIntoItsBlocks) {
  const CutStream result = cut(bytes);
  EXPECT_EQ(result.records, blocks);
  for (std::size_t i = 0; i < blocks.size(); ++i) EXPECT_EQ(result.offsets[i], frame(i) + 8);
}

TEST_F(Sequence, MayBePaddedWithZeros) {
  for (const std::size_t zeros : {1U, 3U, 4U, 7U, 8U, 1000000U})
    EXPECT_EQ(cut(join({bytes, Data(zeros, 0)})).records, blocks) << zeros;
  EXPECT_EQ(cut(join({bytes, Data(100, 0), bytes})).records.size(), 2 * blocks.size());
  EXPECT_TRUE(cut(join({bytes, Data(30'000'000, 0), bytes})).faults.empty());
}

TEST_F(Sequence, ArrivesInPiecesOfAnySize) {
  for (const std::size_t piece : {1U, 7U, 64U, 1000U}) {
    Trickle source(bytes, piece);
    EXPECT_EQ(cut(source).records, blocks) << piece;
  }
}

TEST_F(Sequence, IsFoundAgainBehindADamagedMagic) {
  bytes[frame(2)] ^= 1;
  const CutStream result = cut(bytes);
  EXPECT_EQ(result.records, without(2));
  EXPECT_THAT(result.faults, ElementsAre(HasSubstr("not the magic bytes of regtest")));
  EXPECT_EQ(result.offsets[2], frame(2));
}

TEST_F(Sequence, IsFoundAgainBehindADamagedLength) {
  const std::size_t at = frame(3) + 4;
  for (const unsigned change : {0x01U, 0x10U, 0x80U}) {
    for (const std::size_t byte : {0U, 1U, 3U}) {
      Data damaged = bytes;
      damaged[at + byte] = static_cast<std::uint8_t>(damaged[at + byte] ^ change);
      const CutStream result = cut(damaged);
      EXPECT_EQ(result.records, without(3)) << byte << " " << change;
      EXPECT_THAT(result.faults, ElementsAre(HasSubstr("announces"))) << byte << " " << change;
    }
  }
}

TEST_F(Sequence, KeepsTheFrameOfADamagedBlock) {
  bytes[frame(1) + 8 + 85] ^= 0xff;  // inside its transactions
  const CutStream result = cut(bytes);
  EXPECT_EQ(result.records.size(), blocks.size());
  EXPECT_TRUE(result.faults.empty());
}

TEST_F(Sequence, ReportsAnEndThatIsMissing) {
  for (const std::size_t missing : {1U, 50U}) {
    const Data shorter(bytes.begin(), bytes.end() - static_cast<std::ptrdiff_t>(missing));
    const CutStream result = cut(shorter);
    EXPECT_EQ(result.records, without(5)) << missing;
    EXPECT_THAT(result.faults, ElementsAre(HasSubstr("announces"))) << missing;
  }
  const CutStream result = cut(join({bytes, {0xfa, 0xbf, 0xb5, 0xda, 1}}));
  EXPECT_THAT(result.faults, ElementsAre(HasSubstr("cut short")));
}

TEST(BlockReader, StreamsMoreThanItsWindowHolds) {
  // 60 MB of blocks, some of the largest size: one straddles the end of every batch.
  Data largest = test::valid_block({}, test::plans(1));
  largest.resize(kMaxBlockSize, 1);
  const Data large_frame = test::framed(largest);
  const Data small_frame = test::framed(test::valid_block({}, test::plans(2)));
  Data bytes;
  std::size_t count = 0;
  for (; bytes.size() < 60'000'000; count += 4)
    test::append(bytes, join({large_frame, small_frame, small_frame, small_frame}));
  MemorySource source(bytes);
  BlockReader reader(source);
  std::size_t batches = 0;
  std::size_t records = 0;
  for (auto batch = reader.next_batch(); !batch.empty(); batch = reader.next_batch(), ++batches) {
    records += batch.size();
    for (const Record& record : batch) ASSERT_EQ(record.fault, "");
  }
  EXPECT_EQ(records, count);
  EXPECT_GE(batches, 3U);
  EXPECT_EQ(reader.bytes_read(), bytes.size());
}

}  // namespace
}  // namespace salus::bitcoin

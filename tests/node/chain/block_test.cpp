// Blocks as bytes: one encoding each, and nothing else is taken.
#include "node/chain/block.h"

#include <gtest/gtest.h>

#include "tests/support/random_data.h"

namespace salus::node {
namespace {

using test::random_bytes;

std::vector<std::uint8_t> encoded(std::size_t statements) {
  std::vector<std::vector<std::uint8_t>> messages;
  for (std::size_t i = 0; i < statements; ++i)
    messages.push_back(random_bytes(1 + i % 300, static_cast<std::uint32_t>(i)));
  const std::vector<Bytes> views(messages.begin(), messages.end());
  pow::Header header;
  header.version = 7;
  header.nonce = 9;
  return encode_block(header, views);
}

FaultKind fault_of(Bytes bytes, const BlockLimits& limits = {}) {
  const auto parsed = parse_block(bytes, limits);
  const auto* kind = std::get_if<FaultKind>(&parsed);
  EXPECT_NE(kind, nullptr);
  return kind != nullptr ? *kind : FaultKind::wrong_root;
}

TEST(Block, IsWhatThePageSays) {
  const std::vector<std::uint8_t> statement{0xaa, 0xbb};
  const std::vector<Bytes> statements{statement, statement};
  const auto bytes = encode_block(pow::Header{}, statements);
  EXPECT_EQ(salus::to_hex(bytes), "825850" + std::string(160, '0') + "8242aabb42aabb");
}

TEST(Block, ComesBackAsViewsOfItsBytes) {
  for (const std::size_t count : {1, 23, 24, 255, 256, 1000}) {
    const auto bytes = encoded(count);
    const auto parsed = parse_block(bytes, {});
    ASSERT_TRUE(std::holds_alternative<BlockView>(parsed));
    const BlockView& block = std::get<BlockView>(parsed);
    EXPECT_EQ(block.header.nonce, 9U);
    ASSERT_EQ(block.statements.size(), count);
    EXPECT_EQ(encode_block(block.header, block.statements), bytes);
    EXPECT_EQ(block.header_bytes().size(), pow::kHeaderSize);
    EXPECT_EQ(pow::parse_header(block.header_bytes().first<80>()), block.header);
    for (const Bytes statement : block.statements) {
      EXPECT_GE(statement.data(), bytes.data());
      EXPECT_LE(statement.data() + statement.size(), bytes.data() + bytes.size());
    }
  }
}

TEST(Block, EveryTruncationAndAnythingBehindIsRefused) {
  auto bytes = encoded(30);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_EQ(fault_of(Bytes(bytes).first(size)), FaultKind::malformed);
  bytes.push_back(0);
  EXPECT_EQ(fault_of(bytes), FaultKind::malformed);
}

// A changed byte gives another block or none: what is read is always encoded as it was.
TEST(Block, NoTwoEncodingsAreTheSameBlock) {
  const auto original = encoded(30);
  for (std::size_t at = 0; at < original.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      auto bytes = original;
      bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ 1U << bit);
      const auto parsed = parse_block(bytes, {});
      const auto* block = std::get_if<BlockView>(&parsed);
      if (block == nullptr) continue;
      EXPECT_EQ(encode_block(block->header, block->statements), bytes);
    }
  }
}

TEST(Block, LengthsThatLieAreRefusedWithoutMemoryForThem) {
  const std::string header = "825850" + std::string(160, '0');
  for (const char* rest : {"9bffffffffffffffff", "9b0000000100000000", "9affffffff40",
                           "815bffffffffffffffff", "815affffffff00", "815800", "9f41aaff",
                           "815f41aaff", "98014100", "80", "8160", "8100", "a1410041", "c2814100"})
    EXPECT_NE(fault_of(*from_hex(header + rest)), FaultKind::too_many_statements) << rest;
  EXPECT_EQ(fault_of(*from_hex(header + "80")), FaultKind::no_statements);
  EXPECT_EQ(fault_of(*from_hex(header + "8140")), FaultKind::malformed);
  EXPECT_EQ(fault_of(*from_hex("82584f" + std::string(158, '0') + "814100")), FaultKind::malformed);
  EXPECT_EQ(fault_of(*from_hex("83" + header.substr(2) + "814100")), FaultKind::malformed);
}

TEST(Block, LimitsAreLimits) {
  const auto bytes = encoded(30);
  BlockLimits limits;
  limits.block_bytes = static_cast<std::uint32_t>(bytes.size());
  limits.statements = 30;
  EXPECT_TRUE(std::holds_alternative<BlockView>(parse_block(bytes, limits)));
  limits.statements = 29;
  EXPECT_EQ(fault_of(bytes, limits), FaultKind::too_many_statements);
  limits.block_bytes -= 1;
  EXPECT_EQ(fault_of(bytes, limits), FaultKind::oversize);
}

TEST(Block, TheBoundOfItsSizeHolds) {
  for (const std::size_t count : {1, 24, 300}) {
    const auto bytes = encoded(count);
    std::size_t sum = 0;
    const auto parsed = parse_block(bytes, {});
    for (const Bytes statement : std::get<BlockView>(parsed).statements) sum += statement.size();
    EXPECT_LE(bytes.size(), max_encoded_block_size(count, sum));
  }
}

}  // namespace
}  // namespace salus::node

#include "engine/pow/header.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "tests/support/places.h"

namespace salus::pow {
namespace {

std::vector<std::vector<std::uint8_t>> published_headers() {
  std::ifstream file(test::test_data("bitcoin/headers1-11.txt"));
  std::vector<std::vector<std::uint8_t>> headers;
  for (std::string line; std::getline(file, line);)
    if (!line.empty()) headers.push_back(from_hex(line).value());
  return headers;
}

Header header_of(const std::vector<std::uint8_t>& bytes) {
  return parse_header(Bytes(bytes).first<kHeaderSize>());
}

std::string id_of(const Header& header) { return to_hex_reversed(header_id(header)); }

// The genesis block: bitcoin/bitcoin src/kernel/chainparams.cpp.
TEST(Header, OfTheGenesisBlockHasItsFieldsAndId) {
  Header genesis;
  genesis.version = 1;
  Digest root =
      digest_from_hex("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b").value();
  std::reverse(root.begin(), root.end());
  genesis.merkle_root = root;
  genesis.time = 1231006505;
  genesis.bits = 0x1d00ffff;
  genesis.nonce = 2083236893;
  EXPECT_EQ(id_of(genesis), "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f");
  const Target target = decode_bits(genesis.bits).target;
  EXPECT_TRUE(meets(genesis, target));
  EXPECT_FALSE(meets(genesis, Uint256::from_digest(header_id(genesis)) - Uint256(1)));
  EXPECT_TRUE(meets(genesis, Uint256::from_digest(header_id(genesis))));
}

TEST(Header, ComesBackFromItsBytes) {
  std::vector<std::uint8_t> bytes(kHeaderSize);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(3 * i + 1);
  const Header header = header_of(bytes);
  EXPECT_EQ(header.version, 0x0a070401U);
  EXPECT_EQ(header.previous[0], bytes[4]);
  EXPECT_EQ(header.merkle_root[31], bytes[67]);
  EXPECT_EQ(header.nonce >> 24, bytes[79]);
  EXPECT_TRUE(std::ranges::equal(serialise(header), bytes));
}

TEST(Header, ChainOfPublishedOnesHoldsTogether) {
  const auto headers = published_headers();
  ASSERT_EQ(headers.size(), 11U);
  std::string previous = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";
  for (const auto& bytes : headers) {
    const Header header = header_of(bytes);
    EXPECT_EQ(to_hex_reversed(header.previous), previous);
    EXPECT_TRUE(meets(header, decode_bits(header.bits).target));
    previous = id_of(header);
  }
  // Block 11 of mainnet.
  EXPECT_EQ(previous, "0000000097be56d606cdd9c54b04d4747e957d3608abe69198c661f2add73073");
}

TEST(Header, LastStateWordIsTheEndOfTheIdReadBigEndian) {
  Digest id{};
  id[27] = 0xff;
  id[28] = 0x01;
  id[29] = 0x23;
  id[30] = 0x45;
  id[31] = 0xef;
  EXPECT_EQ(last_state_word(id), 0x012345efU);
}

}  // namespace
}  // namespace salus::pow

// The reference that devices are compared with, against published blocks, digests and roots.
#include "engine/reference/reference.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "engine/bitcoin/block.h"
#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "tests/support/places.h"

namespace salus::engine {
namespace {

Digest digest(const char* hex) { return digest_from_hex(hex).value(); }

Digest shown_id(const char* hex) {
  Digest id = digest(hex);
  std::ranges::reverse(id);
  return id;
}

/// Bitcoin's first block (bitcoin/bitcoin src/kernel/chainparams.cpp), without its nonce.
pow::Header genesis() {
  pow::Header header;
  header.version = 1;
  header.merkle_root = shown_id("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b");
  header.time = 1231006505;
  header.bits = 0x1d00ffff;
  return header;
}

constexpr std::uint32_t kGenesisNonce = 2083236893;

TEST(ReferenceScan, FindsTheNonceOfTheGenesisBlockUnderItsVersion) {
  const std::vector<std::uint32_t> versions = {2, 1, 3};
  const std::uint32_t mask = pow::reject_mask(pow::decode_bits(genesis().bits).target);
  EXPECT_EQ(reference_scan(genesis(), versions, mask, {kGenesisNonce - 200, 400, 3}),
            (std::vector<Candidate>{{kGenesisNonce, 1}}));
  EXPECT_TRUE(reference_scan(genesis(), versions, mask, {kGenesisNonce - 200, 200, 3}).empty());
  EXPECT_TRUE(reference_scan(genesis(), versions, mask, {kGenesisNonce, 400, 1}).empty());
}

TEST(ReferenceScan, ReportsEveryHeaderInOrderWhenNoneIsRejected) {
  EXPECT_EQ(
      reference_scan(genesis(), std::vector<std::uint32_t>{1, 2}, 0, {0xfffffffe, 2, 2}),
      (std::vector<Candidate>{{0xfffffffe, 0}, {0xfffffffe, 1}, {0xffffffff, 0}, {0xffffffff, 1}}));
}

// Examples of FIPS 180-4.
TEST(ReferenceHash, HasThePublishedDigestsWithAndWithoutAPrefix) {
  const char* const kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  const char* const kEmpty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const std::vector<Bytes> whole = {as_bytes("abc"), as_bytes("")};
  std::vector<Digest> out(2);
  reference_hash(MessageView::scattered(whole), std::nullopt, out);
  EXPECT_EQ(to_hex(out[0]), kAbc);
  EXPECT_EQ(to_hex(out[1]), kEmpty);
  const std::vector<Bytes> rest = {as_bytes("bc"), as_bytes("bc")};
  reference_hash(MessageView::scattered(rest), 'a', out);
  EXPECT_EQ(to_hex(out[0]), kAbc);
  EXPECT_EQ(to_hex(out[1]), kAbc);
}

// The first entries, and below their roots, that Certificate Transparency's implementations share
// (google/certificate-transparency cpp/merkletree/merkle_tree_test.cc; RFC 6962).
std::vector<std::vector<std::uint8_t>> published_entries() {
  return {{}, {0x00}, {0x10}, {0x20, 0x21}, {0x30, 0x31}};
}

TEST(ReferenceTree, HasThePublishedRootsOfRfc9162) {
  const std::vector<std::vector<std::uint8_t>> entries = published_entries();
  const std::vector<const char*> roots = {
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"};
  const std::vector<Bytes> views(entries.begin(), entries.end());
  for (std::size_t size = 1; size <= roots.size(); ++size) {
    const MessageView some = MessageView::scattered(std::span(views).first(size));
    EXPECT_EQ(to_hex(reference_root(TreeKind::rfc9162, some)), roots[size - 1]) << size;
  }
}

TEST(ReferenceTree, HasThePublishedRootOfRfc9162AboveItsLevels) {
  const std::vector<std::vector<std::uint8_t>> entries = published_entries();
  const std::vector<Bytes> views(entries.begin(), entries.end());
  std::vector<Digest> leaves(entries.size());
  reference_hash(MessageView::scattered(views), 0x00, leaves);
  const std::vector<Digest> levels = reference_levels(TreeKind::rfc9162, leaves);
  ASSERT_EQ(levels.size(), merkle_levels_size(leaves.size()));
  EXPECT_EQ(to_hex(levels.back()),
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4");
}

// Mainnet block 413567: 1,557 transactions make odd levels, whose last node is paired with itself.
TEST(ReferenceTree, HasTheRootOfABitcoinBlock) {
  std::ifstream file(test::test_data("bitcoin/block413567.raw"), std::ios::binary);
  const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
  const bitcoin::Block block = bitcoin::read_block(bytes);
  std::vector<Digest> ids;
  std::vector<Bytes> entries;
  for (const bitcoin::Transaction& transaction : block.transactions)
    ids.push_back(openssl_sha256d(transaction.bytes));
  for (const Digest& id : ids) entries.emplace_back(id);
  const Digest root = block.header.merkle_root;
  EXPECT_EQ(reference_root(TreeKind::bitcoin, MessageView::scattered(entries)), root);
  EXPECT_EQ(reference_levels(TreeKind::bitcoin, ids).back(), root);
}

TEST(ReferenceTree, RefusesABitcoinLeafThatIsNoId) {
  const std::vector<std::uint8_t> bytes(31);
  EXPECT_THROW((void)reference_root(TreeKind::bitcoin, MessageView::fixed(bytes, 31)), Error);
}

}  // namespace
}  // namespace salus::engine

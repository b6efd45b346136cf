// Trees against a plain level-by-level construction over OpenSSL.
#include "engine/error.h"
#include "engine/merkle/tree.h"
#include "tests/engine/opencl/opencl_fixture.h"

namespace salus::engine::opencl {
namespace {

using OpenClMerkle = EveryLaneWidth;

constexpr TreeKind kKinds[] = {TreeKind::rfc9162, TreeKind::bitcoin};

std::vector<Digest> digests_of(const std::vector<std::uint8_t>& bytes) {
  std::vector<Digest> digests(bytes.size() / 32);
  for (std::size_t i = 0; i < digests.size(); ++i) {
    std::copy_n(&bytes[32 * i], 32, digests[i].begin());
  }
  return digests;
}

/// All levels above the leaves.
std::vector<Digest> reference_levels(TreeKind kind, std::vector<Digest> level) {
  std::vector<Digest> levels;
  while (level.size() > 1) {
    std::vector<Digest> above;
    for (std::size_t i = 0; i < level.size(); i += 2) {
      const bool odd = i + 1 == level.size();
      above.push_back(odd && kind == TreeKind::rfc9162
                          ? level[i]
                          : merkle::node_hash(kind, level[i], level[odd ? i : i + 1]));
    }
    levels.insert(levels.end(), above.begin(), above.end());
    level = std::move(above);
  }
  return levels;
}

void expect_tree(Device& device, TreeKind kind, std::size_t count) {
  const std::vector<std::uint8_t> bytes =
      random_bytes(32 * count, static_cast<std::uint32_t>(count));
  const std::vector<Digest> leaves = digests_of(bytes);
  const std::vector<Digest> expected = reference_levels(kind, leaves);
  const Digest root = expected.empty() ? leaves[0] : expected.back();

  std::vector<Digest> levels(merkle_levels_size(count));
  ASSERT_EQ(to_hex(device.merkle_reduce(kind, leaves, levels)), to_hex(root)) << count << " leaves";
  ASSERT_EQ(levels, expected) << count << " leaves";
  ASSERT_EQ(to_hex(device.merkle_reduce(kind, leaves, {})), to_hex(root)) << count << " leaves";
}

void expect_root(Device& device, TreeKind kind, const MessageView& entries) {
  std::vector<Digest> leaves;
  for (std::size_t i = 0; i < entries.count(); ++i) {
    leaves.push_back(merkle::leaf_hash(kind, entries[i]));
  }
  const std::vector<Digest> levels = reference_levels(kind, leaves);
  ASSERT_EQ(to_hex(device.merkle_root(kind, entries)),
            to_hex(levels.empty() ? leaves[0] : levels.back()))
      << entries.count() << " entries";
}

TEST_P(OpenClMerkle, ReducesTreesOfEverySizeUpTo300) {
  for (const TreeKind kind : kKinds) {
    for (std::size_t count = 1; count <= 300; ++count) expect_tree(*device_, kind, count);
  }
}

TEST_P(OpenClMerkle, ReducesLargeTreesInChunks) {
  OpenClOptions options = test_options(GetParam());
  options.chunk_levels = 2;  // chunks of 1024 leaves
  open(options);
  for (const TreeKind kind : kKinds) {
    for (const std::size_t count : {1023, 1024, 1025, 1026, 2049, 3071, 4096, 20'001}) {
      expect_tree(*device_, kind, count);
    }
  }
}

TEST_P(OpenClMerkle, RootsEntriesOfEveryShape) {
  OpenClOptions options = test_options(GetParam());
  options.chunk_levels = 2;
  open(options);
  const std::vector<std::uint8_t> bytes = random_bytes(32 * 5001, 4);
  for (const std::size_t count : {1, 2, 3, 17, 1024, 1025, 5001}) {
    const Bytes some = Bytes(bytes).first(32 * count);
    expect_root(*device_, TreeKind::rfc9162, MessageView::fixed(some, 32));
    expect_root(*device_, TreeKind::rfc9162, MessageView::fixed(some, 16));
    expect_root(*device_, TreeKind::bitcoin, MessageView::fixed(some, 32));

    std::vector<Bytes> parts;
    std::vector<Bytes> ids;
    for (std::size_t i = 0; i < count; ++i) {
      parts.push_back(some.subspan(i, 7 * i % 31));
      ids.push_back(some.subspan(32 * (count - 1 - i), 32));
    }
    expect_root(*device_, TreeKind::rfc9162, MessageView::scattered(parts));
    expect_root(*device_, TreeKind::bitcoin, MessageView::scattered(ids));
  }
}

TEST_P(OpenClMerkle, RefusesABitcoinLeafThatIsNoId) {
  const std::vector<std::uint8_t> bytes(31);
  EXPECT_THROW(device_->merkle_root(TreeKind::bitcoin, MessageView::fixed(bytes, 31)), Error);
}

INSTANTIATE_TEST_SUITE_P(Lanes, OpenClMerkle, testing::ValuesIn(kLaneWidths),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace salus::engine::opencl

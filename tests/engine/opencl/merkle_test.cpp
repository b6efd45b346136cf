// Trees against their definitions over OpenSSL.
#include "engine/error.h"
#include "tests/engine/opencl/opencl_fixture.h"
#include "tests/support/reference_tree.h"

namespace salus::engine::opencl {
namespace {

using OpenClMerkle = EveryLaneWidth;

constexpr TreeKind kKinds[] = {TreeKind::rfc9162, TreeKind::bitcoin};

void expect_tree(Device& device, TreeKind kind, std::size_t count) {
  const std::vector<Digest> leaves = random_digests(count, static_cast<std::uint32_t>(count));
  const test::ReferenceTree reference(kind);
  const Digest root = reference.root(leaves);

  std::vector<Digest> levels(merkle_levels_size(count));
  ASSERT_EQ(to_hex(device.merkle_reduce(kind, leaves, levels)), to_hex(root)) << count << " leaves";
  ASSERT_EQ(levels, reference.levels(leaves)) << count << " leaves";
  ASSERT_EQ(to_hex(device.merkle_reduce(kind, leaves, {})), to_hex(root)) << count << " leaves";
}

void expect_root(Device& device, TreeKind kind, const MessageView& entries) {
  const test::ReferenceTree reference(kind);
  ASSERT_EQ(to_hex(device.merkle_root(kind, entries)),
            to_hex(reference.root(reference.leaves(entries))))
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

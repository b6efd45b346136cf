#include "engine/merkle/tree.h"
#include "tests/engine/cuda/cuda_fixture.h"

namespace salus::engine::cuda {
namespace {

struct Levels {
  std::vector<Digest> above;  // as `Device::merkle_reduce` lays them out
  Digest root;
};

/// The tree by OpenSSL, from its definition.
Levels reference(TreeKind kind, std::vector<Digest> level) {
  Levels levels;
  while (level.size() > 1) {
    std::vector<Digest> next;
    for (std::size_t i = 0; i + 1 < level.size(); i += 2)
      next.push_back(merkle::node_hash(kind, level[i], level[i + 1]));
    if (level.size() % 2 != 0) {
      const Digest& odd = level.back();
      next.push_back(kind == TreeKind::rfc9162 ? odd : merkle::node_hash(kind, odd, odd));
    }
    levels.above.insert(levels.above.end(), next.begin(), next.end());
    level = next;
  }
  levels.root = level[0];
  return levels;
}

std::vector<Digest> leaf_hashes(TreeKind kind, const MessageView& entries) {
  std::vector<Digest> leaves;
  for (std::size_t i = 0; i < entries.count(); ++i)
    leaves.push_back(merkle::leaf_hash(kind, entries[i]));
  return leaves;
}

class CudaMerkle : public CudaTest {
 protected:
  void expect_root(TreeKind kind, const MessageView& entries) {
    const Digest expected = reference(kind, leaf_hashes(kind, entries)).root;
    for (const HashChoice& choice : hash_kernels())
      EXPECT_EQ(parts_->reducer.root(choice, kind, entries, kind == TreeKind::rfc9162), expected)
          << choice.name() << ", " << entries.count() << " entries";
  }

  void expect_levels(TreeKind kind, std::size_t count) {
    const std::vector<std::uint8_t> bytes = random_bytes(count * 32, 6);
    const std::vector<Digest> leaves =
        leaf_hashes(TreeKind::bitcoin, MessageView::fixed(bytes, 32));
    const Levels expected = reference(kind, leaves);
    for (const HashChoice& choice : hash_kernels()) {
      std::vector<Digest> levels(merkle_levels_size(count));
      EXPECT_EQ(parts_->reducer.root_and_levels(choice, kind, leaves, levels), expected.root);
      EXPECT_EQ(levels, expected.above) << choice.name() << ", " << count << " leaves";
    }
  }
};

TEST_F(CudaMerkle, RootsOfEverySizeTo300AreRight) {
  const std::vector<std::uint8_t> bytes = random_bytes(300 * 32, 7);
  for (std::size_t count = 1; count <= 300; ++count)
    for (const TreeKind kind : {TreeKind::rfc9162, TreeKind::bitcoin})
      expect_root(kind, MessageView::fixed(Bytes(bytes).first(count * 32), 32));
}

TEST_F(CudaMerkle, LevelsOfEverySizeTo300AreRight) {
  for (std::size_t count = 2; count <= 300; ++count)
    for (const TreeKind kind : {TreeKind::rfc9162, TreeKind::bitcoin}) expect_levels(kind, count);
}

TEST_F(CudaMerkle, RootsOfManyChunksAreRight) {
  // 128 leaves make a chunk in these tests.
  for (const std::size_t count : {1024, 1025, 1151, 4000}) {
    const std::vector<std::uint8_t> bytes = random_bytes(count * 32, 8);
    for (const TreeKind kind : {TreeKind::rfc9162, TreeKind::bitcoin})
      expect_root(kind, MessageView::fixed(bytes, 32));
  }
}

TEST_F(CudaMerkle, EntriesOfAnyLengthAreLeavesInTheirOrder) {
  const std::vector<std::uint8_t> bytes = random_bytes(20'000, 9);
  std::vector<Bytes> entries;
  for (std::size_t i = 0; i < 400; ++i) entries.push_back(Bytes(bytes).subspan(i, i * 37 % 911));
  expect_root(TreeKind::rfc9162, MessageView::scattered(entries));
  expect_root(TreeKind::rfc9162, MessageView::fixed(Bytes(bytes).first(300 * 50), 50));
}

TEST_F(CudaMerkle, ScatteredIdsMakeABitcoinTree) {
  const std::vector<std::uint8_t> bytes = random_bytes(1000, 10);
  std::vector<Bytes> ids;
  for (std::size_t i = 0; i < 333; ++i) ids.push_back(Bytes(bytes).subspan(i * 2, 32));
  expect_root(TreeKind::bitcoin, MessageView::scattered(ids));
}

}  // namespace
}  // namespace salus::engine::cuda

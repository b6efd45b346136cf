#include "tests/engine/cuda/cuda_fixture.h"
#include "tests/support/reference_tree.h"

namespace salus::engine::cuda {
namespace {

class CudaMerkle : public CudaTest {
 protected:
  void expect_root(TreeKind kind, const MessageView& entries) {
    const test::ReferenceTree reference(kind);
    const Digest expected = reference.root(reference.leaves(entries));
    for (const HashChoice& choice : hash_kernels())
      EXPECT_EQ(parts_->reducer.root(choice, kind, entries, kind == TreeKind::rfc9162), expected)
          << choice.name() << ", " << entries.count() << " entries";
  }

  void expect_levels(TreeKind kind, std::size_t count) {
    const std::vector<Digest> leaves = random_digests(count, 6);
    const test::ReferenceTree reference(kind);
    const Digest root = reference.root(leaves);
    const std::vector<Digest> expected = reference.levels(leaves);
    for (const HashChoice& choice : hash_kernels()) {
      std::vector<Digest> levels(merkle_levels_size(count));
      EXPECT_EQ(parts_->reducer.root_and_levels(choice, kind, leaves, levels), root);
      EXPECT_EQ(levels, expected) << choice.name() << ", " << count << " leaves";
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

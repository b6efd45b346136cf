// The tree of a seal against the engine's own functions, one hash at a time.
#include "trial/seal/seal_tree.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace salus::trial {
namespace {

class SealTree : public testing::TestWithParam<std::size_t> {};

TEST_P(SealTree, IsThatOfRfc9162OverTheLines) {
  const engine::LaneHasher hasher;
  std::string text;
  std::vector<Digest> expected;
  for (std::size_t i = 0; i < GetParam(); ++i) {
    const std::string line = std::string(i % 131, 'x') + std::to_string(i);
    text += line + "\n";
    expected.push_back(merkle::leaf_hash(merkle::TreeKind::rfc9162, as_bytes(line)));
  }
  const std::vector<Digest> leaves = line_leaves(text, hasher);
  ASSERT_EQ(leaves, expected);
  const merkle::Tree tree = tree_of_leaves(leaves, hasher);
  EXPECT_EQ(tree.root(), root_of_leaves(leaves, hasher));
  for (std::uint64_t i = 0; i < leaves.size(); i += 1 + leaves.size() / 7)
    EXPECT_TRUE(merkle::verify_inclusion(merkle::TreeKind::rfc9162, leaves[i], i, leaves.size(),
                                         tree.inclusion_proof(i), tree.root()));
  const std::vector<std::size_t> ends = line_ends(text);
  LineHashing hashing(text, ends, hasher);
  std::thread other([&] { hashing.work(); });
  hashing.work();
  other.join();
  EXPECT_EQ(hashing.root(), tree.root());
  EXPECT_EQ(hashing.take_leaves(), expected);
}

INSTANTIATE_TEST_SUITE_P(Sizes, SealTree,
                         testing::Values(0, 1, 2, 3, 7, 8, 9, 100, 4095, 4096, 5000, 12289),
                         testing::PrintToStringParamName());

TEST(SealTree, WithoutLinesHasTheRootOfNothing) {
  EXPECT_EQ(to_hex(root_of_leaves({}, engine::LaneHasher())),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace salus::trial

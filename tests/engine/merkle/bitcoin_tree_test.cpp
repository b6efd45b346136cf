// Bitcoin's tree, and the lists that share a root with a shorter one (CVE-2012-2459).
#include <gtest/gtest.h>

#include "engine/error.h"
#include "engine/merkle/tree.h"
#include "tests/engine/merkle/reference.h"

namespace salus::merkle {
namespace {

std::vector<Digest> ids(std::size_t count) { return reference::leaves(reference::entries(count)); }

/// The list whose last `tail` entries are repeated.
std::vector<Digest> repeated(std::vector<Digest> leaves, std::size_t tail) {
  const std::size_t size = leaves.size();
  for (std::size_t i = size - tail; i < size; ++i) leaves.push_back(leaves[i]);
  return leaves;
}

Tree bitcoin_tree(std::vector<Digest> leaves) {
  return reference::tree_of(TreeKind::bitcoin, std::move(leaves));
}

TEST(BitcoinTree, TakesEntriesAsTheyAre) {
  const Digest id = ids(1)[0];
  EXPECT_EQ(leaf_hash(TreeKind::bitcoin, id), id);
  EXPECT_EQ(bitcoin_tree({id}).root(), id);
  EXPECT_THROW((void)leaf_hash(TreeKind::bitcoin, Bytes(id).first(31)), Error);
  EXPECT_THROW((void)bitcoin_tree({}).root(), Error);
}

// Mainnet block 170, the first with a payment: its two transactions and its Merkle root.
TEST(BitcoinTree, OfBlock170HasItsRoot) {
  const auto internal = [](const char* hex) {
    Digest id = digest_from_hex(hex).value();
    std::reverse(id.begin(), id.end());
    return id;
  };
  const Digest coinbase =
      internal("b1fea52486ce0c62bb442b530a3f0132b826c74e473d1f2c220bfa78111c5082");
  const Digest payment =
      internal("f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16");
  EXPECT_EQ(to_hex_reversed(node_hash(TreeKind::bitcoin, coinbase, payment)),
            "7dac2c5666815c17a3b36427de37bb9d2e2c5ccec3f8633eb91a4205cb4c10ff");
}

TEST(BitcoinTree, WithoutRepetitionHasNoEqualSiblings) {
  for (std::size_t size = 1; size <= 300; ++size)
    ASSERT_FALSE(has_equal_siblings(bitcoin_tree(ids(size)))) << size;
}

// Every list that can be lengthened without a change of root: the nodes that are doubled on a level
// may be doubled in the list.
TEST(BitcoinTree, WithARepeatedEndHasTheSameRootAndIsFound) {
  std::size_t found = 0;
  for (std::size_t size = 1; size <= 300; ++size) {
    const Tree tree = bitcoin_tree(ids(size));
    for (std::size_t width = 1; width < size; width *= 2) {
      if (size % width != 0 || (size / width) % 2 == 0) continue;
      const Tree longer = bitcoin_tree(repeated(ids(size), width));
      ASSERT_EQ(longer.root(), tree.root()) << size << " + " << width;
      ASSERT_TRUE(has_equal_siblings(longer)) << size << " + " << width;
      ++found;
    }
  }
  EXPECT_GT(found, 200U);
}

TEST(BitcoinTree, DoesNotProveTheRepeatedEnd) {
  for (const std::size_t size : {3U, 5U, 6U, 7U, 12U, 13U}) {
    const std::size_t width = size & (~size + 1);
    const Tree longer = bitcoin_tree(repeated(ids(size), width));
    for (std::size_t index = size; index < longer.size(); ++index)
      EXPECT_FALSE(verify_inclusion(TreeKind::bitcoin, longer.leaves()[index], index, longer.size(),
                                    longer.inclusion_proof(index), longer.root()))
          << index << " of " << longer.size();
  }
}

TEST(BitcoinTree, HasNoEarlierTrees) {
  const Tree tree = bitcoin_tree(ids(4));
  EXPECT_THROW((void)tree.root_at(2), Error);
  EXPECT_THROW((void)tree.inclusion_proof(0, 2), Error);
  EXPECT_THROW((void)tree.consistency_proof(2), Error);
}

}  // namespace
}  // namespace salus::merkle

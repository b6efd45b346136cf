// RFC 9162 trees of every size from 0 to 300, against the published roots and a reference.
#include "engine/merkle/tree.h"

#include <gtest/gtest.h>

#include "engine/error.h"
#include "tests/engine/merkle/reference.h"

namespace salus::merkle {
namespace {

constexpr std::size_t kLargest = 300;

Tree first_of(const std::vector<Digest>& leaves, std::size_t size) {
  return reference::tree_of(TreeKind::rfc9162,
                            {leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(size)});
}

// The entries and roots that Certificate Transparency's implementations share
// (google/certificate-transparency cpp/merkletree/merkle_tree_test.cc; RFC 6962).
TEST(Rfc9162Tree, HasThePublishedRoots) {
  const std::vector<const char*> entries{"",
                                         "00",
                                         "10",
                                         "2021",
                                         "3031",
                                         "40414243",
                                         "5051525354555657",
                                         "606162636465666768696a6b6c6d6e6f"};
  const std::vector<const char*> roots{
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  std::vector<Digest> leaves;
  for (const char* entry : entries)
    leaves.push_back(leaf_hash(TreeKind::rfc9162, from_hex(entry).value()));
  for (std::size_t size = 0; size < roots.size(); ++size) {
    EXPECT_EQ(to_hex(first_of(leaves, size).root()), roots[size]) << size;
    EXPECT_EQ(to_hex(first_of(leaves, 8).root_at(size)), roots[size]) << size;
  }
}

class Rfc9162TreeOfEverySize : public testing::Test {
 protected:
  std::vector<Digest> leaves = reference::leaves(reference::entries(kLargest));
  reference::Rfc9162 wanted{reference::entries(kLargest)};
};

TEST_F(Rfc9162TreeOfEverySize, HasTheRootOfTheStandard) {
  const Tree largest = first_of(leaves, kLargest);
  for (std::size_t size = 0; size <= kLargest; ++size) {
    ASSERT_EQ(first_of(leaves, size).root(), wanted.root(size)) << size;
    ASSERT_EQ(largest.root_at(size), wanted.root(size)) << size;
  }
}

TEST_F(Rfc9162TreeOfEverySize, ProvesEveryLeaf) {
  const Tree largest = first_of(leaves, kLargest);
  for (std::size_t size = 1; size <= kLargest; ++size) {
    const Tree tree = first_of(leaves, size);
    for (std::size_t index = 0; index < size; ++index) {
      const std::vector<Digest> path = wanted.path(index, size);
      ASSERT_EQ(tree.inclusion_proof(index), path) << index << " of " << size;
      ASSERT_EQ(largest.inclusion_proof(index, size), path) << index << " of " << size;
      ASSERT_TRUE(
          verify_inclusion(TreeKind::rfc9162, leaves[index], index, size, path, wanted.root(size)))
          << index << " of " << size;
    }
  }
}

TEST_F(Rfc9162TreeOfEverySize, ProvesEveryEarlierTree) {
  for (std::size_t size = 0; size <= kLargest; ++size) {
    const Tree tree = first_of(leaves, size);
    for (std::size_t old_size = 0; old_size <= size; ++old_size) {
      const std::vector<Digest> proof = wanted.proof(old_size, size);
      ASSERT_EQ(tree.consistency_proof(old_size), proof) << old_size << " in " << size;
      ASSERT_TRUE(
          verify_consistency(old_size, wanted.root(old_size), size, wanted.root(size), proof))
          << old_size << " in " << size;
    }
  }
}

TEST(Tree, RefusesWhatIsNotThere) {
  const Tree tree = first_of(reference::leaves(reference::entries(5)), 5);
  EXPECT_THROW((void)tree.inclusion_proof(5), Error);
  EXPECT_THROW((void)tree.inclusion_proof(3, 3), Error);
  EXPECT_THROW((void)tree.inclusion_proof(0, 6), Error);
  EXPECT_THROW((void)tree.root_at(6), Error);
  EXPECT_THROW((void)tree.consistency_proof(6), Error);
  const Tree empty = first_of({}, 0);
  EXPECT_THROW((void)empty.inclusion_proof(0), Error);
}

TEST(ParentHash, IsThatOfTheDefinitionsAtOddEndsToo) {
  for (const TreeKind kind : {TreeKind::rfc9162, TreeKind::bitcoin}) {
    for (std::size_t size = 1; size <= 9; ++size) {
      const std::vector<Digest> level = reference::leaves(reference::entries(size));
      const std::vector<Digest> parents = test::ReferenceTree(kind).parents(level);
      for (std::size_t i = 0; i < parents.size(); ++i)
        EXPECT_EQ(parent_hash(kind, level, i), parents[i]) << i << " above " << size;
    }
  }
}

}  // namespace
}  // namespace salus::merkle

// Proofs that must not hold: the published probes, and every small change to good ones.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/merkle/tree.h"
#include "tests/engine/merkle/reference.h"
#include "tests/support/places.h"
#include "tests/support/tree_names.h"

namespace salus::merkle {
namespace {

constexpr std::size_t kLargest = 40;

/// Every proof that differs from `proof` by one bit, one element more or one less.
std::vector<std::vector<Digest>> near_misses(const std::vector<Digest>& proof) {
  std::vector<std::vector<Digest>> out;
  for (std::size_t i = 0; i <= proof.size(); ++i) {
    std::vector<Digest> longer = proof;
    longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), Digest{});
    out.push_back(longer);
    if (i == proof.size()) break;
    std::vector<Digest> shorter = proof;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
    out.push_back(shorter);
    std::vector<Digest> changed = proof;
    changed[i][i % 32] ^= 0x10;
    out.push_back(changed);
    std::vector<Digest> doubled = proof;
    doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(i), proof[i]);
    out.push_back(doubled);
  }
  return out;
}

class HostileProof : public testing::TestWithParam<TreeKind> {
 protected:
  std::vector<Digest> leaves = reference::leaves(reference::entries(kLargest));
  [[nodiscard]] Tree tree(std::size_t size) const {
    return reference::tree_of(GetParam(),
                              {leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(size)});
  }
};

TEST_P(HostileProof, OfInclusionFailsWhenAnythingIsChanged) {
  for (std::size_t size = 1; size <= kLargest; ++size) {
    const Tree good = tree(size);
    for (std::size_t index = 0; index < size; ++index) {
      const std::vector<Digest> proof = good.inclusion_proof(index);
      const auto holds = [&](const Digest& leaf, std::uint64_t at, const auto& path) {
        return verify_inclusion(GetParam(), leaf, at, size, path, good.root());
      };
      ASSERT_TRUE(holds(leaves[index], index, proof)) << index << " of " << size;
      for (const auto& path : near_misses(proof)) ASSERT_FALSE(holds(leaves[index], index, path));
      for (std::size_t other = 0; other < size; ++other) {
        if (other == index) continue;
        ASSERT_FALSE(holds(leaves[index], other, proof)) << index << " as " << other;
        ASSERT_FALSE(holds(leaves[other], index, proof)) << other << " as " << index;
      }
      for (const std::uint64_t past : {std::uint64_t{size}, index + 64, UINT64_MAX})
        ASSERT_FALSE(holds(leaves[index], past, proof)) << past;
      ASSERT_FALSE(verify_inclusion(GetParam(), leaves[index], index, size, proof, leaves[index]) &&
                   size > 1);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Trees, HostileProof, testing::Values(TreeKind::rfc9162, TreeKind::bitcoin),
                         test::tree_name);

TEST(HostileProofOfConsistency, FailsWhenAnythingIsChanged) {
  const std::vector<Digest> leaves = reference::leaves(reference::entries(kLargest));
  reference::Rfc9162 wanted{reference::entries(kLargest)};
  for (std::size_t size = 0; size <= kLargest; ++size) {
    for (std::size_t old_size = 0; old_size <= size; ++old_size) {
      const std::vector<Digest> proof = wanted.proof(old_size, size);
      const Digest old_root = wanted.root(old_size);
      const Digest root = wanted.root(size);
      for (const auto& other : near_misses(proof))
        ASSERT_FALSE(verify_consistency(old_size, old_root, size, root, other))
            << old_size << " in " << size;
      Digest wrong = old_root;
      wrong[0] ^= 1;
      ASSERT_FALSE(verify_consistency(old_size, wrong, size, root, proof));
      if (old_size == size) continue;
      ASSERT_FALSE(verify_consistency(size, root, old_size, old_root, proof));
      if (old_size == 0) continue;  // Everything is consistent with nothing.
      wrong = root;
      wrong[31] ^= 1;
      ASSERT_FALSE(verify_consistency(old_size, old_root, size, wrong, proof));
    }
  }
}

using Json = nlohmann::json;

std::optional<std::string> base64(const Json& value) {
  const std::string text = value.get<std::string>();
  std::string out(text.size(), '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  std::size_t size = static_cast<std::size_t>(length);
  for (std::size_t i = text.size(); i > 0 && text[i - 1] == '='; --i) --size;
  out.resize(size);
  return out;
}

/// Nothing for what is not 32 bytes: such a value is refused before any proof is looked at.
std::optional<Digest> digest(const Json& value) {
  const std::optional<std::string> bytes = base64(value);
  if (!bytes || bytes->size() != Digest{}.size()) return std::nullopt;
  Digest out;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

std::optional<std::vector<Digest>> proof_of(const Json& probe) {
  std::vector<Digest> out;
  for (const Json& element : probe.at("proof")) {
    const std::optional<Digest> hash = digest(element);
    if (!hash) return std::nullopt;
    out.push_back(*hash);
  }
  return out;
}

bool inclusion_holds(const Json& probe) {
  const auto root = digest(probe.at("root"));
  const auto leaf = digest(probe.at("leafHash"));
  const auto proof = proof_of(probe);
  return root && leaf && proof &&
         verify_inclusion(TreeKind::rfc9162, *leaf, probe.at("leafIdx"), probe.at("treeSize"),
                          *proof, *root);
}

bool consistency_holds(const Json& probe) {
  const auto old_root = digest(probe.at("root1"));
  const auto new_root = digest(probe.at("root2"));
  const auto proof = proof_of(probe);
  return old_root && new_root && proof &&
         verify_consistency(probe.at("size1"), *old_root, probe.at("size2"), *new_root, *proof);
}

/// How many probes below the folder were judged, each as it wants to be.
std::size_t judge(const std::string& folder, bool (*holds)(const Json&)) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path());
    const Json probe = Json::parse(file);
    EXPECT_EQ(holds(probe), !probe.at("wantErr").get<bool>()) << entry.path();
    ++count;
  }
  return count;
}

TEST(PublishedProbes, OfInclusionAreJudgedAsTheyWant) {
  EXPECT_GE(judge(test::test_data("merkle/inclusion"), inclusion_holds), 60U);
}

TEST(PublishedProbes, OfConsistencyAreJudgedAsTheyWant) {
  EXPECT_GE(judge(test::test_data("merkle/consistency"), consistency_holds), 40U);
}

}  // namespace
}  // namespace salus::merkle

// Proofs as JSON, and leaves hashed by the engine.
#include "engine/merkle/proof.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/merkle/leaf_hasher.h"
#include "tests/engine/merkle/reference.h"
#include "tests/support/tree_names.h"

namespace salus::merkle {
namespace {

using Json = nlohmann::json;

Tree small_tree(TreeKind kind) {
  return reference::tree_of(kind, reference::leaves(reference::entries(7)));
}

bool is_proof(const Json& json) {
  try {
    (void)proof_from_json(json.dump());
    return true;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    return false;
  }
}

TEST(Proof, ComesBackFromJson) {
  for (const TreeKind kind : {TreeKind::rfc9162, TreeKind::bitcoin}) {
    const Proof proof = prove_inclusion(small_tree(kind), 4);
    const Proof again = proof_from_json(to_json(proof));
    EXPECT_TRUE(holds(again));
    EXPECT_EQ(to_json(again), to_json(proof));
    EXPECT_EQ(root_of(again), small_tree(kind).root());
  }
  const Proof proof = prove_consistency(small_tree(TreeKind::rfc9162), 5);
  EXPECT_TRUE(holds(proof_from_json(to_json(proof))));
}

TEST(Proof, OfABitcoinTreeShowsIdsAsBitcoinDoes) {
  const Tree tree = small_tree(TreeKind::bitcoin);
  const Json json = Json::parse(to_json(prove_inclusion(tree, 0)));
  EXPECT_EQ(json.at("root"), to_hex_reversed(tree.root()));
  EXPECT_EQ(json.at("leaf"), to_hex_reversed(tree.leaves()[0]));
}

TEST(Proof, WithAFieldMissingOrOddIsNone) {
  const Tree tree = small_tree(TreeKind::rfc9162);
  for (const Proof& proof : {Proof(prove_inclusion(tree, 3)), Proof(prove_consistency(tree, 3))}) {
    const Json good = Json::parse(to_json(proof));
    ASSERT_TRUE(is_proof(good));
    for (const auto& [name, value] : good.items()) {
      Json json = good;
      json.erase(name);
      EXPECT_FALSE(is_proof(json)) << name;
      for (const Json& odd : {Json(), Json(-1), Json(1.5), Json("x"), Json::object(), Json({1})}) {
        json[name] = odd;
        EXPECT_FALSE(is_proof(json)) << name << odd;
      }
    }
    Json json = good;
    json["path"] = std::vector<std::string>(65, std::string(64, '0'));
    EXPECT_FALSE(is_proof(json));
  }
}

class LeafHasherTest : public testing::TestWithParam<TreeKind> {
 protected:
  engine::Engine engine{{.devices = "cpu", .cpu = {.threads = 1, .variant = ""}}};
  static Digest wanted(const std::string& entry) {
    return GetParam() == TreeKind::rfc9162 ? reference::leaf(entry) : reference::sha256d(entry);
  }
};

TEST_P(LeafHasherTest, HashesEntriesOfAnySizeInOrder) {
  LeafHasher hasher(engine, GetParam());
  std::vector<Digest> leaves;
  // The last two are longer than what is collected at a time.
  for (const std::size_t size :
       {0UL, 1UL, 54UL, 55UL, 63UL, 64UL, 100000UL, 33UL << 20, 40UL << 20}) {
    const std::string entry(size, static_cast<char>('a' + size % 7));
    hasher.add(as_bytes(entry));
    MemorySource source(as_bytes(entry));
    hasher.add(source);
    hasher.add_leaf(Digest{});
    leaves.insert(leaves.end(), {wanted(entry), wanted(entry), Digest{}});
  }
  EXPECT_EQ(hasher.finish(), leaves);
  EXPECT_TRUE(hasher.finish().empty());
}

TEST_P(LeafHasherTest, LeavesOutAnEntryThatCannotBeRead) {
  class Failing : public ByteSource {
   public:
    std::size_t read(std::span<std::uint8_t> out) override {
      if (std::exchange(begun_, true)) throw Error(ErrorKind::system, "gone");
      return out.size();
    }

   private:
    bool begun_ = false;
  } failing;
  LeafHasher hasher(engine, GetParam());
  hasher.add(as_bytes("first"));
  EXPECT_THROW(hasher.add(failing), Error);
  hasher.add(as_bytes("second"));
  EXPECT_EQ(hasher.finish(), (std::vector<Digest>{wanted("first"), wanted("second")}));
}

TEST_P(LeafHasherTest, AndTheEngineMakeTheTreeOfTheReference) {
  for (const std::size_t size : {1U, 2U, 3U, 100U}) {
    const std::vector<Digest> leaves = reference::leaves(reference::entries(size));
    const Tree tree = engine.merkle_tree_of_leaves(GetParam(), leaves);
    EXPECT_EQ(tree.root(), reference::tree_of(GetParam(), leaves).root()) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Trees, LeafHasherTest,
                         testing::Values(TreeKind::rfc9162, TreeKind::bitcoin), test::tree_name);

}  // namespace
}  // namespace salus::merkle

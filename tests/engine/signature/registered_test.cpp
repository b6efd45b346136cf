// What only comb tables have: window sizes and the tables themselves.
#include "tests/engine/signature/registered.h"

#include <gtest/gtest.h>

#include "tests/engine/signature/each_verifier.h"
#include "tests/engine/signature/items.h"

namespace salus::engine::signature {
namespace {

class RegisteredTest : public testing::TestWithParam<int> {};

TEST_P(RegisteredTest, EveryWindowSizeAgreesWithTheReference) {
  std::mt19937_64 random(7);
  std::vector<OwnedItem> items;
  for (std::size_t i = 0; i < 20; ++i) {
    items.push_back(sign(Algorithm::ed25519, random, random_bytes(random, i)));
    if (i % 3 == 0) items.back().signature[i] ^= 4;
  }
  for (const cpu::Ed25519Variant* variant : cpu::all_ed25519_variants()) {
    if (!variant->supported()) continue;
    EXPECT_EQ(verify_registered(*variant, GetParam(), views(items), {}),
              verify_each_by_reference(views(items), {}))
        << variant->name;
  }
}

TEST_P(RegisteredTest, TablesAreTheSameFromEveryVariant) {
  std::mt19937_64 random(8);
  const OwnedItem item = sign(Algorithm::ed25519, random, {});
  const std::uint8_t* key = item.key.data();
  std::vector<std::uint64_t> expected(cpu::comb_words(GetParam()));
  std::uint64_t* table = expected.data();
  bool is_on_curve = false;
  cpu::kEd25519Portable.make_combs(&key, 1, GetParam(), &table, &is_on_curve);
  ASSERT_TRUE(is_on_curve);
  for (const cpu::Ed25519Variant* variant : cpu::all_ed25519_variants()) {
    if (!variant->supported()) continue;
    std::vector<std::uint64_t> made(expected.size());
    table = made.data();
    variant->make_combs(&key, 1, GetParam(), &table, &is_on_curve);
    EXPECT_EQ(made, expected) << variant->name;
  }
}

INSTANTIATE_TEST_SUITE_P(Windows, RegisteredTest, testing::Values(4, 5, 6, 7, 8, 10));

}  // namespace
}  // namespace salus::engine::signature

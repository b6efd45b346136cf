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
  for (std::size_t i = 0; i < 40; ++i) {
    const Algorithm algorithm = i % 2 == 0 ? Algorithm::ed25519 : Algorithm::p256;
    items.push_back(sign(algorithm, random, random_bytes(random, i)));
    if (i % 3 == 0) items.back().signature[i] ^= 4;
  }
  for (const auto& [ed25519, p256] : supported_variants()) {
    EXPECT_EQ(verify_registered(*ed25519, *p256, GetParam(), views(items), {}),
              verify_each_by_reference(views(items), {}))
        << ed25519->name;
  }
}

/// The table of a fresh key.
template <typename Variant>
std::vector<std::uint64_t> table_of(const Variant& variant, const OwnedItem& item, int bits,
                                    std::size_t words) {
  const std::uint8_t* key = item.key.data();
  std::vector<std::uint64_t> made(words);
  std::uint64_t* table = made.data();
  bool is_on_curve = false;
  variant.make_combs(&key, 1, bits, &table, &is_on_curve);
  EXPECT_TRUE(is_on_curve);
  return made;
}

TEST_P(RegisteredTest, TablesAreTheSameFromEveryVariant) {
  std::mt19937_64 random(8);
  const OwnedItem ed25519_item = sign(Algorithm::ed25519, random, {});
  const OwnedItem p256_item = sign(Algorithm::p256, random, {});
  const int bits = GetParam();
  for (const auto& [ed25519, p256] : supported_variants()) {
    EXPECT_EQ(table_of(*ed25519, ed25519_item, bits, cpu::comb_words(bits)),
              table_of(cpu::kEd25519Portable, ed25519_item, bits, cpu::comb_words(bits)))
        << ed25519->name;
    EXPECT_EQ(table_of(*p256, p256_item, bits, cpu::p256_comb_words(bits)),
              table_of(cpu::kP256Portable, p256_item, bits, cpu::p256_comb_words(bits)))
        << p256->name;
  }
}

INSTANTIATE_TEST_SUITE_P(Windows, RegisteredTest, testing::Range(4, 11));

}  // namespace
}  // namespace salus::engine::signature

// Ed25519 against libsodium where verifiers are known to differ: small order, non-canonical
// encodings, torsion, and signatures with one thing changed.
#include <gtest/gtest.h>

#include "tests/engine/signature/each_verifier.h"
#include "tests/engine/signature/hostile_items.h"

namespace salus::engine::signature {
namespace {

class Ed25519OracleTest : public EachVerifier {
 protected:
  /// Expects libsodium's verdict on every item and returns how many are valid.
  static std::size_t expect_agreement(const std::vector<OwnedItem>& items) {
    const Verdicts verdicts = verify(views(items));
    for (std::size_t i = 0; i < items.size(); ++i)
      EXPECT_EQ(verdicts.valid(i), sodium_accepts(items[i]))
          << i << ": " << to_string(verdicts.reason(i)) << " key " << to_hex(items[i].key)
          << " signature " << to_hex(items[i].signature);
    return verdicts.count_valid();
  }

  std::mt19937_64 random_{25519};
};

TEST_P(Ed25519OracleTest, SmallOrderKeysAndCommitments) {
  EXPECT_EQ(expect_agreement(small_order_items()), 0U);
}

TEST_P(Ed25519OracleTest, OneSmallOrderPart) { expect_agreement(one_small_order_part_items()); }

TEST_P(Ed25519OracleTest, MixedOrder) {
  const std::vector<OwnedItem> items = mixed_order_items();
  ASSERT_EQ(items.size(), 14U * 14U);
  const std::size_t valid = expect_agreement(items);
  EXPECT_GT(valid, 0U);
  EXPECT_LT(valid, items.size());
}

TEST_P(Ed25519OracleTest, OneBitChanged) {
  EXPECT_EQ(expect_agreement(one_bit_changed_items(random_)), 0U);
}

TEST_P(Ed25519OracleTest, RandomAndMixedItems) {
  const std::size_t valid = expect_agreement(mixed_items(random_, 400));
  EXPECT_GE(valid, 80U);
  EXPECT_LT(valid, 320U);
}

SALUS_EACH_VERIFIER(Ed25519OracleTest);

}  // namespace
}  // namespace salus::engine::signature

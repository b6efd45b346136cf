// Many random and mutated items against libraries that we did not write, on every CPU variant, with
// and without tables of keys.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "engine/signature/cpu/verifier.h"
#include "tests/engine/signature/each_verifier.h"
#include "tests/engine/signature/items.h"
#include "tests/engine/signature/mutations.h"
#include "tests/engine/signature/sanitized.h"

namespace salus::engine::signature {
namespace {

/// What the oracle says of each item: libsodium for Ed25519, OpenSSL for P-256.
std::vector<bool> oracle(const std::vector<OwnedItem>& items) {
  std::vector<bool> accepted;
  for (const OwnedItem& item : items) {
    const bool is_ed25519 = item.algorithm == Algorithm::ed25519;
    const bool has_lengths = item.key.size() == (is_ed25519 ? kEd25519KeyBytes : kP256KeyBytes) &&
                             item.signature.size() == kSignatureBytes;
    accepted.push_back(has_lengths && (is_ed25519 ? sodium_accepts(item) : openssl_accepts(item)));
  }
  return accepted;
}

class DifferentialTest : public testing::TestWithParam<Algorithm> {
 protected:
  // 100,000 in all; those that take longer are fewer.
  const std::size_t count = scaled(GetParam() == Algorithm::ed25519 ? 70000 : 30000);
  const std::vector<OwnedItem> items = mutated_items(GetParam(), count, 20260);
};

TEST_P(DifferentialTest, EveryVariantAgreesWithTheOracleOnEveryItem) {
  const std::vector<bool> expected = oracle(items);
  const std::vector<Item> batch = views(items);
  const auto valid = std::ranges::count(expected, true);
  EXPECT_GT(valid, static_cast<std::ptrdiff_t>(count / 10));
  EXPECT_LT(valid, static_cast<std::ptrdiff_t>(count / 2));

  std::optional<Verdicts> first;
  for (const std::string& variant : cpu::verify_variants()) {
    // Tables come into use one by one on the way.
    CpuOptions options;
    options.verify_variant = variant;
    cpu::Verifier verifier(options, std::uint64_t{256} << 20);
    const Verdicts verdicts = verify_by_cpu(verifier, batch, {}, Keys::unannounced);
    verifier.cache().wait_until_idle();
    EXPECT_GT(verifier.cache().contents().bytes, 0U);
    for (std::size_t i = 0; i < items.size(); ++i)
      ASSERT_EQ(verdicts.valid(i), expected[i])
          << variant << ' ' << i << ": " << to_string(verdicts.reason(i)) << " key "
          << to_hex(items[i].key) << " message " << to_hex(items[i].message) << " signature "
          << to_hex(items[i].signature);
    if (!first) first = verdicts;
    EXPECT_EQ(verdicts, *first) << "reasons differ: " << variant;
  }
}

INSTANTIATE_TEST_SUITE_P(Of, DifferentialTest, testing::Values(Algorithm::ed25519, Algorithm::p256),
                         [](const auto& algorithm) {
                           return std::string(to_string(algorithm.param));
                         });

}  // namespace
}  // namespace salus::engine::signature

// Which kernels of tables a CUDA device's items went through, where Device cannot tell. Runs on the
// host shim.
#include <gtest/gtest.h>

#include "cuda_shim.h"
#include "engine/cuda/signature_verifier.h"
#include "engine/signature/reference.h"
#include "tests/engine/signature/items.h"
#include "tests/engine/signature/sanitized.h"

namespace salus::engine::cuda {
namespace {

using signature::Algorithm;
using signature::Item;
using signature::OwnedItem;
using signature::Reason;

constexpr Sizes kSizes{.resident_threads = 64,
                       .batch_messages = 16,
                       .batch_bytes = 4096,
                       .staging_bytes = 4096,
                       .scan_hashes = 64,
                       .hit_slots = 64};
constexpr std::uint64_t kOneChunk = std::uint64_t{2} << 20;
constexpr std::uint64_t kSmallEd25519 = 49'152;
constexpr std::uint64_t kSmallP256 = 32'768;
constexpr std::uint64_t kLargeEd25519 = 393'216;
constexpr std::uint64_t kLargeP256 = 262'144;

class CudaKeyTables : public testing::Test {
 protected:
  void SetUp() override { cuda_shim::reset(); }

  /// Good items by keys of their own, and after each a bad one by the same key.
  std::vector<OwnedItem> items_by(Algorithm algorithm, std::size_t keys) {
    std::vector<OwnedItem> items;
    for (std::size_t i = 0; i < keys; ++i) {
      items.push_back(sign(algorithm, random_, signature::random_bytes(random_, 20)));
      items.push_back(items.back());
      items.back().message[3] ^= 1;
    }
    return items;
  }

  static void expect_reference(SignatureVerifier& verifier, const std::vector<OwnedItem>& items) {
    std::vector<Reason> out(items.size(), Reason::unknown_algorithm);
    verifier.verify(signature::views(items), out);
    for (std::size_t i = 0; i < items.size(); ++i)
      ASSERT_EQ(out[i], i % 2 == 0 ? Reason::valid : Reason::mismatch) << i;
  }

  static void add(SignatureVerifier& verifier, const std::vector<OwnedItem>& items) {
    std::vector<signature::KeyView> keys;
    for (const OwnedItem& item : items) keys.push_back({item.algorithm, item.key});
    verifier.register_keys(keys);
  }

  std::mt19937_64 random_{7};
  Stream compute_;
};

TEST_F(CudaKeyTables, BothAlgorithmsShareOneNumberOfBytes) {
  SignatureVerifier verifier(kSizes, compute_, 8 * kOneChunk);
  const auto before = verifier.key_cache().contents();
  std::vector<OwnedItem> items = items_by(Algorithm::ed25519, 4);
  for (const OwnedItem& item : items_by(Algorithm::p256, 5)) items.push_back(item);
  add(verifier, items);
  const auto after = verifier.key_cache().contents();
  EXPECT_EQ(after.large_tables - before.large_tables, 9U);
  EXPECT_EQ(after.bytes - before.bytes, 4 * kLargeEd25519 + 5 * kLargeP256);
  expect_reference(verifier, items);
}

TEST_F(CudaKeyTables, ManyKeysHaveSmallTables) {
  SignatureVerifier verifier(kSizes, compute_, 4 * kOneChunk);
  const auto before = verifier.key_cache().contents();
  std::vector<OwnedItem> items = items_by(Algorithm::ed25519, 15);
  for (const OwnedItem& item : items_by(Algorithm::p256, 15)) items.push_back(item);
  add(verifier, items);
  const auto after = verifier.key_cache().contents();
  EXPECT_EQ(after.small_tables - before.small_tables, 30U);
  EXPECT_EQ(after.bytes - before.bytes, 15 * (kSmallEd25519 + kSmallP256));
  expect_reference(verifier, items);
}

TEST_F(CudaKeyTables, TheKeysUsedMostHaveLargeTablesAndOthersNone) {
  SignatureVerifier verifier(kSizes, compute_, kOneChunk);  // tables of one kind at a time
  for (const Algorithm algorithm : {Algorithm::ed25519, Algorithm::p256}) {
    const std::vector<OwnedItem> frequent = items_by(algorithm, 1);
    const std::vector<OwnedItem> rare = items_by(algorithm, 20);
    std::vector<OwnedItem> items = rare;
    for (int i = 0; i < 40; ++i) items.insert(items.end(), frequent.begin(), frequent.end());
    for (int round = 0; round < 4; ++round) {
      expect_reference(verifier, items);
      verifier.key_cache().wait_until_idle();
      EXPECT_LE(verifier.key_cache().contents().bytes, kOneChunk);
    }
    std::array<signature::KeyView, 2> keys = {
        {{algorithm, frequent[0].key}, {algorithm, rare[0].key}}};
    std::array<signature::CachedKey, 2> found;
    const auto reader = verifier.key_cache().enter();
    verifier.key_cache().find(reader, keys, found);
    EXPECT_NE(found[0].size, signature::TableSize::none);
    EXPECT_EQ(found[1].size, signature::TableSize::none);
  }
}

}  // namespace
}  // namespace salus::engine::cuda

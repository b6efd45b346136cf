// Verification on the CPU with a cache of keys: what the tables change, and what they must not.
#include "engine/signature/cpu/verifier.h"

#include <gtest/gtest.h>

#include <thread>

#include "engine/error.h"
#include "tests/engine/signature/each_verifier.h"
#include "tests/engine/signature/items.h"

namespace salus::engine::signature {
namespace {

constexpr std::uint64_t kCacheBytes = std::uint64_t{64} << 20;

class VerifierTest : public testing::TestWithParam<std::string> {
 protected:
  VerifierTest() {
    for (std::size_t i = 0; i < 24; ++i)
      good_.push_back(sign(i % 2 == 0 ? Algorithm::ed25519 : Algorithm::p256, random_,
                           random_bytes(random_, 50 * i)));
  }

  static CpuOptions options() {
    CpuOptions options;
    options.verify_variant = GetParam();
    return options;
  }

  std::vector<Reason> verify(const std::vector<OwnedItem>& items) {
    std::vector<Reason> out(items.size(), Reason::unknown_algorithm);
    verifier_.verify(views(items), out);
    return out;
  }

  void add_all_keys() {
    std::vector<KeyView> keys;
    for (const OwnedItem& item : good_) keys.push_back({item.algorithm, item.key});
    verifier_.add_keys(keys);
  }

  std::mt19937_64 random_{17};
  std::vector<OwnedItem> good_;
  cpu::Verifier verifier_{options(), kCacheBytes};
};

std::vector<Reason> by_reference(const std::vector<OwnedItem>& items) {
  std::vector<Reason> out;
  for (const OwnedItem& item : items) out.push_back(verify_reference(item.view()));
  return out;
}

/// Each item with a bit of its message or signature changed, where its form stays right.
std::vector<OwnedItem> with_damaged(std::vector<OwnedItem> items) {
  const std::size_t count = items.size();
  for (std::size_t i = 0; i < count; ++i) {
    OwnedItem damaged = items[i];
    damaged.signature[i % 64] ^= 1;
    if (check_form(damaged.view(), {}) == Reason::valid) items.push_back(damaged);
    damaged = items[i];
    damaged.message.push_back(1);
    items.push_back(damaged);
  }
  return items;
}

TEST_P(VerifierTest, VerdictsAreTheSameWithAndWithoutTables) {
  const auto items = with_damaged(good_);
  const auto expected = by_reference(items);
  EXPECT_EQ(verify(items), expected);
  EXPECT_EQ(verifier_.cache().contents().bytes, 0U);
  add_all_keys();
  EXPECT_EQ(verifier_.cache().contents().large_tables, good_.size());
  EXPECT_EQ(verify(items), expected);
}

TEST_P(VerifierTest, SomeKeysKnownAndOthersNot) {
  const auto items = with_damaged(good_);
  const auto expected = by_reference(items);
  for (const std::size_t known : {1, 7, 15}) {
    cpu::Verifier verifier(options(), kCacheBytes);
    std::vector<KeyView> keys;
    for (std::size_t i = 0; i < known; ++i) keys.push_back({items[i].algorithm, items[i].key});
    verifier.add_keys(keys);
    std::vector<Reason> out(items.size());
    verifier.verify(views(items), out);
    EXPECT_EQ(out, expected) << known;
  }
}

TEST_P(VerifierTest, KeysThatComeBackGetTables) {
  for (int round = 0; round < 20; ++round) verify(good_);
  verifier_.cache().wait_until_idle();
  EXPECT_EQ(verifier_.cache().contents().small_tables, good_.size());
  for (int round = 0; round < 2000; ++round)
    verify({good_[0], good_[0], good_[0], good_[1], good_[1], good_[1]});
  verifier_.cache().wait_until_idle();
  EXPECT_EQ(verifier_.cache().contents().large_tables, 2U);
  EXPECT_EQ(verify(good_), by_reference(good_));
}

TEST_P(VerifierTest, SignaturesThatAreNotValidMakeNoTables) {
  auto items = good_;
  for (auto& item : items) item.message.push_back(0);
  for (int round = 0; round < 30; ++round) verify(items);
  verifier_.cache().wait_until_idle();
  EXPECT_EQ(verifier_.cache().contents().bytes, 0U);
}

TEST_P(VerifierTest, KeysOffTheCurveAreRefusedWithTheirReason) {
  OwnedItem ed25519 = good_[0];
  ed25519.key.assign(32, 0);
  ed25519.key[0] = 2;
  OwnedItem p256 = good_[1];
  p256.key[64] ^= 1;
  const std::vector<KeyView> keys = {{Algorithm::ed25519, ed25519.key},
                                     {Algorithm::p256, p256.key}};
  const std::vector<OwnedItem> items = {good_[0], ed25519, p256, good_[1]};
  verifier_.add_keys(keys);
  EXPECT_EQ(verifier_.cache().contents().bytes, 0U);
  for (int round = 0; round < 10; ++round)
    EXPECT_EQ(verify(items), (std::vector<Reason>{Reason::valid, Reason::key_not_on_curve,
                                                  Reason::key_not_on_curve, Reason::valid}));
}

TEST_P(VerifierTest, MessagesOfVeryDifferentLengthInOneBatch) {
  for (const std::size_t size : {0, 1, 47, 48, 111, 112, 128, 5000, 100000, 1 << 20})
    good_.push_back(sign(Algorithm::ed25519, random_, random_bytes(random_, size)));
  const auto items = with_damaged(good_);
  EXPECT_EQ(verify(items), by_reference(items));
}

TEST_P(VerifierTest, ManyThreadsWhileTablesAreMadeAndEvicted) {
  cpu::Verifier verifier(options(), std::uint64_t{2} << 20);  // less room than for all keys
  const auto items = with_damaged(good_);
  const auto expected = by_reference(items);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 10; ++round) {
        std::vector<Reason> out(items.size());
        verifier.verify(views(items), out);
        EXPECT_EQ(out, expected);
      }
    });
  threads.clear();
  EXPECT_LE(verifier.cache().contents().bytes, std::uint64_t{2} << 20);
}

TEST(VerifierVariants, AnUnknownOneIsTheUsersError) {
  CpuOptions options;
  options.verify_variant = "abacus";
  EXPECT_THROW(cpu::Verifier{options}, Error);
  EXPECT_THROW((void)open_cpu_device(options), Error);
}

INSTANTIATE_TEST_SUITE_P(By, VerifierTest, testing::ValuesIn(cpu::verify_variants()),
                         [](const auto& variant) { return variant.param; });

}  // namespace
}  // namespace salus::engine::signature

// A device's verdicts on signatures: the same as libsodium's and OpenSSL's, for any key and for
// registered ones with tables of either size.
#include <gtest/gtest.h>

#include <algorithm>
#include <span>

#include "engine/signature/form.h"
#include "engine/signature/reference.h"
#include "tests/engine/signature/device_under_test.h"
#include "tests/engine/signature/hostile_items.h"
#include "tests/engine/signature/hostile_p256_items.h"
#include "tests/engine/signature/items.h"
#include "tests/engine/signature/mutations.h"
#include "tests/engine/signature/sanitized.h"

namespace salus::engine::signature {
namespace {

constexpr std::uint64_t kRoomForSmall = std::uint64_t{16} << 20;
constexpr std::uint64_t kRoomForLarge = std::uint64_t{128} << 20;

/// Room for tables of registered keys, or 0. Where large ones of all keys fit they have those.
class DeviceSignatures : public testing::TestWithParam<std::uint64_t> {
 protected:
  void SetUp() override {
    std::string why;
    device_ = open_device_under_test(why);
    if (device_ == nullptr) GTEST_SKIP() << why;
    device_->limit_key_cache(GetParam());
  }

  /// Reasons for all items, form first, as the engine does it.
  std::vector<Reason> verify(const std::vector<OwnedItem>& items) {
    std::vector<Reason> reasons;
    std::vector<Item> open;
    std::vector<KeyView> keys;
    for (const OwnedItem& item : items) {
      reasons.push_back(check_form(item.view(), {}));
      if (reasons.back() != Reason::valid) continue;
      open.push_back(item.view());
      keys.push_back({item.algorithm, item.key});
    }
    if (GetParam() != 0) device_->register_keys(keys);
    std::vector<Reason> decided(open.size(), Reason::unknown_algorithm);
    device_->verify_signatures(open, decided);
    auto next = decided.begin();
    for (Reason& reason : reasons)
      if (reason == Reason::valid) reason = *next++;
    return reasons;
  }

  /// Expects the reference's reasons and returns how many items are valid.
  std::size_t expect_reference(const std::vector<OwnedItem>& items) {
    const std::vector<Reason> reasons = verify(items);
    for (std::size_t i = 0; i < items.size(); ++i)
      EXPECT_EQ(to_string(reasons[i]),
                std::string(to_string(verify_reference(items[i].view(), {}))))
          << i << ": key " << to_hex(items[i].key) << " signature " << to_hex(items[i].signature);
    return static_cast<std::size_t>(std::ranges::count(reasons, Reason::valid));
  }

  void expect_published(const std::vector<PublishedCase>& cases) {
    std::vector<OwnedItem> items;
    for (const PublishedCase& c : cases) items.push_back(c.item);
    const std::vector<Reason> reasons = verify(items);
    for (std::size_t i = 0; i < cases.size(); ++i)
      EXPECT_EQ(reasons[i] == Reason::valid, cases[i].valid) << cases[i].name;
  }

  std::unique_ptr<Device> device_;
  std::mt19937_64 random_{32};
};

TEST_P(DeviceSignatures, PublishedEd25519) {
  expect_published(rfc8032_cases());
  expect_published(wycheproof_ed25519_cases());
}

TEST_P(DeviceSignatures, PublishedP256) { expect_published(wycheproof_p256_cases()); }

TEST_P(DeviceSignatures, SmallOrderAndNonCanonicalEncodings) {
  EXPECT_EQ(expect_reference(small_order_items()), 0U);
  expect_reference(one_small_order_part_items());
}

TEST_P(DeviceSignatures, MixedOrder) {
  const std::vector<OwnedItem> items = mixed_order_items();
  const std::vector<Reason> reasons = verify(items);
  for (std::size_t i = 0; i < items.size(); ++i)
    EXPECT_EQ(reasons[i] == Reason::valid, sodium_accepts(items[i])) << i;
}

TEST_P(DeviceSignatures, RandomAndMixedItems) {
  EXPECT_GT(expect_reference(mixed_items(random_, items_for_device_under_test())), 0U);
  EXPECT_EQ(expect_reference(one_bit_changed_items(random_)), 0U);
}

TEST_P(DeviceSignatures, MutatedItemsOfBothAlgorithms) {
  for (const Algorithm algorithm : {Algorithm::ed25519, Algorithm::p256})
    expect_reference(mutated_items(algorithm, items_for_device_under_test(), 77));
}

TEST_P(DeviceSignatures, P256AtTheEdges) {
  for (const auto& items :
       {p256_x_above_order_items(random_), p256_commitments_at_the_ends(random_),
        p256_keys_that_are_multiples_of_the_base(random_), p256_sums_that_meet_rows(random_)})
    EXPECT_EQ(expect_reference(items), items.size());
  EXPECT_EQ(expect_reference(p256_sums_that_are_infinity(random_)), 0U);
}

TEST_P(DeviceSignatures, EveryMessageLengthAroundBlockBoundaries) {
  std::vector<OwnedItem> items;
  for (const std::size_t size :
       {0,  1,  7,   8,   15,  16,  17,  31,  46,  47,  48,  49,  54,  55,  56,
        63, 64, 111, 112, 119, 120, 127, 128, 174, 175, 176, 192, 303, 304, 1000})
    for (const Algorithm algorithm : {Algorithm::ed25519, Algorithm::p256})
      items.push_back(sign(algorithm, random_, random_bytes(random_, size)));
  EXPECT_EQ(expect_reference(items), items.size());
  for (OwnedItem& item : items)
    if (!item.message.empty()) item.message.back() ^= 1;
  EXPECT_EQ(expect_reference(items), 2U);
}

TEST_P(DeviceSignatures, LongMessagesAmongShortOnes) {
  std::vector<OwnedItem> items;
  for (const std::size_t size : {5, 32 * 1024 - 1, 32 * 1024, 32 * 1024 + 1, 300'000, 9})
    for (const Algorithm algorithm : {Algorithm::ed25519, Algorithm::p256})
      items.push_back(sign(algorithm, random_, random_bytes(random_, size)));
  EXPECT_EQ(expect_reference(items), items.size());
  for (OwnedItem& item : items) item.message[item.message.size() / 2] ^= 1;
  EXPECT_EQ(expect_reference(items), 0U);
}

TEST_P(DeviceSignatures, BothAlgorithmsAndTheSameItemsAgainInOneCall) {
  std::vector<OwnedItem> items;
  for (std::size_t i = 0; i < 12; ++i)
    items.push_back(
        sign(i % 3 == 0 ? Algorithm::p256 : Algorithm::ed25519, random_, random_bytes(random_, i)));
  items[3].signature[40] ^= 1;
  items[4].signature[40] ^= 1;
  for (std::size_t i = 0; i < 8; ++i) items.push_back(OwnedItem(items[i]));
  EXPECT_EQ(expect_reference(items), items.size() - 4);
}

TEST_P(DeviceSignatures, NothingToDo) { EXPECT_TRUE(verify({}).empty()); }

TEST_P(DeviceSignatures, KeysOffTheCurveLeaveNeighboursAlone) {
  const OwnedItem good = sign(Algorithm::ed25519, random_, {1, 2, 3});
  std::vector<OwnedItem> items(40, good);
  for (std::size_t i = 0; i < items.size(); i += 3) {
    items[i].key.assign(32, 0);
    items[i].key[0] = 2;
  }
  const std::vector<Reason> reasons = verify(items);
  for (std::size_t i = 0; i < items.size(); ++i)
    EXPECT_EQ(reasons[i], i % 3 == 0 ? Reason::key_not_on_curve : Reason::valid) << i;
}

TEST_P(DeviceSignatures, TablesOfKeysMakeRoomForEachOther) {
  device_->limit_key_cache(2 * 393'216);  // two tables
  for (int round = 0; round < 3; ++round) {
    std::vector<OwnedItem> items = mixed_items(random_, 10);
    expect_reference(items);
    std::ranges::reverse(items);
    expect_reference(items);
  }
}

// Tables are made beside the verification, whenever that is; some of these keys lose theirs again.
TEST_P(DeviceSignatures, KeysThatComeBackWithLittleRoom) {
  device_->limit_key_cache(256 << 10);  // five small tables of Ed25519, or eight of P-256
  std::vector<OwnedItem> signers = mixed_items(random_, 12);
  for (int round = 0; round < 6; ++round) {
    std::ranges::rotate(signers, signers.begin() + 4);
    std::vector<OwnedItem> items;
    for (const OwnedItem& signer : std::span(signers).first(6))
      items.insert(items.end(), scaled(40) + 2, signer);
    expect_reference(items);
  }
}

TEST_P(DeviceSignatures, NoRoomForTables) {
  device_->limit_key_cache(0);
  expect_reference(mixed_items(random_, 10));
}

INSTANTIATE_TEST_SUITE_P(Keys, DeviceSignatures, testing::Values(0, kRoomForSmall, kRoomForLarge),
                         [](const testing::TestParamInfo<std::uint64_t>& tested) {
                           if (tested.param == 0) return "Unknown";
                           return tested.param == kRoomForSmall ? "SmallTables" : "LargeTables";
                         });

}  // namespace
}  // namespace salus::engine::signature

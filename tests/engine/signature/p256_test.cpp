// P-256 items at the edges of the rule, made to measure, and at random, against OpenSSL.
#include <gtest/gtest.h>
#include <openssl/sha.h>

#include <algorithm>
#include <map>

#include "engine/signature/constants.h"
#include "tests/engine/signature/each_verifier.h"
#include "tests/engine/signature/hostile_p256_items.h"
#include "tests/engine/signature/items.h"
#include "tests/engine/signature/p256_oracle.h"

namespace salus::engine::signature {
namespace {

class P256Test : public EachVerifier {
 protected:
  static void expect_reference(const std::vector<OwnedItem>& items) {
    const auto batch = views(items);
    const Verdicts verdicts = verify(batch);
    for (std::size_t i = 0; i < items.size(); ++i)
      EXPECT_EQ(to_string(verdicts.reason(i)), std::string(to_string(verify_reference(batch[i]))))
          << i << ": key " << to_hex(items[i].key) << " signature " << to_hex(items[i].signature);
  }

  std::mt19937_64 random_{256};
};

// x between n and p stands for r = x - n.
TEST_P(P256Test, XAboveTheOrder) {
  std::vector<OwnedItem> items = p256_x_above_order_items(random_);
  EXPECT_TRUE(verify(views(items)).all_valid());
  for (OwnedItem& item : items) item.message[0] ^= 1;
  EXPECT_EQ(verify(views(items)).count_valid(), 0U);
}

// x = r where r + n is below p, too, and where it is not; r at the ends of its range.
TEST_P(P256Test, CommitmentsAtTheEnds) {
  std::vector<OwnedItem> items = p256_commitments_at_the_ends(random_);
  EXPECT_TRUE(verify(views(items)).all_valid());
}

// With the key d G, u1 + d u2 is the discrete logarithm of the sum: its summands are equal or
// opposite on the way for many small d.
TEST_P(P256Test, KeysThatAreMultiplesOfTheBasePoint) {
  std::vector<OwnedItem> items = p256_keys_that_are_multiples_of_the_base(random_);
  EXPECT_TRUE(verify(views(items)).all_valid());
  for (std::size_t i = 0; i < items.size(); i += 2) items[i].message.push_back(1);
  expect_reference(items);
}

TEST_P(P256Test, SumsThatMeetRows) {
  std::vector<OwnedItem> items = p256_sums_that_meet_rows(random_);
  EXPECT_TRUE(verify(views(items)).all_valid());
  for (OwnedItem& item : items) item.message.push_back(1);
  EXPECT_EQ(verify(views(items)).count_valid(), 0U);
}

// r = -e / d makes the sum the point at infinity, which no r belongs to.
TEST_P(P256Test, SumsThatAreInfinity) {
  std::vector<OwnedItem> items = p256_sums_that_are_infinity(random_);
  const Verdicts verdicts = verify(views(items));
  for (std::size_t i = 0; i < items.size(); ++i)
    EXPECT_EQ(verdicts.reason(i), Reason::mismatch) << i;
}

// Neighbours have messages of the same length, because batches are put in order of it.
TEST_P(P256Test, PublishedCasesInEveryLaneAmongGoodNeighbours) {
  constexpr std::size_t kLanes = 8;
  const bool has_lanes = GetParam().name.starts_with("ifma") || GetParam().name == "batch";
  std::map<std::size_t, OwnedItem> good;  // by length of the message
  for (const auto& c : wycheproof_p256_cases()) {
    const std::size_t size = c.item.message.size();
    if (!good.contains(size))
      good[size] = sign(Algorithm::p256, random_, random_bytes(random_, size));
    for (std::size_t lane = 0; lane < (has_lanes ? kLanes : 1); ++lane) {
      std::vector<Item> items(has_lanes ? kLanes : 2, good[size].view());
      items[lane] = c.item.view();
      const Verdicts verdicts = verify(items);
      for (std::size_t i = 0; i < items.size(); ++i)
        EXPECT_EQ(verdicts.valid(i), i == lane ? c.valid : true) << c.name << " in lane " << lane;
    }
  }
}

TEST_P(P256Test, KeysOffTheCurveLeaveNeighboursAlone) {
  std::vector<OwnedItem> items;
  for (std::size_t i = 0; i < 50; ++i) {
    items.push_back(sign(Algorithm::p256, random_, random_bytes(random_, 8)));
    if (i % 3 == 0) items.back().key[64] ^= 1;
    if (i % 9 == 0) std::fill(items.back().key.begin() + 1, items.back().key.end(), 0);
  }
  const Verdicts verdicts = verify(views(items));
  for (std::size_t i = 0; i < items.size(); ++i)
    EXPECT_EQ(verdicts.reason(i), i % 3 == 0 ? Reason::key_not_on_curve : Reason::valid) << i;
}

TEST_P(P256Test, FindsOneBadItemAtEveryPosition) {
  std::vector<OwnedItem> good;
  for (std::size_t i = 0; i < 130; ++i)
    good.push_back(sign(Algorithm::p256, random_, random_bytes(random_, 10)));
  OwnedItem bad = good[0];
  bad.message.push_back(0);
  for (std::size_t size = 1; size <= 130; size = size * 2 + 1) {
    std::vector<Item> items;
    for (std::size_t i = 0; i < size; ++i) items.push_back(good[i].view());
    for (std::size_t position = 0; position < size; position += 1 + size / 16) {
      const Item kept = std::exchange(items[position], bad.view());
      const Verdicts verdicts = verify(items);
      EXPECT_EQ(verdicts.count_valid(), size - 1);
      EXPECT_EQ(verdicts.reason(position), Reason::mismatch);
      items[position] = kept;
    }
  }
}

TEST_P(P256Test, EveryMessageLengthAroundBlockBoundaries) {
  std::vector<OwnedItem> items;
  for (std::size_t size = 0; size <= 200; ++size)
    items.push_back(sign(Algorithm::p256, random_, random_bytes(random_, size)));
  EXPECT_TRUE(verify(views(items)).all_valid());
}

TEST_P(P256Test, OneBitChanged) {
  std::vector<OwnedItem> items;
  const OwnedItem good = sign(Algorithm::p256, random_, random_bytes(random_, 9));
  for (auto part : {&OwnedItem::key, &OwnedItem::message, &OwnedItem::signature}) {
    for (std::size_t bit = 0; bit < (good.*part).size() * 8; bit += 3) {
      items.push_back(good);
      (items.back().*part)[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    }
  }
  expect_reference(items);
}

TEST_P(P256Test, RandomAndMixedItems) {
  std::vector<OwnedItem> items;
  for (std::size_t i = 0; i < 700; ++i) {
    OwnedItem item = sign(Algorithm::p256, random_, random_bytes(random_, i % 150));
    const auto signature = item.signature;
    NumberBytes half;
    switch (i % 7) {
      case 1: std::ranges::copy(random_bytes(random_, 64), item.key.begin() + 1); break;
      case 2: item.signature = random_bytes(random_, 64); break;
      case 3: std::swap(item.signature, items.back().signature); break;
      case 4:  // the other valid s
        std::ranges::copy_n(signature.begin() + 32, 32, half.begin());
        std::ranges::copy((Number(0) - Number(half)).bytes(), item.signature.begin() + 32);
        break;
      case 5:  // r + n
        std::ranges::copy_n(signature.begin(), 32, half.begin());
        if (const auto sum = plus_order(half)) std::ranges::copy(*sum, item.signature.begin());
        break;
      case 6: std::swap(item.key, items.back().key); break;
      default: break;
    }
    items.push_back(std::move(item));
  }
  expect_reference(items);
}

SALUS_EACH_VERIFIER(P256Test);

// Hashes that no message is known for: 0, and n or more. They are taken modulo n.
class P256HashTest : public testing::TestWithParam<const cpu::P256Variant*> {};

TEST_P(P256HashTest, HashesOfZeroAndAboveTheOrder) {
  const cpu::P256Variant& variant = *GetParam();
  if (!variant.supported()) GTEST_SKIP() << "this CPU lacks the instructions";
  Hash largest;
  largest.fill(0xff);
  Hash one_more = kP256Order;
  ++one_more[31];
  const std::vector<Hash> hashes = {Hash{}, kP256Order, one_more, kP256Prime, largest};
  for (const Hash& hash : hashes) {
    const EcPoint commitment = EcPoint::random();
    const Number s = Number::random();
    const auto signature = concat(commitment.x().bytes(), s.bytes());
    const auto key = key_for(commitment, Number(hash), s).bytes();
    const cpu::P256SignedHash item{signature.data(), hash.data()};
    cpu::P256CurveItem curve_item{key.data(), {}};
    variant.scalars(&item, 1, &curve_item.scalars);
    Reason reason = Reason::unknown_algorithm;
    variant.decide(cpu::p256_base_comb(), &curve_item, 1, &reason);
    EXPECT_EQ(reason, Reason::valid) << to_hex(hash);

    std::vector<std::uint64_t> rows(cpu::p256_comb_words(4));
    std::uint64_t* table = rows.data();
    const std::uint8_t* key_bytes = key.data();
    bool is_on_curve = false;
    variant.make_combs(&key_bytes, 1, 4, &table, &is_on_curve);
    ASSERT_TRUE(is_on_curve);
    const cpu::P256RegisteredItem registered{table, curve_item.scalars};
    variant.decide_registered(cpu::p256_base_comb(), 4, &registered, 1, &reason);
    EXPECT_EQ(reason, Reason::valid) << to_hex(hash);
  }
}

INSTANTIATE_TEST_SUITE_P(By, P256HashTest,
                         testing::ValuesIn(cpu::all_p256_variants().begin(),
                                           cpu::all_p256_variants().end()),
                         [](const testing::TestParamInfo<const cpu::P256Variant*>& tested) {
                           return std::string(tested.param->name);
                         });

}  // namespace
}  // namespace salus::engine::signature

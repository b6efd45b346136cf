// Batches: every position, every size, and company of any kind.
#include <gtest/gtest.h>

#include <thread>

#include "tests/engine/signature/each_verifier.h"
#include "tests/engine/signature/items.h"

namespace salus::engine::signature {
namespace {

class BatchTest : public EachVerifier {
 protected:
  std::vector<OwnedItem> good_items(std::size_t count) {
    std::vector<OwnedItem> items;
    for (std::size_t i = 0; i < count; ++i)
      items.push_back(sign(Algorithm::ed25519, random_, random_bytes(random_, 40)));
    return items;
  }

  std::mt19937_64 random_{99};
};

TEST_P(BatchTest, AnEmptyBatchHasNoVerdicts) {
  EXPECT_EQ(verify(std::span<const Item>{}).size(), 0U);
}

TEST_P(BatchTest, FindsOneBadItemAtEveryPositionOfEverySize) {
  const auto good = good_items(130);
  OwnedItem bad = good[0];
  bad.message.push_back(0);
  for (std::size_t size = 1; size <= 130; size = size < 20 ? size + 1 : size * 3 / 2) {
    std::vector<Item> items;
    for (std::size_t i = 0; i < size; ++i) items.push_back(good[i].view());
    for (std::size_t position = 0; position < size; ++position) {
      const Item kept = std::exchange(items[position], bad.view());
      const Verdicts verdicts = verify(items);
      EXPECT_EQ(verdicts.count_valid(), size - 1);
      EXPECT_EQ(verdicts.reason(position), Reason::mismatch);
      items[position] = kept;
    }
  }
}

TEST_P(BatchTest, PublishedCasesInEveryLaneAmongGoodNeighbours) {
  const auto cases = wycheproof_ed25519_cases();
  const auto good = good_items(8);
  for (std::size_t lane = 0; lane < 8; ++lane) {
    std::vector<Item> items;
    std::vector<bool> expected;
    for (const auto& c : cases) {
      for (std::size_t i = 0; i < 8; ++i) {
        items.push_back(i == lane ? c.item.view() : good[i].view());
        expected.push_back(i == lane ? c.valid : true);
      }
    }
    const Verdicts verdicts = verify(items);
    for (std::size_t i = 0; i < items.size(); ++i) EXPECT_EQ(verdicts.valid(i), expected[i]) << i;
  }
}

// A lane whose key is no point must not spoil the others through the shared inversion.
TEST_P(BatchTest, KeysOffTheCurveLeaveNeighboursAlone) {
  auto items = good_items(64);
  for (std::size_t i = 0; i < items.size(); i += 3) {
    items[i].key.assign(32, 0);
    items[i].key[0] = 2;
  }
  const Verdicts verdicts = verify(views(items));
  for (std::size_t i = 0; i < items.size(); ++i)
    EXPECT_EQ(verdicts.reason(i), i % 3 == 0 ? Reason::key_not_on_curve : Reason::valid);
}

TEST_P(BatchTest, EveryMessageLengthAroundBlockBoundaries) {
  std::vector<OwnedItem> items;
  for (std::size_t size = 0; size <= 400; ++size)
    items.push_back(sign(Algorithm::ed25519, random_, random_bytes(random_, size)));
  EXPECT_TRUE(verify(views(items)).all_valid());
  for (auto& item : items)
    if (!item.message.empty()) item.message.back() ^= 1;
  EXPECT_EQ(verify(views(items)).count_valid(), 1U);
}

TEST_P(BatchTest, ALongMessageAmongShortOnes) {
  auto items = good_items(20);
  items[7] = sign(Algorithm::ed25519, random_, std::vector<std::uint8_t>(kMaxMessageBytes, 0x5a));
  EXPECT_TRUE(verify(views(items)).all_valid());
  items[7].message[kMaxMessageBytes / 2] ^= 1;
  const Verdicts verdicts = verify(views(items));
  EXPECT_EQ(verdicts.count_valid(), 19U);
  EXPECT_FALSE(verdicts.valid(7));
}

TEST_P(BatchTest, BothAlgorithmsInOneCall) {
  std::vector<OwnedItem> items;
  for (std::size_t i = 0; i < 40; ++i)
    items.push_back(sign(i % 3 == 0 ? Algorithm::p256 : Algorithm::ed25519, random_, {}));
  items[3].signature[40] ^= 1;
  items[4].signature[40] ^= 1;
  const Verdicts verdicts = verify(views(items));
  for (std::size_t i = 0; i < items.size(); ++i)
    EXPECT_EQ(verdicts.reason(i), i == 3 || i == 4 ? Reason::mismatch : Reason::valid) << i;
}

TEST_P(BatchTest, TheSameItemManyTimes) {
  const OwnedItem item = sign(Algorithm::ed25519, random_, {1, 2, 3});
  EXPECT_TRUE(verify(std::vector<Item>(100, item.view())).all_valid());
}

TEST_P(BatchTest, ManyThreadsAtOnce) {
  auto items = good_items(24);
  items[5].signature[1] ^= 1;
  const auto batch = views(items);
  const Verdicts expected = verify(batch);
  std::vector<Verdicts> results(4, Verdicts(0));
  {
    std::vector<std::jthread> threads;
    for (auto& result : results) threads.emplace_back([&] { result = verify(batch); });
  }
  for (const auto& result : results) EXPECT_EQ(result, expected);
}

SALUS_EACH_VERIFIER(BatchTest);

}  // namespace
}  // namespace salus::engine::signature

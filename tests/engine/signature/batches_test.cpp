// Batches through the engine: every size, every place of a bad item, and extremes.
#include <gtest/gtest.h>

#include <thread>

#include "engine/engine.h"
#include "engine/error.h"
#include "engine/signature/reference.h"
#include "tests/engine/signature/items.h"
#include "tests/engine/signature/mutations.h"
#include "tests/engine/signature/sanitized.h"

namespace salus::engine::signature {
namespace {

class EngineBatches : public testing::TestWithParam<std::string> {
 protected:
  static EngineOptions options() {
    EngineOptions options;
    options.devices = "cpu";
    options.cpu.verify_variant = GetParam();
    options.key_cache_bytes = std::uint64_t{32} << 20;
    return options;
  }

  /// Good items of both algorithms by keys of their own.
  std::vector<OwnedItem> good_items(std::size_t count) {
    std::vector<OwnedItem> items;
    for (std::size_t i = 0; i < count; ++i)
      items.push_back(sign(i % 3 == 2 ? Algorithm::p256 : Algorithm::ed25519, random_,
                           random_bytes(random_, i % 200)));
    return items;
  }

  static OwnedItem damaged(OwnedItem item) {
    item.message.push_back(0);
    return item;
  }

  std::mt19937_64 random_{31};
  Engine engine{options()};
};

TEST_P(EngineBatches, FindABadItemAtEveryIndexOfEverySize) {
  constexpr std::size_t kMost = kIsSanitized ? 20 : 130;
  const auto good = good_items(kMost);
  std::vector<OwnedItem> bad;
  for (const OwnedItem& item : good) bad.push_back(damaged(item));
  std::vector<Item> items;
  for (std::size_t size = 1; size <= kMost; ++size) {
    items.push_back(good[size - 1].view());
    // Every index at sizes around full lanes, and a few at the others.
    const std::size_t step = size % 8 <= 1 ? 1 : size / 3 + 1;
    for (std::size_t at = size % step; at < size; at += step) {
      items[at] = bad[at].view();
      const Verdicts verdicts = engine.verify_batch(items);
      ASSERT_EQ(verdicts.count_valid(), size - 1) << size;
      ASSERT_EQ(verdicts.reason(at), Reason::mismatch) << at << " of " << size;
      items[at] = good[at].view();
    }
  }
}

TEST_P(EngineBatches, AllBad) {
  std::vector<OwnedItem> bad;
  for (const OwnedItem& item : good_items(300)) bad.push_back(damaged(item));
  EXPECT_EQ(engine.verify_batch(views(bad)).count_valid(), 0U);
}

TEST_P(EngineBatches, AllByTheSameKeyAgainAndAgain) {
  const auto good = good_items(3);
  for (const OwnedItem& item : good) {
    const OwnedItem bad = damaged(item);
    std::vector<Item> items(500, item.view());
    items[77] = bad.view();
    for (int round = 0; round < 3; ++round) {
      const Verdicts verdicts = engine.verify_batch(items);
      EXPECT_EQ(verdicts.count_valid(), items.size() - 1);
      EXPECT_FALSE(verdicts.valid(77));
    }
  }
}

TEST_P(EngineBatches, OneSignatureTwiceOverTwoMessages) {
  auto items = good_items(9);
  items.push_back(items[4]);
  items.push_back(damaged(items[4]));
  const Verdicts verdicts = engine.verify_batch(views(items));
  EXPECT_EQ(verdicts.count_valid(), 10U);
  EXPECT_FALSE(verdicts.valid(10));
}

TEST_P(EngineBatches, EmptyMessagesAndOneOf16MiBAmongThem) {
  std::vector<OwnedItem> items;
  for (std::size_t i = 0; i < 40; ++i)
    items.push_back(sign(i % 2 == 0 ? Algorithm::ed25519 : Algorithm::p256, random_, {}));
  for (const std::size_t long_one : {10, 11})
    items[long_one] =
        sign(items[long_one].algorithm, random_, std::vector<std::uint8_t>(kMaxMessageBytes, 3));
  EXPECT_TRUE(engine.verify_batch(views(items)).all_valid());
  items[11].message.back() ^= 1;
  items[10].message.push_back(0);
  const Verdicts verdicts = engine.verify_batch(views(items));
  EXPECT_EQ(verdicts.count_valid(), 38U);
  EXPECT_EQ(verdicts.reason(10), Reason::message_too_long);
  EXPECT_EQ(verdicts.reason(11), Reason::mismatch);
}

TEST_P(EngineBatches, ManyThreadsWithBatchesOfTheirOwn) {
  auto items = mutated_items(Algorithm::ed25519, 400, 1);
  const auto p256 = mutated_items(Algorithm::p256, 200, 2);
  items.insert(items.end(), p256.begin(), p256.end());
  const std::vector<Item> batch = views(items);
  std::vector<Reason> expected;
  for (const Item& item : batch) expected.push_back(verify_reference(item));
  std::vector<std::jthread> threads;
  for (std::size_t thread = 0; thread < 4; ++thread)
    threads.emplace_back([&, thread] {
      for (std::size_t size : {1, 3, 17, 100, 129, 600}) {
        const std::size_t first = (thread * 131) % (batch.size() - size + 1);
        const Verdicts verdicts = engine.verify_batch(std::span(batch).subspan(first, size));
        for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(verdicts.reason(i), expected[first + i]);
      }
    });
}

INSTANTIATE_TEST_SUITE_P(By, EngineBatches, testing::ValuesIn(cpu_verify_variants()),
                         [](const auto& variant) { return variant.param; });

TEST(EngineMillion, AMillionItemsAreDecidedEachByItself) {
  constexpr std::size_t kItems = scaled(1000000);
  std::mt19937_64 random(3);
  std::vector<OwnedItem> some;
  for (std::size_t i = 0; i < 64; ++i)
    some.push_back(
        sign(i % 4 == 0 ? Algorithm::p256 : Algorithm::ed25519, random, random_bytes(random, 100)));
  some[9].message.push_back(1);
  some[12].message.push_back(1);
  some[20].signature.pop_back();
  std::vector<Item> items;
  for (std::size_t i = 0; i < kItems; ++i) items.push_back(some[i * 7 % some.size()].view());
  std::vector<Reason> expected(kItems, Reason::valid);
  for (std::size_t i = 0; i < kItems; ++i) {
    const std::size_t which = i * 7 % some.size();
    if (which == 9 || which == 12) expected[i] = Reason::mismatch;
    if (which == 20) expected[i] = Reason::signature_length;
  }
  EngineOptions options;
  options.devices = "cpu";
  Engine engine(options);
  std::uint64_t last = 0;
  JobControl control;
  control.progress = [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_EQ(total, kItems);
    EXPECT_GT(done, last);
    last = done;
  };
  EXPECT_EQ(engine.verify_batch(items, {}, control), Verdicts(expected));
  EXPECT_EQ(last, kItems);

  std::stop_source stop;
  control.stop = stop.get_token();
  control.progress = [&](std::uint64_t, std::uint64_t) { stop.request_stop(); };
  EXPECT_THROW((void)engine.verify_batch(items, {}, control), Cancelled);
}

}  // namespace
}  // namespace salus::engine::signature

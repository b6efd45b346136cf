#include "cli/simulate/feeds.h"

#include <gtest/gtest.h>

#include <thread>

namespace salus::test {
namespace {

using namespace std::chrono_literals;
using cli::simulate::Batch;
using cli::simulate::Feeds;
using cli::simulate::Kind;
using Clock = std::chrono::steady_clock;

Batch batch_of(std::uint8_t content, std::size_t statements = 1) {
  Batch batch;
  for (std::size_t i = 0; i < statements; ++i)
    batch.append(std::vector<std::uint8_t>{content}, Kind::honest);
  return batch;
}

std::uint8_t first_byte(const std::optional<Batch>& batch) { return batch->message(0)[0]; }

TEST(Feeds, HandOutInTheOrderOfReservation) {
  Feeds feeds(1, 4, {});
  const auto any = [](std::size_t) { return true; };
  const Feeds::Place first = feeds.reserve(any);
  const Feeds::Place second = feeds.reserve(any);
  feeds.fill(second, batch_of(2));
  EXPECT_FALSE(feeds.take(0, Clock::now()));
  feeds.fill(first, batch_of(1));
  EXPECT_EQ(first_byte(feeds.take(0, Clock::now() + 10s)), 1);
  EXPECT_EQ(first_byte(feeds.take(0, Clock::now() + 10s)), 2);
}

TEST(Feeds, ReserveInTheLaneThatHasTheFewestWaiting) {
  Feeds feeds(3, 2, {});
  std::vector<std::size_t> lanes;
  for (int i = 0; i < 6; ++i)
    feeds.reserve([&](std::size_t lane) {
      lanes.push_back(lane);
      return true;
    });
  std::sort(lanes.begin(), lanes.end());
  EXPECT_EQ(lanes, (std::vector<std::size_t>{0, 0, 1, 1, 2, 2}));
}

TEST(Feeds, MakeThoseWhoFillThemWaitForRoom) {
  Feeds feeds(1, 1, {});
  ASSERT_TRUE(feeds.push(0, batch_of(1)));
  std::jthread filler([&] { feeds.push(0, batch_of(2)); });
  EXPECT_EQ(first_byte(feeds.take(0, Clock::now() + 10s)), 1);
  EXPECT_EQ(first_byte(feeds.take(0, Clock::now() + 10s)), 2);
}

TEST(Feeds, AreOverWhenTheyEndAndAreEmpty) {
  Feeds feeds(1, 2, {});
  feeds.push(0, batch_of(1));
  feeds.end();
  EXPECT_FALSE(feeds.is_over(0));
  EXPECT_TRUE(feeds.take(0, Clock::now() + 10s));
  EXPECT_TRUE(feeds.is_over(0));
  EXPECT_FALSE(feeds.take(0, Clock::now() + 10s));
}

TEST(Feeds, HandOutNothingOnceTheyAreStopped) {
  Feeds feeds(2, 2, {});
  feeds.push(0, batch_of(1));
  feeds.stop();
  EXPECT_TRUE(feeds.is_over(0));
  EXPECT_FALSE(feeds.take(0, Clock::now() + 10s));
  EXPECT_FALSE(feeds.push(1, batch_of(2)));
  EXPECT_EQ(feeds.reserve([](std::size_t) { return true; }), nullptr);
}

TEST(Feeds, LetTheOtherLanesGoOnWhereOneIsAbandoned) {
  Feeds feeds(2, 1, {});
  feeds.push(0, batch_of(1));
  feeds.abandon(0);
  EXPECT_FALSE(feeds.push(0, batch_of(2)));
  EXPECT_TRUE(feeds.push(1, batch_of(3)));
  EXPECT_TRUE(feeds.is_over(0));
  EXPECT_FALSE(feeds.is_over(1));
}

TEST(Feeds, KeepThePace) {
  // 200 statements/s in one lane: the third batch of ten is due after 100 ms.
  Feeds feeds(1, 4, {200, {}});
  for (std::uint8_t i = 0; i < 3; ++i) feeds.push(0, batch_of(i, 10));
  const auto begin = Clock::now();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(feeds.take(0, begin + 10s));
  EXPECT_GE(Clock::now() - begin, 100ms);
  feeds.push(0, batch_of(4, 10));
  EXPECT_FALSE(feeds.take(0, Clock::now()));
}

TEST(Feeds, AreOverWhenTheirTimeIs) {
  Feeds feeds(1, 1, {0, std::chrono::duration<double>(0.05)});
  feeds.push(0, batch_of(1));
  EXPECT_TRUE(feeds.take(0, Clock::now() + 10s));
  EXPECT_FALSE(feeds.take(0, Clock::now() + 10s));
  EXPECT_TRUE(feeds.is_over(0));
}

}  // namespace
}  // namespace salus::test

#include "engine/pow/median_time.h"

#include <gtest/gtest.h>

#include <vector>

namespace salus::pow {
namespace {

TEST(MedianTime, OfFewBlocksIsTheUpperMiddle) {
  EXPECT_EQ(median_time_past(std::vector<std::uint32_t>{7}), 7U);
  EXPECT_EQ(median_time_past(std::vector<std::uint32_t>{7, 3}), 7U);
  EXPECT_EQ(median_time_past(std::vector<std::uint32_t>{9, 1, 5}), 5U);
  EXPECT_EQ(median_time_past(std::vector<std::uint32_t>{4, 4, 4, 1}), 4U);
}

TEST(MedianTime, LooksAtTheLastElevenOnly) {
  std::vector<std::uint32_t> times;
  for (std::uint32_t i = 0; i < 100; ++i) {
    times.push_back(1000 + 600 * i);
    if (times.size() < 11) continue;
    EXPECT_EQ(median_time_past(times), times.back() - 5 * 600);
  }
}

// Times may run backwards within the span; a single liar does not move the median far.
TEST(MedianTime, DoesNotFollowASingleLiar) {
  const std::vector<std::uint32_t> times{10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 0xffffffff};
  EXPECT_EQ(median_time_past(times), 60U);
  const std::vector<std::uint32_t> reversed{110, 100, 90, 80, 70, 60, 50, 40, 30, 20, 10};
  EXPECT_EQ(median_time_past(reversed), 60U);
}

}  // namespace
}  // namespace salus::pow

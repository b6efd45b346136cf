#include "cli/progress.h"

#include <gtest/gtest.h>

namespace salus::cli {
namespace {

TEST(Progress, ShowsShareRateAndTimeLeft) {
  EXPECT_EQ(progress_text("hashing", Unit::bytes, 50'000'000, 200'000'000, 5, 79),
            "hashing  25 % [##########------------------------------]  10.0 MB/s  15 s left");
}

TEST(Progress, FitsANarrowTerminal) {
  for (unsigned width = 40; width < 200; ++width)
    EXPECT_LE(progress_text("hashing", Unit::bytes, 5, 7, 3, width).size(), width);
}

TEST(Progress, WithoutATotalShowsAmountAndRate) {
  EXPECT_EQ(progress_text("mining", Unit::hashes, 1'000'000, 0, 2, 79),
            "mining  1.00 MH  500 kH/s");
}

TEST(Progress, MoreDoneThanThereWasIsAllOfIt) {
  EXPECT_EQ(progress_text("x", Unit::files, 9, 3, 1, 60).substr(0, 7), "x 100 %");
}

}  // namespace
}  // namespace salus::cli

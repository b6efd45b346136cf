#include "cli/units.h"

#include <gtest/gtest.h>

namespace salus::cli {
namespace {

TEST(Units, AmountsHaveThreeDigitsAndAPrefix) {
  EXPECT_EQ(format_amount(0, Unit::hashes), "0 H");
  EXPECT_EQ(format_amount(512, Unit::headers), "512 headers");
  EXPECT_EQ(format_amount(999, Unit::bytes), "999 B");
  EXPECT_EQ(format_amount(999.6, Unit::bytes), "1.00 kB");
  EXPECT_EQ(format_amount(1000, Unit::bytes), "1.00 kB");
  EXPECT_EQ(format_amount(9999999, Unit::leaves), "10.0 Mleaves");
  EXPECT_EQ(format_amount(123.4e9, Unit::hashes), "123 GH");
}

TEST(Units, RatesAreAmountsASecond) { EXPECT_EQ(format_rate(38.14e6, Unit::hashes), "38.1 MH/s"); }

TEST(Units, MemoryHasBinaryPrefixes) {
  EXPECT_EQ(format_memory(17), "17 B");
  EXPECT_EQ(format_memory(1536), "1.5 KiB");
  EXPECT_EQ(format_memory(std::uint64_t{125} << 30), "125.0 GiB");
}

TEST(Units, DurationsChangeTheirUnitWhenTheyGrow) {
  EXPECT_EQ(format_duration(0.0123), "12.3 ms");
  EXPECT_EQ(format_duration(0.8), "0.8 s");
  EXPECT_EQ(format_duration(42.4), "42 s");
  EXPECT_EQ(format_duration(200), "3 min 20 s");
  EXPECT_EQ(format_duration(18720), "5 h 12 min");
  EXPECT_EQ(format_duration(12.2 * 86400), "12 days");
  EXPECT_EQ(format_duration(1e20), "3.2e+12 years");
}

}  // namespace
}  // namespace salus::cli

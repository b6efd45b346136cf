#include "engine/reference/sample_data.h"

#include <gtest/gtest.h>

namespace salus::engine {
namespace {

// The first outputs for seed 1234567 that implementations of SplitMix64 in other languages agree on
// (https://rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64), lowest byte first.
TEST(SampleBytes, AreSplitMix64) {
  EXPECT_EQ(to_hex(sample_bytes(24, 1234567)), "85fc08fb17d09e59a50f545884f0732c777cf2a3e5bc3e88");
}

TEST(SampleBytes, OfAnySizeBeginAlike) {
  const std::vector<std::uint8_t> longest = sample_bytes(33, 5);
  for (std::size_t size = 0; size <= longest.size(); ++size)
    EXPECT_EQ(to_hex(sample_bytes(size, 5)), to_hex(Bytes(longest).first(size)));
}

TEST(SampleVersions, DifferInTheBitsOfBip320Only) {
  const std::vector<std::uint32_t> versions = sample_versions(8);
  ASSERT_EQ(versions.size(), 8U);
  EXPECT_EQ(versions.front(), sample_header().version);
  for (std::size_t i = 1; i < versions.size(); ++i) {
    EXPECT_GT(versions[i], versions[i - 1]);
    EXPECT_EQ((versions[i] ^ versions[0]) & ~0x1fffe000U, 0U);
  }
}

}  // namespace
}  // namespace salus::engine

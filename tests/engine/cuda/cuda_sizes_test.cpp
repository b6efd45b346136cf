#include "engine/cuda/sizes.h"

#include <gtest/gtest.h>

#include <bit>

namespace salus::engine::cuda {
namespace {

TEST(CudaSizes, HoldTheirPromisesFromTheSmallestToTheLargestDevice) {
  for (const unsigned multiprocessors : {1u, 14u, 132u, 200u, 2000u}) {
    for (const std::uint64_t memory : {std::uint64_t{64} << 20, std::uint64_t{150} << 30}) {
      const Sizes sizes = sizes_for({multiprocessors, 2048, memory});
      EXPECT_TRUE(std::has_single_bit(sizes.batch_messages));  // chunks of Merkle trees
      EXPECT_GE(sizes.batch_messages, sizes.resident_threads);
      EXPECT_GT(sizes.batch_bytes, 0u);
      EXPECT_LE(2 * sizes.batch_bytes, memory / 4);
      EXPECT_GT(sizes.staging_bytes, 0u);
      EXPECT_LE(sizes.scan_hashes, std::uint64_t{1} << 31);  // the hit counter cannot wrap
      EXPECT_GE(sizes.hit_slots, 8u);  // one nonce with all its versions always fits
    }
  }
}

TEST(CudaSizes, FollowTheDevice) {
  const Sizes small = sizes_for({20, 1024, std::uint64_t{4} << 30});
  const Sizes large = sizes_for({132, 2048, std::uint64_t{140} << 30});
  EXPECT_LT(small.batch_messages, large.batch_messages);
  EXPECT_LT(small.batch_bytes, large.batch_bytes);
  EXPECT_LT(small.scan_hashes, large.scan_hashes);
}

}  // namespace
}  // namespace salus::engine::cuda

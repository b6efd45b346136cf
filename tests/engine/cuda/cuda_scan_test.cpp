#include <algorithm>

#include "engine/pow/header.h"
#include "tests/engine/cuda/cuda_fixture.h"

namespace salus::engine::cuda {
namespace {

constexpr unsigned kVersions = SALUS_MINE_MAX_VERSIONS;

pow::Header test_header() {
  pow::Header header;
  const std::vector<std::uint8_t> bytes = random_bytes(64, 5);
  std::copy_n(bytes.begin(), 32, header.previous.begin());
  std::copy_n(bytes.begin() + 32, 32, header.merkle_root.begin());
  header.time = 1234567890;
  header.bits = 0x1d00ffff;
  return header;
}

std::vector<std::uint32_t> versions() {
  std::vector<std::uint32_t> all;
  for (std::uint32_t v = 0; v < kVersions; ++v) all.push_back(0x20000000u + (v << 13));
  return all;
}

kernels::MineParams params_with_mask(std::uint32_t mask) {
  kernels::MineParams params = pow::make_mine_params(test_header(), versions(), pow::Target{});
  params.reject_mask = mask;
  return params;
}

/// What OpenSSL says about every header in the range.
std::vector<Candidate> expected_candidates(std::uint32_t mask, const ScanRange& range) {
  std::vector<Candidate> expected;
  pow::Header header = test_header();
  for (std::uint64_t i = 0; i < range.nonce_count; ++i) {
    header.nonce = static_cast<std::uint32_t>(range.nonce_begin + i);
    for (std::uint32_t v = 0; v < range.version_count; ++v) {
      header.version = versions()[v];
      const Digest id = pow::header_id(header);
      const std::uint32_t last = std::uint32_t{id[28]} << 24 | std::uint32_t{id[29]} << 16 |
                                 std::uint32_t{id[30]} << 8 | id[31];
      if ((last & mask) == 0) expected.push_back({header.nonce, v});
    }
  }
  return expected;
}

class CudaScan : public CudaTest {
 protected:
  void expect_as_openssl(std::uint32_t mask, const ScanRange& range) {
    const std::vector<Candidate> expected = expected_candidates(mask, range);
    for (const MineChoice& choice : mine_kernels(kVersions)) {
      SCOPED_TRACE(choice.name());
      EXPECT_EQ(parts_->miner.scan(choice, params_with_mask(mask), range), expected);
    }
  }
};

TEST_F(CudaScan, EveryCandidateIsFoundOnceForAnyNumberOfVersions) {
  for (unsigned count = 1; count <= kVersions; ++count)
    expect_as_openssl(0x1f000000u, {1000, 700, count});
}

TEST_F(CudaScan, NoCandidateIsLostWhenEveryHashIsOne) {
  expect_as_openssl(0, {50, 300, kVersions});
  expect_as_openssl(0, {50, 300, 1});
}

TEST_F(CudaScan, HitsBeyondTheBufferAreFoundByScanningAgain) {
  // The mask promises one in 2^32, so that launches are large; each stores 64 hits and finds more.
  const ScanRange range{7, 1500, 3};
  const std::vector<Candidate> all = expected_candidates(0x01000000u, range);
  ASSERT_GT(all.size(), 2 * parts_->sizes.hit_slots);
  expect_as_openssl(0x01000000u, range);
}

TEST_F(CudaScan, TheLastNoncesAreScannedAndNoneBehindThem) {
  expect_as_openssl(0x07000000u, {0xffffffffu - 299, 300, 2});
  expect_as_openssl(0x07000000u, {0xffffffffu, 1, 8});
}

TEST_F(CudaScan, AnEmptyRangeHasNoCandidates) {
  for (const MineChoice& choice : mine_kernels(kVersions))
    EXPECT_TRUE(parts_->miner.scan(choice, params_with_mask(0), {5, 0, 4}).empty());
}

TEST_F(CudaScan, BitcoinsGenesisBlockIsFound) {
  pow::Header genesis;
  genesis.version = 1;
  genesis.merkle_root =
      *digest_from_hex("3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a");
  genesis.time = 1231006505;
  genesis.bits = 0x1d00ffff;
  const std::vector<std::uint32_t> version = {1};
  const kernels::MineParams params =
      pow::make_mine_params(genesis, version, pow::decode_bits(genesis.bits).target);
  const std::vector<Candidate> expected = {{2083236893u, 0}};
  for (const MineChoice& choice : mine_kernels(1))
    EXPECT_EQ(parts_->miner.scan(choice, params, {2083236893u - 500, 1000, 1}), expected);
}

}  // namespace
}  // namespace salus::engine::cuda

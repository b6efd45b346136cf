// The header scan against OpenSSL's double hash of every header in the range.
#include <algorithm>

#include "engine/openssl_sha256.h"
#include "engine/pow/header.h"
#include "tests/engine/opencl/opencl_fixture.h"

namespace salus::engine::opencl {
namespace {

using OpenClScan = EveryLaneWidth;

pow::Header some_header() {
  pow::Header header;
  header.version = 0x20000004;
  const std::vector<std::uint8_t> bytes = random_bytes(64, 5);
  std::copy_n(bytes.begin(), 32, header.previous.begin());
  std::copy_n(bytes.begin() + 32, 32, header.merkle_root.begin());
  header.time = 1'700'000'000;
  header.bits = 0x1d00ffff;
  return header;
}

std::vector<std::uint32_t> versions(unsigned count) {
  std::vector<std::uint32_t> rolled;
  for (std::uint32_t i = 0; i < count; ++i) rolled.push_back(0x20000004 + (i << 13));
  return rolled;
}

/// Every candidate by OpenSSL: the hash's last big-endian word against the mask.
std::vector<Candidate> reference(const ScanRange& range, std::uint32_t mask) {
  std::vector<Candidate> found;
  pow::Header header = some_header();
  const std::vector<std::uint32_t> rolled = versions(range.version_count);
  for (std::uint64_t i = 0; i < range.nonce_count; ++i) {
    header.nonce = static_cast<std::uint32_t>(range.nonce_begin + i);
    for (std::uint32_t v = 0; v < range.version_count; ++v) {
      header.version = rolled[v];
      const Digest id = pow::header_id(header);
      const std::uint32_t word = std::uint32_t{id[28]} << 24 | std::uint32_t{id[29]} << 16 |
                                 std::uint32_t{id[30]} << 8 | std::uint32_t{id[31]};
      if ((word & mask) == 0) found.push_back({header.nonce, v});
    }
  }
  return found;
}

void expect_scan(Device& device, const ScanRange& range, std::uint32_t mask) {
  kernels::MineParams params =
      pow::make_mine_params(some_header(), versions(range.version_count), pow::Target{});
  params.reject_mask = mask;
  const std::vector<Candidate> found = device.scan(params, range);
  ASSERT_EQ(found, reference(range, mask))
      << "nonces from " << range.nonce_begin << ", " << range.nonce_count << " of them, "
      << range.version_count << " versions, mask " << mask;
}

TEST_P(OpenClScan, FindsEveryCandidateOnceInOrder) {
  for (const unsigned k : {1u, 2u, 3u, 4u, 7u, 8u}) {
    expect_scan(*device_, {12345, 20'000 / k, k}, 0xff);
    expect_scan(*device_, {0xffffff00, 0x100, k}, 0xf0000000);
  }
  expect_scan(*device_, {0, 1, 1}, 0);
  expect_scan(*device_, {7, 0, 1}, 0);
  expect_scan(*device_, {0xffffffff, 1, 8}, 0);
  const unsigned lanes = GetParam();
  for (const std::uint64_t count : {lanes - 1, lanes, lanes + 1}) {
    expect_scan(*device_, {99, count, 2}, 1);
  }
}

TEST_P(OpenClScan, LosesNothingWhenTheHitBufferOverflows) {
  OpenClOptions options = test_options(GetParam());
  options.hit_capacity = 16;
  open(options);
  expect_scan(*device_, {1000, 3000, 1}, 0);
  expect_scan(*device_, {0xfffff000, 0x1000, 1}, 3);
  expect_scan(*device_, {5, 1000, 8}, 1);
  expect_scan(*device_, {5, 999, 5}, 0);
}

INSTANTIATE_TEST_SUITE_P(Lanes, OpenClScan, testing::ValuesIn(kLaneWidths),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace salus::engine::opencl

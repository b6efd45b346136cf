// Every variant's header scan against OpenSSL.
#include <vector>

#include "engine/pow/header.h"
#include "tests/engine/cpu/each_variant.h"

namespace salus::engine::cpu {
namespace {

class CpuScan : public EachVariant {};
SALUS_EACH_VARIANT(CpuScan);

pow::Header genesis() {
  pow::Header h;
  h.version = 1;
  h.merkle_root =
      *digest_from_hex("3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a");
  h.time = 1231006505;
  h.bits = 0x1d00ffff;
  h.nonce = 2083236893;
  return h;
}

std::vector<std::uint32_t> rolled_versions(unsigned count) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t v = 0; v < count; ++v) out.push_back(0x20000000 | v << 13);
  return out;
}

/// A mask over the last state word, which OpenSSL emits as the id's last four bytes.
bool passes(pow::Header header, std::uint32_t mask) {
  const Digest id = pow::header_id(header);
  const std::uint32_t word = static_cast<std::uint32_t>(id[28]) << 24 |
                             static_cast<std::uint32_t>(id[29]) << 16 |
                             static_cast<std::uint32_t>(id[30]) << 8 | id[31];
  return (word & mask) == 0;
}

std::vector<Candidate> expected(pow::Header header, const std::vector<std::uint32_t>& versions,
                                std::uint32_t mask, const ScanRange& range) {
  std::vector<Candidate> out;
  for (std::uint64_t i = 0; i < range.nonce_count; ++i) {
    header.nonce = range.nonce_begin + static_cast<std::uint32_t>(i);
    for (std::uint32_t v = 0; v < range.version_count; ++v) {
      header.version = versions[v];
      if (passes(header, mask)) out.push_back({header.nonce, v});
    }
  }
  return out;
}

TEST_P(CpuScan, FindsWhatOpenSslFinds) {
  for (unsigned k = 1; k <= SALUS_MINE_MAX_VERSIONS; ++k) {
    const auto versions = rolled_versions(k);
    auto params = pow::make_mine_params(genesis(), versions, {});
    for (const std::uint32_t mask : {0U, 0x00000080U, 0x0f000000U, 0xff000000U}) {
      params.reject_mask = mask;
      for (const std::uint64_t count : {0UL, 1UL, 15UL, 16UL, 17UL, 333UL}) {
        for (const std::uint64_t begin : {0UL, 12345UL, (1UL << 32) - count}) {
          if (begin + count > 1UL << 32) continue;
          const ScanRange range{static_cast<std::uint32_t>(begin), count, k};
          std::vector<Candidate> found;
          variant().scan(params, range, found);
          EXPECT_EQ(found, expected(genesis(), versions, mask, range));
        }
      }
    }
  }
}

}  // namespace
}  // namespace salus::engine::cpu

// Every variant's header scan, and the CPU device's, against OpenSSL and against real blocks.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/pow/header.h"
#include "tests/engine/cpu/each_variant.h"
#include "tests/support/places.h"

namespace salus::engine::cpu {
namespace {

class CpuScan : public EachVariant {};
SALUS_EACH_VARIANT(CpuScan);

constexpr std::uint64_t kNonceEnd = std::uint64_t{1} << 32;

/// Headers of Bitcoin's blocks 1 to 11.
std::vector<pow::Header> real_headers() {
  std::ifstream file(test::test_data("bitcoin/headers1-11.txt"));
  std::vector<pow::Header> out;
  for (std::string line; std::getline(file, line);) {
    if (line.empty()) continue;
    const std::vector<std::uint8_t> bytes = from_hex(line).value();
    out.push_back(pow::parse_header(Bytes(bytes).first<pow::kHeaderSize>()));
  }
  return out;
}

std::vector<std::uint32_t> rolled_versions(unsigned count) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t v = 0; v < count; ++v) out.push_back(0x20000000 | v << 13);
  return out;
}

/// A mask over the last state word, which OpenSSL emits as the id's last four bytes.
bool passes(const pow::Header& header, std::uint32_t mask) {
  const Digest id = pow::header_id(header);
  std::uint32_t word = 0;
  for (std::size_t i = 28; i < 32; ++i) word = word << 8 | id[i];
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
  const pow::Header header = real_headers().front();
  for (unsigned k = 1; k <= SALUS_MINE_MAX_VERSIONS; ++k) {
    const auto versions = rolled_versions(k);
    auto params = pow::make_mine_params(header, versions, {});
    // All pass, half of them, one in 16, one in 256; bits at both ends of the word.
    for (const std::uint32_t mask : {0U, 0x00000080U, 0x0f000000U, 0x800000feU}) {
      params.reject_mask = mask;
      for (const std::uint64_t count : {1UL, 31UL, 32UL, 33UL, 333UL}) {
        for (const std::uint64_t begin :
             {std::uint64_t{0}, std::uint64_t{12345}, kNonceEnd - count}) {
          const ScanRange range{static_cast<std::uint32_t>(begin), count, k};
          std::vector<Candidate> found;
          variant().scan(params, range, found);
          EXPECT_EQ(found, expected(header, versions, mask, range))
              << k << " versions, " << count << " nonces from " << begin;
        }
      }
    }
  }
}

TEST_P(CpuScan, FindsNothingInAnEmptyRange) {
  const auto params = pow::make_mine_params(real_headers().front(), rolled_versions(1), {});
  std::vector<Candidate> found;
  variant().scan(params, {77, 0, 1}, found);
  EXPECT_TRUE(found.empty());
}

TEST_P(CpuScan, KeepsWhatWasFoundBefore) {
  auto params = pow::make_mine_params(real_headers().front(), rolled_versions(1), {});
  params.reject_mask = 0;
  std::vector<Candidate> found = {{1, 2}};
  variant().scan(params, {5, 1, 1}, found);
  EXPECT_EQ(found, (std::vector<Candidate>{{1, 2}, {5, 0}}));
}

TEST_P(CpuScan, FindsTheNoncesOfRealBlocks) {
  for (const pow::Header& header : real_headers()) {
    const pow::Target target = pow::decode_bits(header.bits).target;
    // The block's version stands among others, so that it is found under its own index.
    const std::vector<std::uint32_t> versions = {0x20000000, header.version, 0x20002000};
    const auto params = pow::make_mine_params(header, versions, target);
    const ScanRange range{header.nonce - 500, 1000, 3};
    std::vector<Candidate> found;
    variant().scan(params, range, found);
    EXPECT_EQ(found, (std::vector<Candidate>{{header.nonce, 1}}));
  }
}

class CpuDeviceScan : public EachVariant {};
SALUS_EACH_VARIANT(CpuDeviceScan);

TEST_P(CpuDeviceScan, IsTheSameOnAnyNumberOfThreads) {
  const pow::Header header = real_headers().back();
  const auto versions = rolled_versions(2);
  auto params = pow::make_mine_params(header, versions, {});
  params.reject_mask = 0xff000000;
  const ScanRange range{static_cast<std::uint32_t>(kNonceEnd - 50'001), 50'001, 2};
  const std::vector<Candidate> reference = expected(header, versions, 0xff000000, range);
  EXPECT_TRUE(std::ranges::is_sorted(reference));
  for (const unsigned threads : {1U, 2U, 3U, 7U}) {
    const auto device = open_cpu_device({.threads = threads, .variant = variant().name});
    EXPECT_EQ(device->info().compute_units, threads);
    EXPECT_EQ(device->scan(params, range), reference) << threads << " threads";
  }
}

TEST(CpuDevice, SaysWhatItIsAndWhyItChose) {
  const auto device = open_cpu_device({});
  EXPECT_EQ(device->info().id(), "cpu");
  EXPECT_FALSE(device->info().name.empty());
  EXPECT_GT(device->info().memory_bytes, 0U);
  EXPECT_TRUE(device->info().shares_host_cores);
  const std::vector<Variant> variants = device->variants();
  std::set<Job> jobs;
  for (const Variant& variant : variants) jobs.insert(variant.job);
  EXPECT_EQ(jobs, (std::set{Job::mine, Job::hash, Job::merkle, Job::verify}));
  ASSERT_EQ(variants.front().job, Job::mine);
  EXPECT_NE(variants[0].reason.find("MH/s a core"), std::string::npos);
  for (const std::string& name : cpu_variants())
    EXPECT_NE((variants[0].name + variants[0].reason).find(name), std::string::npos);
}

TEST(CpuDevice, UsesTheVariantThatIsForced) {
  for (const std::string& name : cpu_variants()) {
    for (const Variant& variant : open_cpu_device({.threads = 1, .variant = name})->variants()) {
      if (variant.job == Job::verify) continue;  // has variants of its own
      EXPECT_TRUE(variant.name.starts_with(name)) << variant.name;
      EXPECT_EQ(variant.reason, "forced");
    }
  }
}

TEST(CpuDevice, RefusesAVariantThatDoesNotExistAndNamesThoseThatDo) {
  try {
    open_cpu_device({.threads = 1, .variant = "avx1024"});
    FAIL() << "opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("avx1024"), std::string::npos);
    for (const std::string& name : cpu_variants())
      EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
  }
}

TEST(CpuVariants, ScalarIsAlwaysAmongThem) {
  EXPECT_THAT(cpu_variants(), testing::Contains("scalar"));
}

}  // namespace
}  // namespace salus::engine::cpu

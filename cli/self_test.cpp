#include "cli/self_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "engine/reference/reference.h"
#include "engine/reference/sample_data.h"

namespace salus::cli {
namespace {

using engine::MessageView;
using engine::reference_hash;
using engine::reference_levels;
using engine::reference_root;
using engine::reference_scan;
using engine::sample_bytes;
using engine::sample_header;
using engine::sample_versions;
using engine::TreeKind;

/// Thrown by a check on the first wrong value.
struct Wrong : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void require_equal(std::span<const Digest> got, std::span<const Digest> expected,
                   const std::string& what) {
  const auto [at, right] = std::mismatch(got.begin(), got.end(), expected.begin(), expected.end());
  if (at != got.end())
    throw Wrong(fmt::format("wrong answer: value {} of {} is {}, OpenSSL says {}", at - got.begin(),
                            what, to_hex(*at), to_hex(*right)));
}

/// Ranges at both ends of the nonce space and one that is no multiple of any lane count, with a
/// mask that lets one hash in 16 through: thousands of hits to get right and to not lose.
std::uint64_t check_scan(engine::Device& device, unsigned version_count) {
  constexpr std::uint32_t kMask = 0x0000000f;
  const pow::Header header = sample_header();
  const std::vector<std::uint32_t> versions = sample_versions(version_count);
  kernels::MineParams params = pow::make_mine_params(header, versions, pow::Target{});
  params.reject_mask = kMask;
  std::uint64_t compared = 0;
  for (const engine::ScanRange& range : {engine::ScanRange{0, 4096, version_count},
                                         {12345, 1031, version_count},
                                         {0xffffffff - 1000, 1001, version_count}}) {
    const auto got = device.scan(params, range);
    const auto expected = reference_scan(header, versions, kMask, range);
    if (got != expected)
      throw Wrong(fmt::format("wrong answer: {} hits among nonces {} to {}, OpenSSL finds {}{}",
                              got.size(), range.nonce_begin,
                              range.nonce_begin + (range.nonce_count - 1), expected.size(),
                              got.size() == expected.size() ? " others" : ""));
    compared += range.nonce_count * range.version_count;
  }
  return compared;
}

std::uint64_t compare_hashes(engine::Device& device, const MessageView& messages,
                             std::optional<std::uint8_t> prefix, const std::string& what) {
  std::vector<Digest> got(messages.count());
  std::vector<Digest> expected(messages.count());
  device.hash_many(messages, prefix, got);
  reference_hash(messages, prefix, expected);
  require_equal(got, expected, what);
  return got.size();
}

std::uint64_t check_fixed_lengths(engine::Device& device) {
  constexpr std::size_t kCount = 67;
  std::uint64_t compared = 0;
  for (const std::size_t length : {1, 32, 54, 55, 56, 63, 64, 65, 119, 120, 1024, 4096})
    for (const std::optional<std::uint8_t> prefix :
         {std::optional<std::uint8_t>{}, {0x00}, {0x01}}) {
      const std::vector<std::uint8_t> data = sample_bytes(kCount * length, length);
      compared += compare_hashes(device, MessageView::fixed(data, length), prefix,
                                 fmt::format("{} messages of {} bytes", kCount, length));
    }
  return compared;
}

std::uint64_t check_mixed_lengths(engine::Device& device) {
  constexpr std::size_t kCount = 301;
  const std::vector<std::uint8_t> data = sample_bytes(kCount + 4096, 7);
  std::vector<Bytes> messages;
  for (std::size_t i = 0; i < kCount; ++i)
    messages.push_back(Bytes(data).subspan(i, i % 50 == 0 ? 4096 - i : i % 200));
  return compare_hashes(device, MessageView::scattered(messages), std::nullopt,
                        "messages of mixed lengths");
}

std::uint64_t check_tree(engine::Device& device, TreeKind kind) {
  std::uint64_t compared = 0;
  for (const std::size_t count : {1, 2, 3, 15, 16, 17, 33, 255, 1000, 4099}) {
    const std::vector<std::uint8_t> data = sample_bytes(count * sizeof(Digest), count);
    const MessageView entries = MessageView::fixed(data, sizeof(Digest));
    const Digest root = device.merkle_root(kind, entries);
    require_equal({&root, 1}, {{reference_root(kind, entries)}}, fmt::format("root of {}", count));

    std::vector<Digest> leaves(count);
    reference_hash(entries, std::nullopt, leaves);
    std::vector<Digest> levels(engine::merkle_levels_size(count));
    device.merkle_reduce(kind, leaves, levels);
    require_equal(levels, reference_levels(kind, leaves), fmt::format("levels over {}", count));
    compared += 1 + levels.size();
  }
  return compared;
}

}  // namespace

SelfTestResult run_self_test(const std::string& kernel, engine::Device& device,
                             const std::function<std::uint64_t(engine::Device&)>& check) {
  SelfTestResult result;
  result.kernel = kernel;
  try {
    result.compared = check(device);
    result.passed = true;
  } catch (const std::exception& error) {
    result.problem = error.what();
  }
  return result;
}

std::vector<SelfTestResult> self_test(engine::Device& device) {
  std::vector<SelfTestResult> results;
  for (const unsigned versions : {1U, 2U, 3U, 4U, 8U})
    results.push_back(
        run_self_test(fmt::format("header scan, {} version{}", versions, versions > 1 ? "s" : ""),
                      device, [=](engine::Device& d) { return check_scan(d, versions); }));
  results.push_back(run_self_test("hashing, one length", device, check_fixed_lengths));
  results.push_back(run_self_test("hashing, mixed lengths", device, check_mixed_lengths));
  results.push_back(run_self_test(
      "RFC 9162 tree", device, [](engine::Device& d) { return check_tree(d, TreeKind::rfc9162); }));
  results.push_back(run_self_test(
      "Bitcoin tree", device, [](engine::Device& d) { return check_tree(d, TreeKind::bitcoin); }));
  return results;
}

}  // namespace salus::cli

#include "engine/opencl/self_test.h"

#include <fmt/format.h>

#include "engine/error.h"
#include "engine/pow/header.h"
#include "engine/reference/reference.h"
#include "engine/reference/sample_data.h"

namespace salus::engine::opencl {
namespace {

[[noreturn]] void fail(const Device& device, const char* kernel) {
  throw Error(ErrorKind::device, fmt::format("{}: the {} kernel gives a wrong answer (driver {})",
                                             device.info().id(), kernel, device.info().driver));
}

void test_hash(Device& device) {
  const std::vector<std::uint8_t> bytes = sample_bytes(400, 1);
  std::vector<Bytes> messages;
  for (const std::size_t size : {0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 300}) {
    messages.push_back(Bytes(bytes).subspan(size / 4, size));
  }
  const MessageView view = MessageView::scattered(messages);
  std::vector<Digest> out(messages.size());
  std::vector<Digest> expected(messages.size());
  device.hash_many(view, std::nullopt, out);
  reference_hash(view, std::nullopt, expected);
  if (out != expected) fail(device, "compress_streams");
}

void test_merkle(Device& device) {
  const std::vector<std::uint8_t> bytes = sample_bytes(std::size_t{75} * 32, 2);
  const MessageView entries = MessageView::fixed(bytes, 32);
  for (const TreeKind kind : {TreeKind::rfc9162, TreeKind::bitcoin}) {
    if (device.merkle_root(kind, entries) != reference_root(kind, entries)) {
      fail(device, kind == TreeKind::rfc9162 ? "RFC 9162 tree" : "Bitcoin tree");
    }
  }
}

void test_scan(Device& device) {
  constexpr std::uint32_t kEasyMask = 0x000000fc;  // one in 64 passes
  for (const unsigned count : {1u, 3u}) {
    const ScanRange range{0xfffffe00, 0x200, count};
    const std::vector<std::uint32_t> versions = sample_versions(count);
    kernels::MineParams params = pow::make_mine_params(sample_header(), versions, pow::Target{});
    params.reject_mask = kEasyMask;
    if (device.scan(params, range) != reference_scan(sample_header(), versions, kEasyMask, range)) {
      fail(device, count == 1 ? "scan_one" : "scan_rolled");
    }
  }
}

}  // namespace

void self_test(Device& device) {
  test_hash(device);
  test_merkle(device);
  test_scan(device);
}

}  // namespace salus::engine::opencl

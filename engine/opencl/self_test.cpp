#include "engine/opencl/self_test.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/error.h"
#include "engine/merkle/tree.h"
#include "engine/openssl_sha256.h"
#include "engine/pow/header.h"

namespace salus::engine::opencl {
namespace {

[[noreturn]] void fail(const Device& device, const char* kernel) {
  throw Error(ErrorKind::device, fmt::format("{}: the {} kernel gives a wrong answer (driver {})",
                                             device.info().id(), kernel, device.info().driver));
}

/// Bytes without a pattern that a wrong index could hide in (a Weyl sequence).
std::vector<std::uint8_t> varied_bytes(std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  std::uint32_t x = 0x9e3779b9;
  for (std::uint8_t& byte : bytes) {
    x += 0x9e3779b9;
    byte = static_cast<std::uint8_t>(x >> 24);
  }
  return bytes;
}

void test_hash(Device& device) {
  const std::vector<std::uint8_t> bytes = varied_bytes(400);
  std::vector<Bytes> messages;
  for (const std::size_t size : {0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 300}) {
    messages.push_back(Bytes(bytes).subspan(size / 4, size));
  }
  std::vector<Digest> out(messages.size());
  device.hash_many(MessageView::scattered(messages), std::nullopt, out);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] != openssl_sha256(messages[i])) fail(device, "compress_streams");
  }
}

Digest reference_root(TreeKind kind, const std::vector<std::uint8_t>& entries) {
  std::vector<Digest> level;
  for (std::size_t i = 0; i < entries.size(); i += 32) {
    level.push_back(merkle::leaf_hash(kind, Bytes(entries).subspan(i, 32)));
  }
  while (level.size() > 1) {
    std::vector<Digest> above;
    for (std::size_t i = 0; i < level.size(); i += 2) {
      const bool odd = i + 1 == level.size();
      if (odd && kind == TreeKind::rfc9162)
        above.push_back(level[i]);
      else
        above.push_back(merkle::node_hash(kind, level[i], level[odd ? i : i + 1]));
    }
    level = above;
  }
  return level[0];
}

void test_merkle(Device& device) {
  const std::vector<std::uint8_t> entries = varied_bytes(std::size_t{75} * 32);
  const MessageView view = MessageView::fixed(entries, 32);
  for (const TreeKind kind : {TreeKind::rfc9162, TreeKind::bitcoin}) {
    if (device.merkle_root(kind, view) != reference_root(kind, entries)) {
      fail(device, kind == TreeKind::rfc9162 ? "RFC 9162 tree" : "Bitcoin tree");
    }
  }
}

void test_scan(Device& device) {
  pow::Header header;
  header.version = 0x20000000;
  const std::vector<std::uint8_t> bytes = varied_bytes(64);
  std::copy_n(bytes.begin(), 32, header.previous.begin());
  std::copy_n(bytes.begin() + 32, 32, header.merkle_root.begin());
  header.time = 1700000000;
  header.bits = 0x207fffff;
  // Every 64th hash or so is a candidate.
  pow::Target target;
  target.limbs[3] = ~std::uint64_t{0} >> 6;
  const std::vector<std::uint32_t> versions = {0x20000000, 0x20002000, 0x20004000};
  const ScanRange range{0xfffffe00, 0x200, 0};
  for (const unsigned count : {1u, 3u}) {
    std::vector<Candidate> expected;
    for (std::uint64_t n = 0; n < range.nonce_count; ++n) {
      for (unsigned v = 0; v < count; ++v) {
        header.nonce = static_cast<std::uint32_t>(range.nonce_begin + n);
        header.version = versions[v];
        if (pow::meets(header, target)) expected.push_back({header.nonce, v});
      }
    }
    const auto params = pow::make_mine_params(header, std::span(versions).first(count), target);
    std::vector<Candidate> found =
        device.scan(params, {range.nonce_begin, range.nonce_count, count});
    if (!std::includes(found.begin(), found.end(), expected.begin(), expected.end())) {
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

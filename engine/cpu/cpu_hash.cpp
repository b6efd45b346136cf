// Bulk hashing on the CPU.
#include <algorithm>
#include <array>
#include <cassert>

#include "engine/cpu/cpu_device.h"

namespace salus::engine::cpu {
namespace {

constexpr StreamState kInitial = {{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                                   0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};

constexpr std::size_t kMessagesPerPart = 64;

Digest hash_one(const CpuVariant& variant, std::optional<std::uint8_t> prefix, Bytes message) {
  StreamState state = kInitial;
  StreamState* const states[] = {&state};
  const auto absorb = [&](const std::uint8_t* data, std::size_t blocks) {
    const std::uint8_t* const from[] = {data};
    variant.compress(states, from, 1, blocks);
  };
  const std::uint64_t bits = 8 * (message.size() + (prefix ? 1 : 0));
  std::array<std::uint8_t, 128> block{};
  std::size_t filled = 0;
  if (prefix) {
    block[0] = *prefix;
    const std::size_t taken = std::min<std::size_t>(message.size(), 63);
    std::copy_n(message.data(), taken, &block[1]);
    message = message.subspan(taken);
    filled = 1 + taken;
    if (filled == 64) {
      absorb(block.data(), 1);
      filled = 0;
    }
  }
  const std::size_t whole = message.size() / 64;
  if (whole != 0) absorb(message.data(), whole);
  const Bytes rest = message.subspan(64 * whole);
  std::copy(rest.begin(), rest.end(), &block[filled]);
  filled += rest.size();
  block[filled] = 0x80;
  std::fill(&block[filled + 1], block.data() + block.size(), std::uint8_t{0});
  const std::size_t blocks = filled < 56 ? 1 : 2;
  for (std::size_t i = 0; i < 8; ++i)
    block[64 * blocks - 1 - i] = static_cast<std::uint8_t>(bits >> (8 * i));
  absorb(block.data(), blocks);

  Digest out;
  for (std::size_t i = 0; i < 32; ++i)
    out[i] = static_cast<std::uint8_t>(state.words[i / 4] >> (24 - 8 * (i % 4)));
  return out;
}

}  // namespace

void CpuDevice::hash_many(const MessageView& messages, std::optional<std::uint8_t> prefix,
                          std::span<Digest> out) {
  assert(out.size() == messages.count());
  const CpuVariant& variant = *choose_for_hashing(options_).variant;
  const std::size_t parts = (out.size() + kMessagesPerPart - 1) / kMessagesPerPart;
  pool_.run(parts, [&](std::size_t part) {
    const std::size_t end = std::min(out.size(), (part + 1) * kMessagesPerPart);
    for (std::size_t i = part * kMessagesPerPart; i < end; ++i)
      out[i] = hash_one(variant, prefix, messages[i]);
  });
}

}  // namespace salus::engine::cpu

#include "engine/signature/cpu/host_tables.h"

#include <memory>

namespace salus::engine::signature::cpu {

// Thousands of core cycles an item, with IFMA on Zen 5 (bench/verify_bench). What counts is how
// they compare, and other variants and CPUs differ little in that.
TableCost HostTables::cost(TableKind kind) const {
  const int bits = window_bits(kind.size);
  const bool is_large = kind.size == TableSize::large;
  if (kind.algorithm == Algorithm::ed25519)
    return {comb_words(bits) * sizeof(std::uint64_t), is_large ? 480.0 : 64.0,
            is_large ? 1.4 : 9.0};
  return {p256_comb_words(bits) * sizeof(std::uint64_t), is_large ? 735.0 : 278.0,
          is_large ? 4.0 : 15.0};
}

std::vector<bool> HostTables::make(TableKind kind, std::span<const Bytes> keys,
                                   std::span<const std::uint64_t> offsets) {
  std::vector<const std::uint8_t*> key_bytes;
  std::vector<std::uint64_t*> tables;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    key_bytes.push_back(keys[i].data());
    tables.push_back(reinterpret_cast<std::uint64_t*>(memory_.data() + offsets[i]));
  }
  const std::unique_ptr<bool[]> is_point(new bool[keys.size()]);
  const auto make_combs = kind.algorithm == Algorithm::ed25519 ? choice_.ed25519.many->make_combs
                                                               : choice_.p256.many->make_combs;
  make_combs(key_bytes.data(), keys.size(), window_bits(kind.size), tables.data(), is_point.get());
  return std::vector<bool>(is_point.get(), is_point.get() + keys.size());
}

}  // namespace salus::engine::signature::cpu

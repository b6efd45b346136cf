#include "engine/reference/sample_data.h"

#include <algorithm>

namespace salus::engine {
namespace {

std::uint64_t next_random(std::uint64_t& state) {
  std::uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace

std::vector<std::uint8_t> sample_bytes(std::size_t size, std::uint64_t seed) {
  std::vector<std::uint8_t> bytes(size);
  std::uint64_t state = seed;
  for (std::size_t i = 0; i < size;) {
    std::uint64_t word = next_random(state);
    for (const std::size_t end = std::min(i + 8, size); i < end; ++i, word >>= 8)
      bytes[i] = static_cast<std::uint8_t>(word);
  }
  return bytes;
}

pow::Header sample_header() {
  const std::vector<std::uint8_t> ids = sample_bytes(64, 1);
  pow::Header header;
  header.version = 0x20000000;
  std::copy_n(ids.begin(), 32, header.previous.begin());
  std::copy_n(ids.begin() + 32, 32, header.merkle_root.begin());
  header.time = 1700000000;
  header.bits = 0x1d00ffff;
  return header;
}

std::vector<std::uint32_t> sample_versions(unsigned count) {
  constexpr unsigned kLowestRolledBit = 13;  // BIP 320: 0x1fffe000
  std::vector<std::uint32_t> versions;
  for (std::uint32_t v = 0; v < count; ++v)
    versions.push_back(sample_header().version | v << kLowestRolledBit);
  return versions;
}

}  // namespace salus::engine

#include "tests/support/random_data.h"

#include <algorithm>
#include <random>

namespace salus::test {

std::vector<std::uint8_t> random_bytes(std::size_t size, std::uint32_t seed) {
  std::mt19937 generator(seed);
  std::vector<std::uint8_t> bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(generator());
  return bytes;
}

std::vector<Digest> random_digests(std::size_t count, std::uint32_t seed) {
  std::vector<Digest> digests(count);
  const std::vector<std::uint8_t> bytes = random_bytes(count * sizeof(Digest), seed);
  auto from = bytes.begin();
  for (Digest& digest : digests) {
    std::copy_n(from, digest.size(), digest.begin());
    from += static_cast<std::ptrdiff_t>(digest.size());
  }
  return digests;
}

}  // namespace salus::test

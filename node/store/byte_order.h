// Integers in files and keys. Keys are big-endian, so that they sort as numbers do; all else is
// little-endian.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace salus::node {

static_assert(std::endian::native == std::endian::little,
              "files are little-endian and written as they lie in memory");

template <typename Integer>
void store_little(std::uint8_t* out, Integer value) {
  std::memcpy(out, &value, sizeof value);
}

template <typename Integer>
[[nodiscard]] Integer load_little(const std::uint8_t* in) {
  Integer value;
  std::memcpy(&value, in, sizeof value);
  return value;
}

inline std::uint32_t big_endian(std::uint32_t value) { return __builtin_bswap32(value); }
inline std::uint64_t big_endian(std::uint64_t value) { return __builtin_bswap64(value); }

template <typename Integer>
void store_big(std::uint8_t* out, Integer value) {
  store_little(out, big_endian(value));
}

template <typename Integer>
[[nodiscard]] Integer load_big(const std::uint8_t* in) {
  return big_endian(load_little<Integer>(in));
}

}  // namespace salus::node

// What kernels of Ed25519 read beside the items: constants of their windows.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/gpu/signature_batch.h"

namespace salus::engine::signature::device {

/// Half windows for a key's scalar in windows of `key_bits` bits and for the base point's, eight
/// words each: added to a scalar they make every digit but the top one readable by itself
/// (kernels/scalar25519.h).
inline std::array<std::uint32_t, SALUS_SCALAR_WORDS> scalar_offsets(unsigned key_bits) {
  constexpr unsigned kScalarBits = 253;
  std::array<std::uint32_t, SALUS_SCALAR_WORDS> words{};
  const auto set = [&words](unsigned first, unsigned bits) {
    for (unsigned at = bits - 1; at + 1 < kScalarBits; at += bits)
      words[first + at / 32] |= 1U << (at % 32);
  };
  set(0, key_bits);
  set(SALUS_SCALAR_WORDS / 2, SALUS_BASE_WINDOW);
  return words;
}

}  // namespace salus::engine::signature::device

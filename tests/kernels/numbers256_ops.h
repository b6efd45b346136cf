// The arithmetic of kernels/gpu/ behind plain functions, one set for each form in which it is
// compiled. Numbers are words, the least significant first.
#pragma once

#include <array>
#include <cstdint>

namespace salus::kernels {

using Words8 = std::array<std::uint32_t, 8>;
using Words16 = std::array<std::uint32_t, 16>;

struct Numbers256Ops {
  const char* name;
  /// The ninth word is the carry, or all ones for a negative result.
  std::array<std::uint32_t, 9> (*add)(const Words8& a, const Words8& b);
  std::array<std::uint32_t, 9> (*add_word)(const Words8& a, std::uint32_t b);
  std::array<std::uint32_t, 9> (*subtract)(const Words8& a, const Words8& b);
  std::array<std::uint32_t, 9> (*subtract_word)(const Words8& a, std::uint32_t b);
  std::array<std::uint32_t, 9> (*multiply_add)(const Words8& low, const Words8& high,
                                               std::uint32_t factor);
  Words16 (*multiply)(const Words8& a, const Words8& b);
  Words16 (*square)(const Words8& a);

  // GF(2^255 - 19); results are canonical.
  Words8 (*fe_mul)(const Words8& a, const Words8& b);
  Words8 (*fe_square)(const Words8& a);
  Words8 (*fe_add)(const Words8& a, const Words8& b);
  Words8 (*fe_subtract)(const Words8& a, const Words8& b);
  Words8 (*fe_canonical)(const Words8& a);
  Words8 (*fe_invert)(const Words8& a);

  /// Modulo the order of edwards25519's base point.
  Words8 (*scalar_reduce)(const Words16& hash);
};

extern const Numbers256Ops kPortableOps;  ///< 64-bit products
extern const Numbers256Ops kChainOps;     ///< PTX carry chains, emulated

}  // namespace salus::kernels

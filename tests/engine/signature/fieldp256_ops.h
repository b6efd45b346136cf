// The kernels' arithmetic behind plain functions, one set for each form that is compiled, so that
// tests need not be compiled for an instruction set.
#pragma once

#include <array>
#include <cstdint>

namespace salus::engine::signature {

using P256Limbs = std::array<std::uint64_t, 5>;  // of 52 bits, not necessarily reduced
using P256Words = std::array<std::uint64_t, 4>;  // a canonical value

struct FieldP256Ops {
  const char* name;
  unsigned lanes;
  bool (*supported)();
  // Each takes and gives one number a lane. Products are divided by 2^260 (Montgomery's).
  void (*mul)(const P256Limbs* a, const P256Limbs* b, P256Words* out);
  void (*square)(const P256Limbs* a, P256Words* out);
  void (*add)(const P256Limbs* a, const P256Limbs* b, P256Words* out);
  void (*subtract)(const P256Limbs* a, const P256Limbs* b, P256Words* out);
  void (*mul_difference)(const P256Limbs* a, const P256Limbs* b, P256Words* out);  // (a - b) a
  void (*square_less)(const P256Limbs* a, const P256Limbs* b, P256Words* out);     // a a - 3 b
  void (*negate)(const P256Limbs* a, P256Words* out);
  void (*invert)(const P256Limbs* a, P256Words* out);  // in Montgomery form
  void (*to_montgomery)(const P256Limbs* a, P256Words* out);
  void (*from_montgomery)(const P256Limbs* a, P256Words* out);
  void (*from_words)(const P256Words* a, P256Words* out);
  void (*is_equal)(const P256Limbs* a, const P256Limbs* b, std::uint64_t* out);  // all ones or 0
};

extern const FieldP256Ops kFieldP256PortableOps;
extern const FieldP256Ops kFieldP256IfmaOps;

}  // namespace salus::engine::signature

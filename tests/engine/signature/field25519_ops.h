// The kernels' arithmetic behind plain functions, one set for each form that is compiled, so that
// tests need not be compiled for an instruction set.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace salus::engine::signature {

using Limbs = std::array<std::uint64_t, 5>;  // of 51 bits, not necessarily reduced
using Words = std::array<std::uint64_t, 4>;  // a canonical value
using Hash = std::array<std::uint64_t, 8>;

struct Field25519Ops {
  const char* name;
  unsigned lanes;
  bool (*supported)();
  // Each takes and gives one number a lane.
  void (*mul)(const Limbs* a, const Limbs* b, Words* out);
  void (*square)(const Limbs* a, Words* out);
  void (*add)(const Limbs* a, const Limbs* b, Words* out);
  void (*subtract)(const Limbs* a, const Limbs* b, Words* out);
  void (*invert)(const Limbs* a, Words* out);
  void (*canonical)(const Limbs* a, Words* out);
  void (*from_words)(const Words* a, Words* out);
  void (*scalar_reduce)(const Hash& hash, Words& out);
};

extern const Field25519Ops kField25519PortableOps;
extern const Field25519Ops kField25519Avx2Ops;
extern const Field25519Ops kField25519IfmaOps;

}  // namespace salus::engine::signature

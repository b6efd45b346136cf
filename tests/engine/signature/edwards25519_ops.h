// The kernels' scalar multiplications behind plain functions, one set for each form.
#pragma once

#include <array>
#include <cstdint>

namespace salus::engine::signature {

using EncodedPoint = std::array<std::uint8_t, 32>;
using Scalar = std::array<std::uint64_t, 4>;

/// [s]B - [k]A for one item a lane; every A is on the curve.
struct Edwards25519Ops {
  const char* name;
  unsigned lanes;
  bool (*supported)();
  void (*straus)(const EncodedPoint* a, const Scalar* s, const Scalar* k, EncodedPoint* out);
  void (*comb)(int bits, const EncodedPoint* a, const Scalar* s, const Scalar* k,
               EncodedPoint* out);
};

extern const Edwards25519Ops kEdwards25519PortableOps;
extern const Edwards25519Ops kEdwards25519Avx2Ops;
extern const Edwards25519Ops kEdwards25519IfmaOps;

}  // namespace salus::engine::signature

// The kernels' group of P-256 behind plain functions, one set for each form.
#pragma once

#include <array>
#include <cstdint>

namespace salus::engine::signature {

/// 0x04 || x || y, big-endian.
using P256Point = std::array<std::uint8_t, 65>;
using P256Scalar = std::array<std::uint64_t, 4>;

/// A sum as the kernels leave it.
struct P256Sum {
  bool has_no_z = false;  ///< Z = 0: infinity, or an exception of the fast addition.
  P256Point point{};
  friend bool operator==(const P256Sum&, const P256Sum&) = default;
};

/// One item a lane; every point is on the curve. `u1` times the base point plus `u2` times q.
struct GroupP256Ops {
  using Combine = void (*)(const P256Point* q, const P256Scalar* u1, const P256Scalar* u2,
                           P256Sum* out);
  using CombineByCombs = void (*)(int bits, const P256Point* q, const P256Scalar* u1,
                                  const P256Scalar* u2, P256Sum* out);
  const char* name;
  unsigned lanes;
  bool (*supported)();
  // Each point twice, with Z other than 1 for the first one.
  void (*add_affine)(const P256Point* p, const P256Point* q, P256Sum* out);
  void (*twice)(const P256Point* p, P256Sum* out);
  void (*add_complete)(const P256Point* p, const P256Point* q, P256Sum* out);
  Combine straus;
  Combine straus_complete;
  CombineByCombs comb;
  CombineByCombs comb_complete;
};

extern const GroupP256Ops kGroupP256PortableOps;
extern const GroupP256Ops kGroupP256IfmaOps;

}  // namespace salus::engine::signature

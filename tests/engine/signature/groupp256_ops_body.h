// Functions of GroupP256Ops. Included by groupp256_ops_*.cpp inside a namespace of its own.

#include "kernels/comb_p256.h"
#include "kernels/verify_p256.h"

Affine load(const P256Point* points) {
  const u8* keys[SALUS_LANES64];
  for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) keys[lane] = points[lane].data();
  L on_curve;
  return load_keys(keys, &on_curve);
}

/// Takes X over `x_denominator` and Y over `y_denominator`.
void store(Fe x, Fe x_denominator, Fe y, Fe y_denominator, L has_no_z, P256Sum* out) {
  L words[8];
  fe_to_words(fe_canonical(fe_from_montgomery(fe_mul(x, fe_invert(&x_denominator)))), words);
  fe_to_words(fe_canonical(fe_from_montgomery(fe_mul(y, fe_invert(&y_denominator)))), words + 4);
  u64 lanes[SALUS_LANES64][8];
  u64* rows[SALUS_LANES64];
  for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) rows[lane] = lanes[lane];
  store_rows(words, rows);
  u64 no_z[SALUS_LANES64];
  std::memcpy(no_z, &has_no_z, sizeof no_z);
  for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) {
    out[lane].has_no_z = no_z[lane] != 0;
    u8* const bytes = out[lane].point.data();
    std::memset(bytes, 0, 65);
    if (no_z[lane] != 0) continue;
    bytes[0] = 4;
    for (std::size_t i = 0; i < 8; ++i) {
      const u64 word = __builtin_bswap64(lanes[lane][i]);
      std::memcpy(bytes + 1 + 32 * (i / 4) + 8 * (3 - i % 4), &word, 8);
    }
  }
}

void store(const Jacobian& p, P256Sum* out) {
  const Fe zz = fe_square(p.z);
  store(p.x, zz, p.y, fe_mul(zz, p.z), fe_is_zero(p.z), out);
}
void store(const Projective& p, P256Sum* out) { store(p.x, p.z, p.y, p.z, fe_is_zero(p.z), out); }

/// The same point with the curve's b, which is as good as any other number, for its Z.
Jacobian with_z(Affine p) {
  const Fe z = fe_splat(kCurveB);
  const Fe zz = fe_square(z);
  return {fe_mul(p.x, zz), fe_mul(p.y, fe_mul(zz, z)), z};
}
Projective with_projective_z(Affine p) {
  const Fe z = fe_splat(kCurveB);
  return {fe_mul(p.x, z), fe_mul(p.y, z), z};
}

void add_affine(const P256Point* p, const P256Point* q, P256Sum* out) {
  store(point_add_affine(with_z(load(p)), load(q)), out);
}
void twice(const P256Point* p, P256Sum* out) { store(point_double(with_z(load(p))), out); }
void add_complete(const P256Point* p, const P256Point* q, P256Sum* out) {
  store(point_add_complete(with_projective_z(load(p)), with_projective_z(load(q))), out);
}

OddScalars load_scalars(const P256Scalar* u1, const P256Scalar* u2) {
  P256Scalars scalars[SALUS_LANES64];
  const P256Scalars* pointers[SALUS_LANES64];
  for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) {
    std::memcpy(scalars[lane].u1, u1[lane].data(), 32);
    std::memcpy(scalars[lane].u2, u2[lane].data(), 32);
    pointers[lane] = &scalars[lane];
  }
  return load_odd_scalars(pointers);
}

template <typename Sum>
void straus(const P256Point* q, const P256Scalar* u1, const P256Scalar* u2, P256Sum* out) {
  Group group;
  for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) group.keys[lane] = q[lane].data();
  KeyTables keys;
  make_key_tables(&group, 1, &keys);
  const OddScalars u = load_scalars(u1, u2);
  store(combine<Sum>(p256_base_comb().rows, &keys.tables[0], &u), out);
}

template <typename Sum>
void comb(int bits, const P256Point* q, const P256Scalar* u1, const P256Scalar* u2, P256Sum* out) {
  const std::size_t words = p256_comb_words(bits);
  u64* const memory = new u64[SALUS_LANES64 * words];
  const u8* keys[SALUS_LANES64];
  u64* tables[SALUS_LANES64];
  for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) {
    keys[lane] = q[lane].data();
    tables[lane] = memory + lane * words;
  }
  bool is_on_curve[SALUS_LANES64];
  make_combs(keys, SALUS_LANES64, bits, tables, is_on_curve);
  const OddScalars u = load_scalars(u1, u2);
  store(combine_registered<Sum>(p256_base_comb(), bits, tables, &u), out);
  delete[] memory;
}

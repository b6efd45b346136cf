// Functions of FieldP256Ops. Included by fieldp256_ops_*.cpp inside a namespace of its own.

#include "kernels/fieldp256_codec.h"

Fe load(const P256Limbs* a) {
  Fe r;
  for (std::size_t limb = 0; limb < 5; ++limb) {
    u64 words[SALUS_LANES64];
    for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) words[lane] = a[lane].data()[limb];
    std::memcpy(&r.v[limb], words, sizeof words);
  }
  return r;
}

void store(Fe a, P256Words* out) {
  L words[4];
  fe_to_words(fe_canonical(a), words);
  for (std::size_t i = 0; i < 4; ++i) {
    u64 lanes[SALUS_LANES64];
    std::memcpy(lanes, &words[i], sizeof lanes);
    for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) out[lane].data()[i] = lanes[lane];
  }
}

void mul(const P256Limbs* a, const P256Limbs* b, P256Words* out) {
  store(fe_mul(load(a), load(b)), out);
}
void square(const P256Limbs* a, P256Words* out) { store(fe_square(load(a)), out); }
void add(const P256Limbs* a, const P256Limbs* b, P256Words* out) {
  store(fe_add(load(a), load(b)), out);
}
void subtract(const P256Limbs* a, const P256Limbs* b, P256Words* out) {
  store(fe_subtract(load(a), load(b)), out);
}
void mul_difference(const P256Limbs* a, const P256Limbs* b, P256Words* out) {
  store(fe_mul(fe_subtract_loose(load(a), load(b)), load(a)), out);
}
void square_less(const P256Limbs* a, const P256Limbs* b, P256Words* out) {
  const Fe thrice = fe_add_limbs(load(b), fe_add_limbs(load(b), load(b)));
  store(fe_reduce_fold(fe_less(fe_square_sum(load(a)), thrice)), out);
}
void negate(const P256Limbs* a, P256Words* out) {
  store(fe_negate_canonical(fe_canonical(load(a))), out);
}
void invert(const P256Limbs* a, P256Words* out) {
  const Fe value = load(a);
  store(fe_invert(&value), out);
}
void to_montgomery(const P256Limbs* a, P256Words* out) { store(fe_to_montgomery(load(a)), out); }
void from_montgomery(const P256Limbs* a, P256Words* out) {
  store(fe_from_montgomery(load(a)), out);
}
void from_words(const P256Words* a, P256Words* out) {
  L words[4];
  for (std::size_t i = 0; i < 4; ++i) {
    u64 lanes[SALUS_LANES64];
    for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) lanes[lane] = a[lane].data()[i];
    std::memcpy(&words[i], lanes, sizeof lanes);
  }
  store(fe_from_words(words), out);
}
void is_equal(const P256Limbs* a, const P256Limbs* b, u64* out) {
  const L equal = fe_is_equal(load(a), load(b));
  std::memcpy(out, &equal, sizeof equal);
}

// Functions of Field25519Ops. Included by field25519_ops_*.cpp inside a namespace of its own.

#include "kernels/field25519_codec.h"
#include "kernels/scalar25519.h"

Fe load(const Limbs* a) {
  Fe r;
  for (std::size_t limb = 0; limb < 5; ++limb) {
    u64 words[SALUS_LANES64];
    for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) words[lane] = a[lane].data()[limb];
    std::memcpy(&r.v[limb], words, sizeof words);
  }
  return r;
}

void store(Fe a, Words* out) {
  L words[4];
  fe_to_words(fe_canonical(a), words);
  for (std::size_t i = 0; i < 4; ++i) {
    u64 lanes[SALUS_LANES64];
    std::memcpy(lanes, &words[i], sizeof lanes);
    for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) out[lane].data()[i] = lanes[lane];
  }
}

void mul(const Limbs* a, const Limbs* b, Words* out) { store(fe_mul(load(a), load(b)), out); }
void square(const Limbs* a, Words* out) { store(fe_square(load(a)), out); }
void add(const Limbs* a, const Limbs* b, Words* out) { store(fe_add(load(a), load(b)), out); }
void subtract(const Limbs* a, const Limbs* b, Words* out) {
  store(fe_subtract(load(a), load(b)), out);
}
void invert(const Limbs* a, Words* out) {
  const Fe value = load(a);
  store(fe_invert(&value), out);
}
void canonical(const Limbs* a, Words* out) { store(load(a), out); }
void from_words(const Words* a, Words* out) {
  L words[4];
  for (std::size_t i = 0; i < 4; ++i) {
    u64 lanes[SALUS_LANES64];
    for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) lanes[lane] = a[lane].data()[i];
    std::memcpy(&words[i], lanes, sizeof lanes);
  }
  store(fe_from_words(words), out);
}
void reduce(const Hash& hash, Words& out) { scalar_reduce(hash.data(), out.data()); }

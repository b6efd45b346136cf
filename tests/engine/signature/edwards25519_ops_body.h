// Functions of Edwards25519Ops. Included by edwards25519_ops_*.cpp inside a namespace of its own.

#include "kernels/comb_ed25519.h"
#include "kernels/verify_ed25519.h"

void encode(const Pending& pending, EncodedPoint* out) {
  const Fe z_inverse = fe_invert(&pending.sum.z);
  L words[8] = {};
  fe_to_words(fe_canonical(fe_mul(pending.sum.y, z_inverse)), words);
  words[3] |= fe_canonical(fe_mul(pending.sum.x, z_inverse)).v[0] << 63;
  u64 bytes[SALUS_LANES64][8];
  u64* rows[SALUS_LANES64];
  for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) rows[lane] = bytes[lane];
  store_rows(words, rows);
  for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane)
    std::memcpy(out[lane].data(), bytes[lane], 32);
}

struct Signature {
  u8 bytes[64];
};

Signature with_s(const Scalar& s) {
  Signature signature = {};
  std::memcpy(signature.bytes + 32, s.data(), 32);
  return signature;
}

void straus(const EncodedPoint* a, const Scalar* s, const Scalar* k, EncodedPoint* out) {
  Signature signatures[SALUS_LANES64];
  CurveItem items[SALUS_LANES64];
  const CurveItem* pointers[SALUS_LANES64];
  for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) {
    signatures[lane] = with_s(s[lane]);
    items[lane] = {a[lane].data(), signatures[lane].bytes, {}};
    std::memcpy(items[lane].k, k[lane].data(), sizeof items[lane].k);
    pointers[lane] = &items[lane];
  }
  Pending pending;
  combine_lanes(&base_table(), pointers, &pending);
  encode(pending, out);
}

void comb(int bits, const EncodedPoint* a, const Scalar* s, const Scalar* k, EncodedPoint* out) {
  const std::size_t words = comb_words(bits);
  u64* const memory = new u64[SALUS_LANES64 * words];
  const u8* keys[SALUS_LANES64];
  u64* tables[SALUS_LANES64];
  Signature signatures[SALUS_LANES64];
  RegisteredItem items[SALUS_LANES64];
  const RegisteredItem* pointers[SALUS_LANES64];
  for (std::size_t lane = 0; lane < SALUS_LANES64; ++lane) {
    keys[lane] = a[lane].data();
    tables[lane] = memory + lane * words;
    signatures[lane] = with_s(s[lane]);
    items[lane] = {tables[lane], signatures[lane].bytes, {}};
    std::memcpy(items[lane].k, k[lane].data(), sizeof items[lane].k);
    pointers[lane] = &items[lane];
  }
  bool is_on_curve[SALUS_LANES64];
  make_combs(keys, SALUS_LANES64, bits, tables, is_on_curve);
  Pending pending;
  combine_registered_lanes(base_comb(), bits, pointers, &pending);
  encode(pending, out);
  delete[] memory;
}

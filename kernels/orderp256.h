// Numbers modulo n, the order of P-256, on 64-bit lanes: limbs, products and Montgomery form are
// those of the field (fieldp256.h), only the modulus is another one.
#pragma once

#include "kernels/fieldp256_codec.h"

static constexpr u64 kOrder[5] = {0x9cac2fc632551, 0xada7179e84f3b, 0xfffffffbce6fa, 0xfffffffff,
                                  0xffffffff0000};
static constexpr u64 kOrderInverse = 0x1c8aaee00bc4f;  // -1/n modulo 2^52
/// 2^260 mod n, which stands for 1.
static constexpr u64 kOrderOne[5] = {0x353d039cdaaf0, 0x258e8617b0c46, 0x4319055, 0xfff0000000000,
                                     0xfffff};
/// 2^520 mod n.
static constexpr u64 kOrderToMontgomery[5] = {0x5cc0dea6dc3ba, 0x192a067d8a084, 0xbec59615571bb,
                                              0x1fc245b2392b6, 0xe12d9559d956};

/// a b / 2^260 modulo n, from and to limbs within an element's bounds; below 2 n.
SALUS_FN Fe order_mul(Fe a, Fe b) {
  FeSum s = fe_mul_sum(a, b);
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) {
    FeSum multiple = {};
    fe_add_product(&multiple, 0, fe_column_low(s.v[i]), lane_splat(kOrderInverse));
    const L q = fe_column_low(multiple.v[0]);
    SALUS_UNROLL
    for (int j = 0; j < 5; ++j) fe_add_product(&s, i + j, q, lane_splat(kOrder[j]));
    s.v[i + 1] += fe_column_carry(s.v[i]);
  }
  return fe_carry(fe_upper_limbs(s));
}

/// a in [0, n), for a below 2 n.
SALUS_FN Fe order_canonical(Fe a) { return fe_subtract_once(a, kOrder); }

/// n - a for a in [0, n]. Its lowest bit is the other one.
SALUS_FN Fe order_negate(Fe a) {
  SALUS_UNROLL
  for (int i = 0; i < 5; ++i) a.v[i] = lane_splat(kOrder[i]) - a.v[i];
  return fe_carry(a);
}

/// 2^260 / a modulo n: a^(n - 2) by windows of 4 bits. For 0 it is 0.
[[maybe_unused]] static Fe order_invert(const Fe* a) {
  constexpr int kWindow = 4;
  Fe powers[1 << kWindow];
  powers[0] = fe_splat(kOrderOne);
  powers[1] = order_mul(*a, fe_splat(kOrderToMontgomery));
  for (int i = 2; i < 1 << kWindow; ++i) powers[i] = order_mul(powers[i - 1], powers[1]);
  Fe r = powers[0];
  for (int at = 256 - kWindow; at >= 0; at -= kWindow) {
    for (int i = 0; i < kWindow; ++i) r = order_mul(r, r);
    const u64 limb = kOrder[at / 52] - (at < 52 ? 2 : 0);
    r = order_mul(r, powers[limb >> (at % 52) & ((1 << kWindow) - 1)]);  // 4 divides 52
  }
  return r;
}

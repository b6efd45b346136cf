// The field of p = 2^256 - 2^224 + 2^192 + 2^96 - 1 on words of 32 bits. Elements are in Montgomery
// form with R = 2^256 and always below p.
#pragma once

#include "kernels/gpu/words.h"

typedef U256 Fe;

SALUS_CONSTANT u32 kPrimeP256[8] = {0xffffffff, 0xffffffff, 0xffffffff, 0x00000000,
                                    0x00000000, 0x00000000, 0x00000001, 0xffffffff};
/// R mod p, which is 1, and R^2 mod p.
SALUS_CONSTANT u32 kFeOneP256[8] = {0x00000001, 0x00000000, 0x00000000, 0xffffffff,
                                    0xffffffff, 0xffffffff, 0xfffffffe, 0x00000000};
SALUS_CONSTANT u32 kFeRSquaredP256[8] = {0x00000003, 0x00000000, 0xffffffff, 0xfffffffb,
                                         0xfffffffe, 0xffffffff, 0xfffffffd, 0x00000004};

SALUS_FN Fe fe_one(void) { return u256_constant(kFeOneP256); }

/// a less p where a with that carry above it is p or more; it is below 2 p.
SALUS_FN Fe fe_subtract_prime(Fe a, u32 carry) {
  Fe less;
  const u32 borrow = u256_subtract(&less, a, u256_constant(kPrimeP256));
  return u256_select(carry >= (borrow & 1), less, a);
}

/// t / R mod p for t < p R. With m = t mod 2^32 the lowest word of t + m p is 0, since p = -1
/// modulo 2^32, and what m p adds above it is m at words 3 and 6 and m (2^32 - 1) at word 7.
SALUS_FN Fe fe_reduce(U512 t) {
  u32 carry = 0;
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) {
    const u32 m = t.v[i];
    const u64 product = (u64)m * 0xffffffffu;
    const u32 high = (u32)(product >> 32) + carry;  // of the turn before; at most 2^32 - 1
#if SALUS_CARRY_CHAINS
    t.v[i + 3] = add_cc(t.v[i + 3], m);
    t.v[i + 4] = addc_cc(t.v[i + 4], 0);
    t.v[i + 5] = addc_cc(t.v[i + 5], 0);
    t.v[i + 6] = addc_cc(t.v[i + 6], m);
    t.v[i + 7] = addc_cc(t.v[i + 7], (u32)product);
    t.v[i + 8] = addc_cc(t.v[i + 8], high);
    carry = addc(0, 0);
#else
    u64 sum = (u64)t.v[i + 3] + m;
    t.v[i + 3] = (u32)sum;
    sum = (sum >> 32) + t.v[i + 4];
    t.v[i + 4] = (u32)sum;
    sum = (sum >> 32) + t.v[i + 5];
    t.v[i + 5] = (u32)sum;
    sum = (sum >> 32) + t.v[i + 6] + m;
    t.v[i + 6] = (u32)sum;
    sum = (sum >> 32) + t.v[i + 7] + (u32)product;
    t.v[i + 7] = (u32)sum;
    sum = (sum >> 32) + t.v[i + 8] + high;
    t.v[i + 8] = (u32)sum;
    carry = (u32)(sum >> 32);
#endif
  }
  Fe r;
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) r.v[i] = t.v[i + 8];
  return fe_subtract_prime(r, carry);
}

SALUS_CALL Fe fe_mul(Fe a, Fe b) { return fe_reduce(u256_multiply(a, b)); }

SALUS_CALL Fe fe_square(Fe a) { return fe_reduce(u256_square(a)); }

SALUS_CALL Fe fe_add(Fe a, Fe b) {
  Fe r;
  const u32 carry = u256_add(&r, a, b);
  return fe_subtract_prime(r, carry);
}

SALUS_CALL Fe fe_subtract(Fe a, Fe b) {
  Fe r;
  const u32 mask = u256_subtract(&r, a, b);
  Fe prime = u256_constant(kPrimeP256);
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) prime.v[i] &= mask;
  u256_add(&r, r, prime);
  return r;
}

SALUS_FN Fe fe_double(Fe a) { return fe_add(a, a); }

SALUS_FN Fe fe_triple(Fe a) { return fe_add(fe_add(a, a), a); }

/// a or -a.
SALUS_CALL Fe fe_negate_if(bool condition, Fe a) {
  Fe zero;
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) zero.v[i] = 0;
  return u256_select(condition, fe_subtract(zero, a), a);
}

SALUS_FN Fe fe_to_montgomery(U256 a) { return fe_mul(a, u256_constant(kFeRSquaredP256)); }

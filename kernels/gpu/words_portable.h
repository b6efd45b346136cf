// Arithmetic of words.h by 64-bit products.
#pragma once

/// *r = a + b; the result is the carry.
SALUS_FN u32 u256_add(U256* r, U256 a, U256 b) {
  u64 sum = 0;
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) {
    sum += (u64)a.v[i] + b.v[i];
    r->v[i] = (u32)sum;
    sum >>= 32;
  }
  return (u32)sum;
}

/// *r += word; the result is the carry.
SALUS_FN u32 u256_add_word(U256* r, u32 word) {
  u64 sum = word;
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) {
    sum += r->v[i];
    r->v[i] = (u32)sum;
    sum >>= 32;
  }
  return (u32)sum;
}

/// *r = a - b; the result is all ones if that is negative, else 0.
SALUS_FN u32 u256_subtract(U256* r, U256 a, U256 b) {
  u64 difference = 0;
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) {
    difference = (u64)a.v[i] - b.v[i] - (difference >> 63);
    r->v[i] = (u32)difference;
  }
  return (u32)(difference >> 32);
}

/// *r -= word; the result is all ones if that is negative, else 0.
SALUS_FN u32 u256_subtract_word(U256* r, u32 word) {
  u64 difference = (u64)r->v[0] - word;
  r->v[0] = (u32)difference;
  SALUS_UNROLL
  for (int i = 1; i < 8; ++i) {
    difference = (u64)r->v[i] - (difference >> 63);
    r->v[i] = (u32)difference;
  }
  return (u32)(difference >> 32);
}

/// *r = low + high * factor; the result is what is left above 256 bits.
SALUS_FN u32 u256_multiply_add(U256* r, const u32* low, const u32* high, u32 factor) {
  u64 sum = 0;
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) {
    sum += (u64)high[i] * factor + low[i];
    r->v[i] = (u32)sum;
    sum >>= 32;
  }
  return (u32)sum;
}

/// a b.
SALUS_FN U512 u256_multiply(U256 a, U256 b) {
  U512 r;
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) r.v[i] = 0;
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) {
    u64 sum = 0;
    SALUS_UNROLL
    for (int j = 0; j < 8; ++j) {
      sum += (u64)a.v[j] * b.v[i] + r.v[i + j];
      r.v[i + j] = (u32)sum;
      sum >>= 32;
    }
    r.v[i + 8] = (u32)sum;
  }
  return r;
}

/// a^2: products of two different words once, doubled, and the squares.
SALUS_FN U512 u256_square(U256 a) {
  U512 r;
  SALUS_UNROLL
  for (int i = 0; i < 16; ++i) r.v[i] = 0;
  SALUS_UNROLL
  for (int i = 0; i < 7; ++i) {
    u64 sum = 0;
    SALUS_UNROLL
    for (int j = i + 1; j < 8; ++j) {
      sum += (u64)a.v[j] * a.v[i] + r.v[i + j];
      r.v[i + j] = (u32)sum;
      sum >>= 32;
    }
    r.v[i + 8] = (u32)sum;
  }
  u32 shifted_out = 0;
  u64 sum = 0;
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) {
    const u64 square = (u64)a.v[i] * a.v[i];
    const u32 low = r.v[2 * i];
    const u32 high = r.v[2 * i + 1];
    sum += (u64)(low << 1 | shifted_out) + (u32)square;
    r.v[2 * i] = (u32)sum;
    sum = (sum >> 32) + (high << 1 | low >> 31) + (square >> 32);
    r.v[2 * i + 1] = (u32)sum;
    sum >>= 32;
    shifted_out = high >> 31;
  }
  return r;
}

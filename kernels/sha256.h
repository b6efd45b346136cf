// SHA-256 (FIPS 180-4, section 6.2) on lane words: the arithmetic that every kernel is made of.
//
// State and schedule are indexed with literals only, so that each compiler keeps them in registers.
#pragma once

#include "kernels/platform.h"

SALUS_CONSTANT u32 kSha256Round[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/// The eight working variables, or a hash value between blocks.
typedef struct {
  W a, b, c, d, e, f, g, h;
} Sha256State;

SALUS_FN W sha256_sum0(W a) { return xor3(rotr(a, 2), rotr(a, 13), rotr(a, 22)); }
SALUS_FN W sha256_sum1(W e) { return xor3(rotr(e, 6), rotr(e, 11), rotr(e, 25)); }
SALUS_FN W sha256_sigma0(W x) { return xor3(rotr(x, 7), rotr(x, 18), x >> 3); }
SALUS_FN W sha256_sigma1(W x) { return xor3(rotr(x, 17), rotr(x, 19), x >> 10); }

SALUS_FN Sha256State sha256_initial(void) {
  Sha256State s;
  s.a = splat(0x6a09e667u);
  s.b = splat(0xbb67ae85u);
  s.c = splat(0x3c6ef372u);
  s.d = splat(0xa54ff53au);
  s.e = splat(0x510e527fu);
  s.f = splat(0x9b05688cu);
  s.g = splat(0x1f83d9abu);
  s.h = splat(0x5be0cd19u);
  return s;
}

#ifndef SHA256_ROUND  // a platform may order the sums in its own way
/// One round on named variables; `kw` is the round constant plus the schedule word. The sums are
/// ordered by when their terms are ready: sum1 of the newest e comes last, since all else waits on
/// it.
#define SHA256_ROUND(a, b, c, d, e, f, g, h, kw)                \
  do {                                                          \
    const W t1 = (((h) + (kw)) + ch(e, f, g)) + sha256_sum1(e); \
    (d) += t1;                                                  \
    (h) = t1 + (sha256_sum0(a) + maj(a, b, c));                 \
  } while (0)
#endif

/// Eight rounds, after which every variable is back in its place; KW(i) gives round i's `kw`.
#define SHA256_8_ROUNDS(s, KW, i)                                                      \
  do {                                                                                 \
    SHA256_ROUND((s).a, (s).b, (s).c, (s).d, (s).e, (s).f, (s).g, (s).h, KW((i)));     \
    SHA256_ROUND((s).h, (s).a, (s).b, (s).c, (s).d, (s).e, (s).f, (s).g, KW((i) + 1)); \
    SHA256_ROUND((s).g, (s).h, (s).a, (s).b, (s).c, (s).d, (s).e, (s).f, KW((i) + 2)); \
    SHA256_ROUND((s).f, (s).g, (s).h, (s).a, (s).b, (s).c, (s).d, (s).e, KW((i) + 3)); \
    SHA256_ROUND((s).e, (s).f, (s).g, (s).h, (s).a, (s).b, (s).c, (s).d, KW((i) + 4)); \
    SHA256_ROUND((s).d, (s).e, (s).f, (s).g, (s).h, (s).a, (s).b, (s).c, KW((i) + 5)); \
    SHA256_ROUND((s).c, (s).d, (s).e, (s).f, (s).g, (s).h, (s).a, (s).b, KW((i) + 6)); \
    SHA256_ROUND((s).b, (s).c, (s).d, (s).e, (s).f, (s).g, (s).h, (s).a, KW((i) + 7)); \
  } while (0)

/// Replaces schedule word i (mod 16) by the word 16 rounds later.
#define SHA256_SCHEDULE(w, i) \
  ((w)[(i)&15] +=             \
   sha256_sigma1((w)[((i) + 14) & 15]) + (w)[((i) + 9) & 15] + sha256_sigma0((w)[((i) + 1) & 15]))

#define SHA256_KW_FIRST(i) (w[(i)&15] + kSha256Round[i])
#define SHA256_KW_NEXT(i) (SHA256_SCHEDULE(w, i) + kSha256Round[i])

/// Rounds `from` to `to` - 1, both multiples of 16, with the schedule in w.
#define SHA256_ROUNDS_NEXT(s, from, to)            \
  SALUS_REPEAT(base, from, to, 16) {               \
    SHA256_8_ROUNDS(s, SHA256_KW_NEXT_OF_BASE, 0); \
    SHA256_8_ROUNDS(s, SHA256_KW_NEXT_OF_BASE, 8); \
  }
#define SHA256_KW_NEXT_OF_BASE(i) (SHA256_SCHEDULE(w, i) + kSha256Round[base + (i)])

/// Adds the hash value before a block to the working variables after it, into `state`.
SALUS_FN void sha256_feed_forward(Sha256State* state, Sha256State s) {
  state->a += s.a;
  state->b += s.b;
  state->c += s.c;
  state->d += s.d;
  state->e += s.e;
  state->f += s.f;
  state->g += s.g;
  state->h += s.h;
}

/// Compresses one block into `state`. `w` holds the block's 16 big-endian words and is used up.
SALUS_FN void sha256_compress(Sha256State* state, W w[16]) {
  Sha256State s = *state;
  SHA256_8_ROUNDS(s, SHA256_KW_FIRST, 0);
  SHA256_8_ROUNDS(s, SHA256_KW_FIRST, 8);
  SHA256_ROUNDS_NEXT(s, 16, 64);
  sha256_feed_forward(state, s);
}

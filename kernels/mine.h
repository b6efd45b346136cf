// The SHA-256d header scan: for each nonce and version, the last state word of the second hash.
//
// Sources: the shared schedule of "AsicBoost" (Hanke 2016) in its overt form (BIP 320).
#pragma once

#include "kernels/sha256.h"

/// Schedule words 16 to 31 of block 2, word i in w[i & 15], for one lane word of nonces. A nonce is
/// given as the header's bytes make a big-endian word of it: bswap of the number.
SALUS_FN void mine_schedule_16_to_31(SALUS_UNIFORM const MineParams* p, W nonce, W w[16]) {
  w[0] = splat(p->w16);
  w[1] = splat(p->w17);
  w[2] = sha256_sigma0(nonce) + p->w18_base;
  w[3] = nonce + p->w19_base;
  w[4] = sha256_sigma1(w[2]) + 0x80000000u;
  w[5] = sha256_sigma1(w[3]);
  w[6] = sha256_sigma1(w[4]) + 640u;
  w[7] = sha256_sigma1(w[5]) + w[0];
  w[8] = sha256_sigma1(w[6]) + w[1];
  w[9] = sha256_sigma1(w[7]) + w[2];
  w[10] = sha256_sigma1(w[8]) + w[3];
  w[11] = sha256_sigma1(w[9]) + w[4];
  w[12] = sha256_sigma1(w[10]) + w[5];
  w[13] = sha256_sigma1(w[11]) + w[6];
  w[14] = sha256_sigma1(w[12]) + w[7] + sha256_sigma0(splat(640u));
  w[15] = sha256_sigma1(w[13]) + w[8] + sha256_sigma0(w[0]) + 640u;
}

/// Round constant plus schedule word of block 2, rounds 3 to 63, for one lane word of nonces, given
/// as above. These do not depend on the version and are computed once for all of them.
SALUS_FN void mine_schedule(SALUS_UNIFORM const MineParams* p, W nonce, W kw[64]) {
  W w[16];
  kw[3] = nonce + kSha256Round[3];
  kw[4] = splat(0x80000000u + kSha256Round[4]);
  kw[5] = splat(kSha256Round[5]);
  kw[6] = splat(kSha256Round[6]);
  kw[7] = splat(kSha256Round[7]);
  kw[8] = splat(kSha256Round[8]);
  kw[9] = splat(kSha256Round[9]);
  kw[10] = splat(kSha256Round[10]);
  kw[11] = splat(kSha256Round[11]);
  kw[12] = splat(kSha256Round[12]);
  kw[13] = splat(kSha256Round[13]);
  kw[14] = splat(kSha256Round[14]);
  kw[15] = splat(640u + kSha256Round[15]);
  mine_schedule_16_to_31(p, nonce, w);
#define MINE_KW(i) kw[i] = w[(i)&15] + kSha256Round[i]
#define MINE_KW_NEXT(i) kw[base + (i)] = SHA256_SCHEDULE(w, i) + kSha256Round[base + (i)]
#define MINE_8(M, i) \
  M(i);              \
  M(i + 1);          \
  M(i + 2);          \
  M(i + 3);          \
  M(i + 4);          \
  M(i + 5);          \
  M(i + 6);          \
  M(i + 7)
  MINE_8(MINE_KW, 16);
  MINE_8(MINE_KW, 24);
  SALUS_REPEAT(base, 32, 64, 16) {
    MINE_8(MINE_KW_NEXT, 0);
    MINE_8(MINE_KW_NEXT, 8);
  }
#undef MINE_KW
#undef MINE_KW_NEXT
#undef MINE_8
}

/// Version `v` after rounds 0 to 2 of block 2, each variable where those rounds leave it.
SALUS_FN Sha256State mine_after_round2(SALUS_UNIFORM const MineParams* p, u32 v) {
  Sha256State s;
  s.a = splat(p->after_round2[v][0]);
  s.b = splat(p->after_round2[v][1]);
  s.c = splat(p->after_round2[v][2]);
  s.d = splat(p->after_round2[v][3]);
  s.e = splat(p->after_round2[v][4]);
  s.f = splat(p->after_round2[v][5]);
  s.g = splat(p->after_round2[v][6]);
  s.h = splat(p->after_round2[v][7]);
  return s;
}

/// The last state word of the second hash; `s` is version `v` after round 63 of block 2.
SALUS_FN W mine_second_hash(SALUS_UNIFORM const MineParams* p, u32 v, Sha256State s) {
  // The message is the first hash's 8 words, padded. All 64 schedule words have places of their
  // own, so that the rounds can stand in a loop.
  W w[64];
  w[0] = s.a + p->midstate[v][0];
  w[1] = s.b + p->midstate[v][1];
  w[2] = s.c + p->midstate[v][2];
  w[3] = s.d + p->midstate[v][3];
  w[4] = s.e + p->midstate[v][4];
  w[5] = s.f + p->midstate[v][5];
  w[6] = s.g + p->midstate[v][6];
  w[7] = s.h + p->midstate[v][7];
  w[8] = splat(0x80000000u);
  w[9] = w[10] = w[11] = w[12] = w[13] = w[14] = splat(0u);
  w[15] = splat(256u);
  s = sha256_initial();
#define MINE_KW_FIRST(i) (w[base + (i)] + kSha256Round[base + (i)])
#define MINE_KW_NEXT(i)                                                                      \
  ((w[base + (i)] = (sha256_sigma0(w[base + (i)-15]) + w[base + (i)-16] + w[base + (i)-7]) + \
                    sha256_sigma1(w[base + (i)-2])) +                                        \
   kSha256Round[base + (i)])
  SALUS_REPEAT(base, 0, 16, 8) SHA256_8_ROUNDS(s, MINE_KW_FIRST, 0);
  SALUS_REPEAT(base, 16, 56, 8) SHA256_8_ROUNDS(s, MINE_KW_NEXT, 0);
  // The last word is fixed by round 60's new e, which rounds 61 to 63 only move along.
  const u32 base = 56;
  SHA256_ROUND(s.a, s.b, s.c, s.d, s.e, s.f, s.g, s.h, MINE_KW_NEXT(0));
  SHA256_ROUND(s.h, s.a, s.b, s.c, s.d, s.e, s.f, s.g, MINE_KW_NEXT(1));
  SHA256_ROUND(s.g, s.h, s.a, s.b, s.c, s.d, s.e, s.f, MINE_KW_NEXT(2));
  SHA256_ROUND(s.f, s.g, s.h, s.a, s.b, s.c, s.d, s.e, MINE_KW_NEXT(3));
  s.h += s.d + MINE_KW_NEXT(4) + sha256_sum1(s.a) + ch(s.a, s.b, s.c);
#undef MINE_KW_FIRST
#undef MINE_KW_NEXT
  return s.h + 0x5be0cd19u;
}

/// The last state word of the second hash for version `v`, given the shared schedule.
SALUS_FN W mine_last_word(SALUS_UNIFORM const MineParams* p, u32 v, const W kw[64]) {
  Sha256State s = mine_after_round2(p, v);
#define MINE_KW(i) kw[base + (i)]
  // Rounds 3 to 7 end the first eight; their variables stand where rounds 0 to 2 left them.
  SHA256_ROUND(s.f, s.g, s.h, s.a, s.b, s.c, s.d, s.e, kw[3]);
  SHA256_ROUND(s.e, s.f, s.g, s.h, s.a, s.b, s.c, s.d, kw[4]);
  SHA256_ROUND(s.d, s.e, s.f, s.g, s.h, s.a, s.b, s.c, kw[5]);
  SHA256_ROUND(s.c, s.d, s.e, s.f, s.g, s.h, s.a, s.b, kw[6]);
  SHA256_ROUND(s.b, s.c, s.d, s.e, s.f, s.g, s.h, s.a, kw[7]);
  SALUS_REPEAT(base, 8, 64, 8) SHA256_8_ROUNDS(s, MINE_KW, 0);
#undef MINE_KW
  return mine_second_hash(p, v, s);
}

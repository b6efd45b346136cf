// The host's side of a header scan: what `MineParams` holds, computed once for a template. One
// lane.
#pragma once

#include "kernels/sha256.h"

SALUS_FN void mine_store_state(const Sha256State* s, u32 out[8]) {
  out[0] = s->a, out[1] = s->b, out[2] = s->c, out[3] = s->d;
  out[4] = s->e, out[5] = s->f, out[6] = s->g, out[7] = s->h;
}

/// Schedule words of block 2 that only w0..w2 decide (FIPS 180-4, 6.2.2 step 1, with
/// w4 = 0x80000000, w5..w14 = 0 and w15 = 640, the header's length in bits).
SALUS_FN void mine_prepare_block2(MineParams* p, u32 w0, u32 w1, u32 w2) {
  p->w0 = w0;
  p->w1 = w1;
  p->w2 = w2;
  p->w16 = sha256_sigma0(w1) + w0;
  p->w17 = sha256_sigma1(640) + sha256_sigma0(w2) + w1;
  p->w18_base = sha256_sigma1(p->w16) + w2;
  p->w19_base = sha256_sigma1(p->w17) + sha256_sigma0(0x80000000u);
}

/// Midstate and first rounds for version `v`, whose block 1 is `w`; after mine_prepare_block2.
SALUS_FN void mine_prepare_version(MineParams* p, u32 v, u32 w[16]) {
  Sha256State s = sha256_initial();
  sha256_compress(&s, w);
  mine_store_state(&s, p->midstate[v]);
  SHA256_ROUND(s.a, s.b, s.c, s.d, s.e, s.f, s.g, s.h, p->w0 + kSha256Round[0]);
  SHA256_ROUND(s.h, s.a, s.b, s.c, s.d, s.e, s.f, s.g, p->w1 + kSha256Round[1]);
  SHA256_ROUND(s.g, s.h, s.a, s.b, s.c, s.d, s.e, s.f, p->w2 + kSha256Round[2]);
  mine_store_state(&s, p->after_round2[v]);
}

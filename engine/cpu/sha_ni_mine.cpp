#include "engine/cpu/sha_ni_mine.h"

#include <immintrin.h>

#include "engine/cpu/cpu_info.h"

namespace salus::engine::cpu::sha_ni {
namespace {

using kernels::MineParams;
#define SALUS_LANES 1
#include "kernels/sha256.h"

/// Nonces side by side: SHA256RNDS2 answers after four cycles but takes a new pair every two.
constexpr u32 kNonces = 4;

SALUS_FN __m128i words(u32 w0, u32 w1, u32 w2, u32 w3) {
  return _mm_set_epi32(static_cast<int>(w3), static_cast<int>(w2), static_cast<int>(w1),
                       static_cast<int>(w0));
}

/// The state as SHA256RNDS2 takes it, highest word first.
struct Halves {
  __m128i abef, cdgh;
};

SALUS_FN Halves halves(const Sha256State& s) {
  return {words(s.f, s.e, s.b, s.a), words(s.h, s.g, s.d, s.c)};
}

SALUS_FN Sha256State state_of(const u32 from[8]) {
  return {from[0], from[1], from[2], from[3], from[4], from[5], from[6], from[7]};
}

SALUS_FN __m128i round_constants(u32 quad) {
  return words(kSha256Round[4 * quad], kSha256Round[4 * quad + 1], kSha256Round[4 * quad + 2],
               kSha256Round[4 * quad + 3]);
}

/// Two rounds with the two low words of `kw`. The new abef is the result, the old one the new cdgh.
SALUS_FN void two_rounds(Halves& s, __m128i kw) {
  const __m128i abef = s.abef;
  s.abef = _mm_sha256rnds2_epu32(s.cdgh, abef, kw);
  s.cdgh = abef;
}

SALUS_FN void four_rounds(Halves& s, __m128i kw) {
  two_rounds(s, kw);
  two_rounds(s, _mm_shuffle_epi32(kw, 0x0e));
}

/// Four schedule words from the sixteen before them, given as quads.
SALUS_FN __m128i next_quad(__m128i w0, __m128i w4, __m128i w8, __m128i w12) {
  const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w4), _mm_alignr_epi8(w12, w8, 4));
  return _mm_sha256msg2_epu32(sum, w12);
}

/// What does not change with the nonce, for one version.
struct Version {
  Halves midstate;
  /// After round 3 of block 2 for a nonce of zero: the nonce only has to be added to a and e.
  Halves after_round3;
};

Version prepare(const MineParams& p, u32 v) {
  Version out;
  out.midstate = halves(state_of(p.midstate[v]));
  Sha256State s = state_of(p.after_round2[v]);
  SHA256_ROUND(s.f, s.g, s.h, s.a, s.b, s.c, s.d, s.e, kSha256Round[3]);
  // That round's new e stands in a and its new a in e; the next round would begin with e.
  out.after_round3 = halves({s.e, s.f, s.g, s.h, s.a, s.b, s.c, s.d});
  return out;
}

/// Round constants plus schedule words of block 2, from round 4 on, for each nonce.
struct Schedule {
  __m128i kw[16][kNonces];
};

SALUS_FN void prepare(const MineParams& p, const u32 nonce[kNonces], Schedule& out) {
  __m128i w[16][kNonces];
  for (u32 n = 0; n < kNonces; ++n) {
    w[0][n] = words(p.w0, p.w1, p.w2, nonce[n]);
    w[1][n] = words(0x80000000U, 0, 0, 0);
    w[2][n] = _mm_setzero_si128();
    w[3][n] = words(0, 0, 0, 640);
  }
#pragma GCC unroll 16
  for (u32 quad = 1; quad < 16; ++quad) {
    for (u32 n = 0; n < kNonces; ++n) {
      if (quad >= 4)
        w[quad][n] = next_quad(w[quad - 4][n], w[quad - 3][n], w[quad - 2][n], w[quad - 1][n]);
      out.kw[quad][n] = _mm_add_epi32(w[quad][n], round_constants(quad));
    }
  }
}

/// The first hash's words, as the second hash's first two schedule quads.
SALUS_FN void first_hash(const Version& version, const Schedule& schedule, const u32 nonce[kNonces],
                         __m128i w[16][kNonces]) {
  Halves s[kNonces];
  for (u32 n = 0; n < kNonces; ++n) {
    s[n].abef = _mm_add_epi32(version.after_round3.abef, words(0, nonce[n], 0, nonce[n]));
    s[n].cdgh = version.after_round3.cdgh;
  }
#pragma GCC unroll 16
  for (u32 quad = 1; quad < 16; ++quad)
    for (u32 n = 0; n < kNonces; ++n) four_rounds(s[n], schedule.kw[quad][n]);
  for (u32 n = 0; n < kNonces; ++n) {
    const __m128i abef = _mm_add_epi32(s[n].abef, version.midstate.abef);
    const __m128i cdgh = _mm_add_epi32(s[n].cdgh, version.midstate.cdgh);
    w[0][n] = _mm_shuffle_epi32(_mm_unpackhi_epi64(abef, cdgh), 0xb1);
    w[1][n] = _mm_shuffle_epi32(_mm_unpacklo_epi64(abef, cdgh), 0xb1);
  }
}

/// The last state words of the second hash, less their initial value.
SALUS_FN void second_hash(__m128i w[16][kNonces], u32 out[kNonces]) {
  Halves s[kNonces];
  for (u32 n = 0; n < kNonces; ++n) {
    s[n] = halves(sha256_initial());
    w[2][n] = words(0x80000000U, 0, 0, 0);
    w[3][n] = words(0, 0, 0, 256);
  }
#pragma GCC unroll 16
  for (u32 quad = 0; quad < 16; ++quad) {
    for (u32 n = 0; n < kNonces; ++n) {
      if (quad >= 4)
        w[quad][n] = next_quad(w[quad - 4][n], w[quad - 3][n], w[quad - 2][n], w[quad - 1][n]);
      const __m128i kw = _mm_add_epi32(w[quad][n], round_constants(quad));
      // Round 60 makes the last word; after rounds 60 and 61 it stands in f.
      if (quad < 15)
        four_rounds(s[n], kw);
      else
        two_rounds(s[n], kw);
    }
  }
  for (u32 n = 0; n < kNonces; ++n) out[n] = static_cast<u32>(_mm_cvtsi128_si32(s[n].abef));
}

}  // namespace

void scan(const kernels::MineParams& params, const ScanRange& range, std::vector<Candidate>& out) {
  clear_upper_registers();
  Version versions[SALUS_MINE_MAX_VERSIONS];
  for (u32 v = 0; v < range.version_count; ++v) versions[v] = prepare(params, v);
  for (u64 done = 0; done < range.nonce_count; done += kNonces) {
    const u32 base = range.nonce_begin + static_cast<u32>(done);
    u32 nonce[kNonces];
    for (u32 n = 0; n < kNonces; ++n) nonce[n] = __builtin_bswap32(base + n);
    Schedule schedule;
    prepare(params, nonce, schedule);
    u32 last[SALUS_MINE_MAX_VERSIONS][kNonces];
    bool any = false;
    for (u32 v = 0; v < range.version_count; ++v) {
      __m128i w[16][kNonces];
      first_hash(versions[v], schedule, nonce, w);
      second_hash(w, last[v]);
      for (u32& word : last[v]) {
        word = (word + 0x5be0cd19U) & params.reject_mask;
        any |= word == 0;
      }
    }
    if (__builtin_expect(!any, 1)) continue;
    for (u32 n = 0; n < kNonces && done + n < range.nonce_count; ++n)
      for (u32 v = 0; v < range.version_count; ++v)
        if (last[v][n] == 0) add_candidate(out, base + n, v);
  }
}

}  // namespace salus::engine::cpu::sha_ni

#include "engine/cpu/sha_ni_streams.h"

#include <immintrin.h>

#include <cstring>

namespace salus::engine::cpu::sha_ni {
namespace {

#define SALUS_LANES 1
#include "kernels/sha256.h"

/// The state as SHA256RNDS2 takes it: words a, b, e, f and c, d, g, h, highest first.
struct Halves {
  __m128i abef, cdgh;
};

Halves load(const StreamState& state) {
  const __m128i* from = reinterpret_cast<const __m128i*>(state.words);
  const __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128(from), 0xb1);
  const __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128(from + 1), 0x1b);
  return {_mm_alignr_epi8(badc, hgfe, 8), _mm_blend_epi16(hgfe, badc, 0xf0)};
}

void store(const Halves& s, StreamState& state) {
  __m128i* to = reinterpret_cast<__m128i*>(state.words);
  const __m128i feba = _mm_shuffle_epi32(s.abef, 0x1b);
  const __m128i dchg = _mm_shuffle_epi32(s.cdgh, 0xb1);
  _mm_storeu_si128(to, _mm_blend_epi16(feba, dchg, 0xf0));
  _mm_storeu_si128(to + 1, _mm_alignr_epi8(dchg, feba, 8));
}

void four_rounds(Halves& s, __m128i w, const u32* k) {
  const __m128i kw = _mm_add_epi32(w, _mm_loadu_si128(reinterpret_cast<const __m128i*>(k)));
  s.cdgh = _mm_sha256rnds2_epu32(s.cdgh, s.abef, kw);
  s.abef = _mm_sha256rnds2_epu32(s.abef, s.cdgh, _mm_shuffle_epi32(kw, 0x0e));
}

Halves compress_block(const Halves& before, const u8* data) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  Halves s = before;
  __m128i w[4];
  for (int i = 0; i < 4; ++i) {
    w[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(data) + i);
    w[i] = _mm_shuffle_epi8(w[i], big_endian);
    four_rounds(s, w[i], &kSha256Round[4 * i]);
  }
  for (int i = 4; i < 16; ++i) {
    const __m128i w7 = _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4);
    __m128i& next = w[i & 3];
    next = _mm_add_epi32(_mm_sha256msg1_epu32(next, w[(i + 1) & 3]), w7);
    next = _mm_sha256msg2_epu32(next, w[(i + 3) & 3]);
    four_rounds(s, next, &kSha256Round[4 * i]);
  }
  return {_mm_add_epi32(s.abef, before.abef), _mm_add_epi32(s.cdgh, before.cdgh)};
}

constexpr StreamState kInitial = {{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                                   0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};

void store_digest(const StreamState& state, u8 out[32]) {
  for (u32 i = 0; i < 8; ++i) {
    const u32 word = __builtin_bswap32(state.words[i]);
    std::memcpy(out + 4 * i, &word, sizeof word);
  }
}

/// SHA-256 of `size` bytes, at most 65.
void hash_short(const u8* bytes, std::size_t size, u8 out[32]) {
  u8 padded[128] = {};
  std::memcpy(padded, bytes, size);
  padded[size] = 0x80;
  const std::size_t blocks = size < 56 ? 1 : 2;
  padded[64 * blocks - 2] = static_cast<u8>(size >> 5);
  padded[64 * blocks - 1] = static_cast<u8>(size << 3);
  Halves s = load(kInitial);
  for (std::size_t block = 0; block < blocks; ++block) s = compress_block(s, padded + 64 * block);
  StreamState state;
  store(s, state);
  store_digest(state, out);
}

}  // namespace

// One block of each stream in turn, not one stream after the other: a block is short enough for the
// CPU to work on several at once, and no two in a row depend on each other.
void compress(StreamState* const states[], const std::uint8_t* const data[], std::size_t count,
              std::size_t blocks) {
  Halves s[kStreams];
  for (std::size_t stream = 0; stream < count; ++stream) s[stream] = load(*states[stream]);
  for (std::size_t block = 0; block < blocks; ++block)
    for (std::size_t stream = 0; stream < count; ++stream)
      s[stream] = compress_block(s[stream], data[stream] + 64 * block);
  for (std::size_t stream = 0; stream < count; ++stream) store(s[stream], *states[stream]);
}

void leaves32(const std::uint8_t* entries, std::size_t count, Digest* out) {
  u8* to = reinterpret_cast<u8*>(out);
  for (std::size_t i = 0; i < count; ++i) {
    u8 bytes[33] = {0x00};
    std::memcpy(bytes + 1, entries + 32 * i, 32);
    hash_short(bytes, sizeof bytes, to + 32 * i);
  }
}

void nodes(TreeKind kind, const Digest* children, std::size_t pairs, Digest* out) {
  const u8* from = reinterpret_cast<const u8*>(children);
  u8* to = reinterpret_cast<u8*>(out);
  for (std::size_t i = 0; i < pairs; ++i) {
    u8 bytes[65] = {0x01};
    std::memcpy(bytes + 1, from + 64 * i, 64);
    if (kind == TreeKind::rfc9162) {
      hash_short(bytes, sizeof bytes, to + 32 * i);
    } else {
      u8 once[32];
      hash_short(bytes + 1, 64, once);
      hash_short(once, sizeof once, to + 32 * i);
    }
  }
}

}  // namespace salus::engine::cpu::sha_ni

// Merkle tree nodes (RFC 9162 section 2.1.1; Bitcoin's double-SHA-256 tree) on lane words.
//
// Most blocks here are partly padding, whose words are known: the schedules below leave out every
// term that is zero, and fold what is constant.
#pragma once

#include "kernels/sha256.h"

#define MERKLE_KW(i) (w[(i)&15] + kSha256Round[i])
#define MERKLE_K(i) kSha256Round[i]

/// Compresses a block of words w[0] to w[8], six of zeros, and `bits`.
SALUS_FN void merkle_compress_9_words(Sha256State* state, W w[16], u32 bits) {
  Sha256State s = *state;
  SHA256_8_ROUNDS(s, MERKLE_KW, 0);
  w[15] = splat(bits);
  SHA256_ROUND(s.a, s.b, s.c, s.d, s.e, s.f, s.g, s.h, MERKLE_KW(8));
  SHA256_ROUND(s.h, s.a, s.b, s.c, s.d, s.e, s.f, s.g, MERKLE_K(9));
  SHA256_ROUND(s.g, s.h, s.a, s.b, s.c, s.d, s.e, s.f, MERKLE_K(10));
  SHA256_ROUND(s.f, s.g, s.h, s.a, s.b, s.c, s.d, s.e, MERKLE_K(11));
  SHA256_ROUND(s.e, s.f, s.g, s.h, s.a, s.b, s.c, s.d, MERKLE_K(12));
  SHA256_ROUND(s.d, s.e, s.f, s.g, s.h, s.a, s.b, s.c, MERKLE_K(13));
  SHA256_ROUND(s.c, s.d, s.e, s.f, s.g, s.h, s.a, s.b, MERKLE_K(14));
  SHA256_ROUND(s.b, s.c, s.d, s.e, s.f, s.g, s.h, s.a, MERKLE_KW(15));
  w[0] += sha256_sigma0(w[1]);
  w[1] += sha256_sigma0(w[2]) + sha256_sigma1(splat(bits));
  w[2] += sha256_sigma0(w[3]) + sha256_sigma1(w[0]);
  w[3] += sha256_sigma0(w[4]) + sha256_sigma1(w[1]);
  w[4] += sha256_sigma0(w[5]) + sha256_sigma1(w[2]);
  w[5] += sha256_sigma0(w[6]) + sha256_sigma1(w[3]);
  w[6] += sha256_sigma0(w[7]) + sha256_sigma1(w[4]) + bits;
  w[7] += sha256_sigma0(w[8]) + sha256_sigma1(w[5]) + w[0];
  SHA256_8_ROUNDS(s, MERKLE_KW, 16);
  w[8] += sha256_sigma1(w[6]) + w[1];
  w[9] = sha256_sigma1(w[7]) + w[2];
  w[10] = sha256_sigma1(w[8]) + w[3];
  w[11] = sha256_sigma1(w[9]) + w[4];
  w[12] = sha256_sigma1(w[10]) + w[5];
  w[13] = sha256_sigma1(w[11]) + w[6];
  w[14] = sha256_sigma1(w[12]) + w[7] + sha256_sigma0(splat(bits));
  w[15] = sha256_sigma1(w[13]) + w[8] + sha256_sigma0(w[0]) + bits;
  SHA256_8_ROUNDS(s, MERKLE_KW, 24);
  SHA256_ROUNDS_NEXT(s, 32, 64);
  sha256_feed_forward(state, s);
}

/// Compresses a block of one word, 14 of zeros, and `bits`.
SALUS_FN void merkle_compress_1_word(Sha256State* state, W word, u32 bits) {
  Sha256State s = *state;
  W w[16];
  SHA256_ROUND(s.a, s.b, s.c, s.d, s.e, s.f, s.g, s.h, word + kSha256Round[0]);
  SHA256_ROUND(s.h, s.a, s.b, s.c, s.d, s.e, s.f, s.g, MERKLE_K(1));
  SHA256_ROUND(s.g, s.h, s.a, s.b, s.c, s.d, s.e, s.f, MERKLE_K(2));
  SHA256_ROUND(s.f, s.g, s.h, s.a, s.b, s.c, s.d, s.e, MERKLE_K(3));
  SHA256_ROUND(s.e, s.f, s.g, s.h, s.a, s.b, s.c, s.d, MERKLE_K(4));
  SHA256_ROUND(s.d, s.e, s.f, s.g, s.h, s.a, s.b, s.c, MERKLE_K(5));
  SHA256_ROUND(s.c, s.d, s.e, s.f, s.g, s.h, s.a, s.b, MERKLE_K(6));
  SHA256_ROUND(s.b, s.c, s.d, s.e, s.f, s.g, s.h, s.a, MERKLE_K(7));
  SHA256_ROUND(s.a, s.b, s.c, s.d, s.e, s.f, s.g, s.h, MERKLE_K(8));
  SHA256_ROUND(s.h, s.a, s.b, s.c, s.d, s.e, s.f, s.g, MERKLE_K(9));
  SHA256_ROUND(s.g, s.h, s.a, s.b, s.c, s.d, s.e, s.f, MERKLE_K(10));
  SHA256_ROUND(s.f, s.g, s.h, s.a, s.b, s.c, s.d, s.e, MERKLE_K(11));
  SHA256_ROUND(s.e, s.f, s.g, s.h, s.a, s.b, s.c, s.d, MERKLE_K(12));
  SHA256_ROUND(s.d, s.e, s.f, s.g, s.h, s.a, s.b, s.c, MERKLE_K(13));
  SHA256_ROUND(s.c, s.d, s.e, s.f, s.g, s.h, s.a, s.b, MERKLE_K(14));
  SHA256_ROUND(s.b, s.c, s.d, s.e, s.f, s.g, s.h, s.a, bits + kSha256Round[15]);
  w[0] = word;
  w[1] = sha256_sigma1(splat(bits));
  w[2] = sha256_sigma1(w[0]);
  w[3] = sha256_sigma1(w[1]);
  w[4] = sha256_sigma1(w[2]);
  w[5] = sha256_sigma1(w[3]);
  w[6] = sha256_sigma1(w[4]) + bits;
  w[7] = sha256_sigma1(w[5]) + w[0];
  SHA256_8_ROUNDS(s, MERKLE_KW, 16);
  w[8] = sha256_sigma1(w[6]) + w[1];
  w[9] = sha256_sigma1(w[7]) + w[2];
  w[10] = sha256_sigma1(w[8]) + w[3];
  w[11] = sha256_sigma1(w[9]) + w[4];
  w[12] = sha256_sigma1(w[10]) + w[5];
  w[13] = sha256_sigma1(w[11]) + w[6];
  w[14] = sha256_sigma1(w[12]) + w[7] + sha256_sigma0(splat(bits));
  w[15] = sha256_sigma1(w[13]) + w[8] + sha256_sigma0(w[0]) + bits;
  SHA256_8_ROUNDS(s, MERKLE_KW, 24);
  SHA256_ROUNDS_NEXT(s, 32, 64);
  sha256_feed_forward(state, s);
}

/// Round constants plus the schedule of the block that pads a message of 64 bytes: 0x80000000, 14
/// zeros, 512 (FIPS 180-4, 5.1.1 and 6.2.2 step 1).
SALUS_CONSTANT u32 kMerklePadding64[64] = {
    0xc28a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf374,
    0x649b69c1, 0xf0fe4786, 0x0fe1edc6, 0x240cf254, 0x4fe9346f, 0x6cc984be, 0x61b9411e, 0x16f988fa,
    0xf2c65152, 0xa88e5a6d, 0xb019fc65, 0xb9d99ec7, 0x9a1231c3, 0xe70eeaa0, 0xfdb1232b, 0xc7353eb0,
    0x3069bad5, 0xcb976d5f, 0x5a0f118f, 0xdc1eeefd, 0x0a35b689, 0xde0b7a04, 0x58f4ca9d, 0xe15d5b16,
    0x007f3e86, 0x37088980, 0xa507ea32, 0x6fab9537, 0x17406110, 0x0d8cd6f1, 0xcdaa3b6d, 0xc0bbbe37,
    0x83613bda, 0xdb48a363, 0x0b02e931, 0x6fd15ca7, 0x521afaca, 0x31338431, 0x6ed41a95, 0x6d437890,
    0xc39c91f2, 0x9eccabbd, 0xb5c9a0e6, 0x532fb63c, 0xd2c741c6, 0x07237ea3, 0xa4954b68, 0x4c191d76};

/// Compresses the block that pads a message of 64 bytes.
SALUS_FN void merkle_compress_padding_64(Sha256State* state) {
  Sha256State s = *state;
#define MERKLE_KW_PADDING(i) kMerklePadding64[base + (i)]
  SALUS_REPEAT(base, 0, 64, 16) {
    SHA256_8_ROUNDS(s, MERKLE_KW_PADDING, 0);
    SHA256_8_ROUNDS(s, MERKLE_KW_PADDING, 8);
  }
#undef MERKLE_KW_PADDING
  sha256_feed_forward(state, s);
}

#undef MERKLE_KW
#undef MERKLE_K

/// Leaf hash of a 32-byte entry: SHA-256(0x00 || entry). `in` is the entry as 8 big-endian words.
SALUS_FN Sha256State merkle_leaf32(const W in[8]) {
  Sha256State s = sha256_initial();
  W w[16];
  w[0] = in[0] >> 8;
  w[1] = (in[0] << 24) | (in[1] >> 8);
  w[2] = (in[1] << 24) | (in[2] >> 8);
  w[3] = (in[2] << 24) | (in[3] >> 8);
  w[4] = (in[3] << 24) | (in[4] >> 8);
  w[5] = (in[4] << 24) | (in[5] >> 8);
  w[6] = (in[5] << 24) | (in[6] >> 8);
  w[7] = (in[6] << 24) | (in[7] >> 8);
  w[8] = (in[7] << 24) | 0x00800000u;
  merkle_compress_9_words(&s, w, 33u * 8u);
  return s;
}

/// Interior node: SHA-256(0x01 || left || right). `in` is left then right, 16 big-endian words.
/// First block; the second takes the state and `last`, its only word that is not known.
SALUS_FN Sha256State merkle_node_rfc9162_begin(const W in[16], W* last) {
  Sha256State s = sha256_initial();
  W w[16];
  w[0] = (in[0] >> 8) | 0x01000000u;
  w[1] = (in[0] << 24) | (in[1] >> 8);
  w[2] = (in[1] << 24) | (in[2] >> 8);
  w[3] = (in[2] << 24) | (in[3] >> 8);
  w[4] = (in[3] << 24) | (in[4] >> 8);
  w[5] = (in[4] << 24) | (in[5] >> 8);
  w[6] = (in[5] << 24) | (in[6] >> 8);
  w[7] = (in[6] << 24) | (in[7] >> 8);
  w[8] = (in[7] << 24) | (in[8] >> 8);
  w[9] = (in[8] << 24) | (in[9] >> 8);
  w[10] = (in[9] << 24) | (in[10] >> 8);
  w[11] = (in[10] << 24) | (in[11] >> 8);
  w[12] = (in[11] << 24) | (in[12] >> 8);
  w[13] = (in[12] << 24) | (in[13] >> 8);
  w[14] = (in[13] << 24) | (in[14] >> 8);
  w[15] = (in[14] << 24) | (in[15] >> 8);
  *last = (in[15] << 24) | 0x00800000u;
  sha256_compress(&s, w);
  return s;
}

SALUS_FN void merkle_node_rfc9162_end(Sha256State* state, W last) {
  merkle_compress_1_word(state, last, 65u * 8u);
}

SALUS_FN Sha256State merkle_node_rfc9162(const W in[16]) {
  W last;
  Sha256State s = merkle_node_rfc9162_begin(in, &last);
  merkle_node_rfc9162_end(&s, last);
  return s;
}

/// Bitcoin's interior node: SHA-256d(left || right), left and right in internal byte order. The
/// first hash; nothing is carried in `last`.
SALUS_FN Sha256State merkle_node_bitcoin_begin(const W in[16], W* last) {
  Sha256State s = sha256_initial();
  W w[16];
  w[0] = in[0], w[1] = in[1], w[2] = in[2], w[3] = in[3];
  w[4] = in[4], w[5] = in[5], w[6] = in[6], w[7] = in[7];
  w[8] = in[8], w[9] = in[9], w[10] = in[10], w[11] = in[11];
  w[12] = in[12], w[13] = in[13], w[14] = in[14], w[15] = in[15];
  *last = splat(0u);
  sha256_compress(&s, w);
  merkle_compress_padding_64(&s);
  return s;
}

SALUS_FN void merkle_node_bitcoin_end(Sha256State* state, W last) {
  W w[16];
  (void)last;
  w[0] = state->a, w[1] = state->b, w[2] = state->c, w[3] = state->d;
  w[4] = state->e, w[5] = state->f, w[6] = state->g, w[7] = state->h;
  w[8] = splat(0x80000000u);
  *state = sha256_initial();
  merkle_compress_9_words(state, w, 256u);
}

SALUS_FN Sha256State merkle_node_bitcoin(const W in[16]) {
  W last;
  Sha256State s = merkle_node_bitcoin_begin(in, &last);
  merkle_node_bitcoin_end(&s, last);
  return s;
}

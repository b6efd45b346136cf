// Merkle tree nodes (RFC 9162 section 2.1.1; Bitcoin's double-SHA-256 tree) on lane words.
#pragma once

#include "kernels/sha256.h"

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
  w[9] = w[10] = w[11] = w[12] = w[13] = w[14] = splat(0u);
  w[15] = splat(33u * 8u);
  sha256_compress(&s, w);
  return s;
}

/// Interior node: SHA-256(0x01 || left || right). `in` is left then right, 16 big-endian words.
SALUS_FN Sha256State merkle_node_rfc9162(const W in[16]) {
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
  sha256_compress(&s, w);
  w[0] = (in[15] << 24) | 0x00800000u;
  w[1] = w[2] = w[3] = w[4] = w[5] = w[6] = w[7] = splat(0u);
  w[8] = w[9] = w[10] = w[11] = w[12] = w[13] = w[14] = splat(0u);
  w[15] = splat(65u * 8u);
  sha256_compress(&s, w);
  return s;
}

/// Bitcoin's interior node: SHA-256d(left || right), left and right in internal byte order.
SALUS_FN Sha256State merkle_node_bitcoin(const W in[16]) {
  Sha256State s = sha256_initial();
  W w[16];
  w[0] = in[0], w[1] = in[1], w[2] = in[2], w[3] = in[3];
  w[4] = in[4], w[5] = in[5], w[6] = in[6], w[7] = in[7];
  w[8] = in[8], w[9] = in[9], w[10] = in[10], w[11] = in[11];
  w[12] = in[12], w[13] = in[13], w[14] = in[14], w[15] = in[15];
  sha256_compress(&s, w);
  w[0] = splat(0x80000000u);
  w[1] = w[2] = w[3] = w[4] = w[5] = w[6] = w[7] = splat(0u);
  w[8] = w[9] = w[10] = w[11] = w[12] = w[13] = w[14] = splat(0u);
  w[15] = splat(64u * 8u);
  sha256_compress(&s, w);
  w[0] = s.a, w[1] = s.b, w[2] = s.c, w[3] = s.d, w[4] = s.e, w[5] = s.f, w[6] = s.g, w[7] = s.h;
  w[8] = splat(0x80000000u);
  w[9] = w[10] = w[11] = w[12] = w[13] = w[14] = splat(0u);
  w[15] = splat(256u);
  s = sha256_initial();
  sha256_compress(&s, w);
  return s;
}

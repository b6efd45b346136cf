// Ed25519's challenge, k = SHA-512(R || A || M) mod L, one item a work-item.
#pragma once

#include "kernels/gpu/lanes64.h"
#include "kernels/gpu/scalar25519.h"
#include "kernels/gpu/signature_batch.h"
#include "kernels/sha512.h"

/// Bytes of R and A, which stand in front of the message.
#define CHALLENGE_HEADER 64

/// Two big-endian words of 16 bytes.
SALUS_FN void load_words(SALUS_GLOBAL const u32* from, u64 w[2]) {
  const Quad quad = load_quad(from);
  w[0] = (u64)bswap(quad.x) << 32 | bswap(quad.y);
  w[1] = (u64)bswap(quad.z) << 32 | bswap(quad.w);
}

/// The word at place `i` of a block of which the message still fills `left` bytes (negative once
/// its end lies in an earlier block): bytes past the end cleared, the end bit set.
SALUS_FN u64 end_message(u64 word, int i, int left) {
  const int bytes = left - 8 * i;
  if (bytes >= 8) return word;
  if (bytes < 0) return 0;
  const u64 end = (u64)0x80 << 56 >> 8 * bytes;
  return (word & ~(2 * end - 1)) | end;
}

/// Block `index` of R || A || M || padding. Nothing is read at or past the next multiple of 16
/// after the message's end.
SALUS_FN void load_challenge_block(SALUS_GLOBAL const u32* r, SALUS_GLOBAL const u32* key,
                                   SALUS_GLOBAL const u32* message, int size, int index,
                                   u64 w[16]) {
  const int begin = 128 * index - CHALLENGE_HEADER;  // in the message
  SALUS_UNROLL
  for (int quad = 0; quad < 8; ++quad) {
    const int at = begin + 16 * quad;
    w[2 * quad] = w[2 * quad + 1] = 0;
    if (quad < 2 && at < 0)
      load_words(r + 4 * quad, w + 2 * quad);
    else if (quad < 4 && at < 0)
      load_words(key + 4 * (quad & 1), w + 2 * quad);
    else if (at < size)
      load_words(message + at / 4, w + 2 * quad);
  }
  if (size - begin >= 128) return;
  SALUS_UNROLL
  for (int i = 0; i < 16; ++i) w[i] = end_message(w[i], i, size - begin);
}

SALUS_FN U512 hash_challenge(SALUS_GLOBAL const u32* r, SALUS_GLOBAL const u32* key,
                             SALUS_GLOBAL const u32* message, int size) {
  const int total = CHALLENGE_HEADER + size;
  const int blocks = (total + 17 + 127) / 128;  // a bit and a length of 128 bits
  u64 state[8];
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) state[i] = kSha512Initial[i];
  SALUS_KEEP_LOOP
  for (int block = 0; block < blocks; ++block) {
    u64 w[16];
    load_challenge_block(r, key, message, size, block, w);
    if (block + 1 == blocks) w[15] = (u64)total * 8;
    sha512_compress(state, w);
  }
  U512 hash;
  SALUS_UNROLL
  for (int i = 0; i < 8; ++i) {
    hash.v[2 * i] = bswap((u32)(state[i] >> 32));
    hash.v[2 * i + 1] = bswap((u32)state[i]);
  }
  return hash;
}

/// Writes the item's scalars k and S, each with its half windows of `offsets` added, so that digits
/// can be read one by one.
SALUS_FN void write_scalars(U256 k, U256 s, SALUS_GLOBAL const u32* offsets,
                            SALUS_GLOBAL u32* scalars) {
  U256 sum;
  u256_add(&sum, k, u256_load(offsets));
  u256_store(sum, scalars);
  u256_add(&sum, s, u256_load(offsets + 8));
  u256_store(sum, scalars + 8);
}

/// The whole work of item `i`. `arena` is 16-byte aligned and readable up to a multiple of 16
/// behind every message.
SALUS_FN void challenge_item(u32 i, SALUS_GLOBAL const SignatureSlot* slots,
                             SALUS_GLOBAL const u32* keys, SALUS_GLOBAL const u32* signatures,
                             SALUS_GLOBAL const u32* arena, SALUS_GLOBAL const u32* offsets,
                             SALUS_GLOBAL u32* scalars) {
  SALUS_GLOBAL const u32* const signature = signatures + (u64)16 * i;
  SALUS_GLOBAL const u32* const message = arena + (u64)4 * slots[i].message_at;
  const u32 size = slots[i].message_bytes;
  U256 k;
  if (size == SALUS_HASHED)
    k = u256_load(message);
  else
    k = scalar_reduce(hash_challenge(signature, keys + (u64)8 * i, message, (int)size));
  write_scalars(k, u256_load(signature + 8), offsets, scalars + (u64)SALUS_SCALAR_WORDS * i);
}

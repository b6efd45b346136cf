// The hash that ECDSA signs, SHA-256 of the message, one item a work-item.
#pragma once

#include "kernels/gpu/scalarp256.h"
#include "kernels/gpu/signature_batch.h"
#include "kernels/sha256.h"

/// The word at place `i` of a block of which the message still fills `left` bytes (negative once
/// its end lies in an earlier block): bytes past the end cleared, the end bit set.
SALUS_FN u32 end_message(u32 word, int i, int left) {
  const int bytes = left - 4 * i;
  if (bytes >= 4) return word;
  if (bytes < 0) return 0;
  const u32 end = 0x80000000u >> 8 * bytes;
  return (word & ~(2 * end - 1)) | end;
}

/// Nothing is read at or past the next multiple of 16 after the message's end.
SALUS_FN void load_message_block(SALUS_GLOBAL const u32* message, int size, int index, u32 w[16]) {
  const int begin = 64 * index;
  SALUS_UNROLL
  for (int i = 0; i < 4; ++i) {
    Quad quad;
    quad.x = quad.y = quad.z = quad.w = 0;
    if (begin + 16 * i < size) quad = load_quad(message + begin / 4 + 4 * i);
    w[4 * i] = bswap(quad.x);
    w[4 * i + 1] = bswap(quad.y);
    w[4 * i + 2] = bswap(quad.z);
    w[4 * i + 3] = bswap(quad.w);
  }
  if (size - begin >= 64) return;
  SALUS_UNROLL
  for (int i = 0; i < 16; ++i) w[i] = end_message(w[i], i, size - begin);
}

/// The hash as a number.
SALUS_FN U256 hash_message(SALUS_GLOBAL const u32* message, int size) {
  const int blocks = (size + 9 + 63) / 64;
  Sha256State s = sha256_initial();
  SALUS_KEEP_LOOP
  for (int block = 0; block < blocks; ++block) {
    u32 w[16];
    load_message_block(message, size, block, w);
    if (block + 1 == blocks) w[15] = (u32)size * 8;  // below 2^32: messages have 16 MiB at most
    sha256_compress(&s, w);
  }
  U256 r;
  r.v[7] = s.a, r.v[6] = s.b, r.v[5] = s.c, r.v[4] = s.d;
  r.v[3] = s.e, r.v[2] = s.f, r.v[1] = s.g, r.v[0] = s.h;
  return r;
}

/// Writes e in the place of the item's first scalar.
SALUS_FN void hash_item(u32 i, SALUS_GLOBAL const SignatureSlot* slots,
                        SALUS_GLOBAL const u32* arena, SALUS_GLOBAL u32* scalars) {
  SALUS_GLOBAL const u32* const message = arena + (u64)4 * slots[i].message_at;
  const u32 size = slots[i].message_bytes;
  U256 e;
  if (size == SALUS_HASHED)
    e = load_big_endian(message);
  else
    e = hash_message(message, (int)size);
  u256_store(e, scalars + (u64)SALUS_SCALAR_WORDS * i);
}

// Entry points that hash messages and Merkle levels in the form that the including file chose: one
// message, or one node, a thread.
#pragma once

#include <cuda_runtime.h>

#include "kernels/cuda/entry_points.h"

namespace salus::kernels::cuda {
namespace {

#include "kernels/merkle.h"

#include "kernels/cuda/bytes.cuh"

/// Word `i` of a block of which the message still fills `left` bytes (negative once its end and the
/// bit behind it lie in an earlier block): bytes past the end cleared, the end bit set.
SALUS_FN W end_message(W word, int i, long long left) {
  const long long bytes = left - 4 * i;
  if (bytes >= 4) return word;
  if (bytes < 0) return varying(0);
  const u32 gone = 8 * static_cast<u32>(bytes);
  return (word & ~(0xffffffffu >> gone)) | (0x80000000u >> gone);
}

/// One block of the message at `from`, ended where it ends. Nothing is read at or past the next
/// multiple of 16 after the message's end.
SALUS_FN void load_block(const u8* from, long long left, W w[16]) {
#pragma unroll
  for (int quad = 0; quad < 4; ++quad) {
    W* const to = w + 4 * quad;
    if (left > 16 * quad)
      load_16_bytes(from + 16 * quad, to);
    else
      to[0] = to[1] = to[2] = to[3] = varying(0);
  }
  if (left < 64) {
#pragma unroll
    for (int i = 0; i < 16; ++i) w[i] = end_message(w[i], i, left);
  }
}

/// Puts one byte in front of a stream of blocks: `carry` is that byte at first, and after each
/// block its last byte, in the low bits.
SALUS_FN void shift_in_byte(W w[16], u32& carry) {
  const u32 last = word_bits(w[15]);
#pragma unroll
  for (int i = 15; i > 0; --i) w[i] = (w[i - 1] << 24) | (w[i] >> 8);
  w[0] = varying(carry << 24) | (w[0] >> 8);
  carry = last & 0xffu;
}

/// Said in each turn of a loop, because the compiler does not see that what the last turn left
/// varies.
SALUS_FN Sha256State varying_state(Sha256State s) {
  return Sha256State{varying(word_bits(s.a)), varying(word_bits(s.b)), varying(word_bits(s.c)),
                     varying(word_bits(s.d)), varying(word_bits(s.e)), varying(word_bits(s.f)),
                     varying(word_bits(s.g)), varying(word_bits(s.h))};
}

__global__ void hash_batch(const __grid_constant__ HashBatch batch) {
  const u32 i = thread_index();
  if (i >= batch.count) return;
  u64 length = batch.fixed_length;
  const u8* from = batch.data + i * batch.fixed_stride;
  if (batch.slots != nullptr) {
    length = batch.slots[i].length;
    from = batch.data + batch.slots[i].offset;
  }
  const u64 bits = 8 * (length + batch.has_prefix);
  const u64 blocks = (length + batch.has_prefix + 8) / 64 + 1;
  Sha256State s = sha256_initial();
  u32 carry = batch.prefix;
#pragma unroll 1
  for (u64 block = 0; block < blocks; ++block) {
    W w[16];
    s = varying_state(s);
    load_block(from + 64 * block, static_cast<long long>(length - 64 * block), w);
    if (batch.has_prefix != 0) shift_in_byte(w, carry);
    if (block + 1 == blocks) {
      w[14] = varying(static_cast<u32>(bits >> 32));
      w[15] = varying(static_cast<u32>(bits));
    }
    sha256_compress(&s, w);
  }
  store_digest(batch.out + 32 * static_cast<u64>(batch.out_index ? batch.out_index[i] : i), s);
}

__global__ void hash_leaves32(const u8* in, u8* out, u32 count) {
  const u32 i = thread_index();
  if (i >= count) return;
  W entry[8];
  load_16_bytes(in + 32ull * i, entry);
  load_16_bytes(in + 32ull * i + 16, entry + 4);
  store_digest(out + 32ull * i, merkle_leaf32(entry));
}

SALUS_FN void load_pair(const u8* left, const u8* right, W pair[16]) {
  load_16_bytes(left, pair);
  load_16_bytes(left + 16, pair + 4);
  load_16_bytes(right, pair + 8);
  load_16_bytes(right + 16, pair + 12);
}

/// An odd node rises as it is.
__global__ void reduce_rfc9162(const u8* in, u8* out, u32 count) {
  const u32 i = thread_index();
  if (i >= count / 2 + count % 2) return;
  const u8* const left = in + 64ull * i;
  u8* const node = out + 32ull * i;
  if (2 * i + 1 == count) {
    *reinterpret_cast<uint4*>(node) = *reinterpret_cast<const uint4*>(left);
    *reinterpret_cast<uint4*>(node + 16) = *reinterpret_cast<const uint4*>(left + 16);
    return;
  }
  W pair[16];
  load_pair(left, left + 32, pair);
  store_digest(node, merkle_node_rfc9162(pair));
}

/// An odd node is hashed with itself.
__global__ void reduce_bitcoin(const u8* in, u8* out, u32 count) {
  const u32 i = thread_index();
  if (i >= count / 2 + count % 2) return;
  const u8* const left = in + 64ull * i;
  W pair[16];
  load_pair(left, 2 * i + 1 == count ? left : left + 32, pair);
  store_digest(out + 32ull * i, merkle_node_bitcoin(pair));
}

constexpr HashEntries kHashEntries = {hash_batch, hash_leaves32, reduce_rfc9162, reduce_bitcoin};

}  // namespace
}  // namespace salus::kernels::cuda

// Loading and storing big-endian words, for kernels that see bytes. Included inside a namespace,
// behind kernels/sha256.h.
#pragma once

/// This thread's place in the grid; less than 2^32 by what the host launches.
SALUS_FN u32 thread_index() { return blockIdx.x * blockDim.x + threadIdx.x; }

/// Four words from 16 bytes at a multiple of 16.
SALUS_FN void load_16_bytes(const u8* from, W to[4]) {
  const uint4 quad = *reinterpret_cast<const uint4*>(from);
  to[0] = bswap(varying(quad.x));
  to[1] = bswap(varying(quad.y));
  to[2] = bswap(varying(quad.z));
  to[3] = bswap(varying(quad.w));
}

SALUS_FN void store_16_bytes(u8* to, W a, W b, W c, W d) {
  *reinterpret_cast<uint4*>(to) = make_uint4(word_bits(bswap(a)), word_bits(bswap(b)),
                                             word_bits(bswap(c)), word_bits(bswap(d)));
}

/// 32 bytes at a multiple of 16.
SALUS_FN void store_digest(u8* to, Sha256State s) {
  store_16_bytes(to, s.a, s.b, s.c, s.d);
  store_16_bytes(to + 16, s.e, s.f, s.g, s.h);
}

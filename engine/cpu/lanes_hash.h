// Multi-buffer SHA-256 on lanes. Included by a variant file inside its own namespace.
#pragma once

#include "kernels/sha256.h"

/// One 32-bit big-endian word from each of SALUS_LANES places.
SALUS_FN W gather_be32(const u8* const from[SALUS_LANES], std::size_t offset) {
  u32 words[SALUS_LANES];
  for (u32 lane = 0; lane < SALUS_LANES; ++lane)
    std::memcpy(&words[lane], from[lane] + offset, sizeof(u32));
  W out;
  std::memcpy(&out, words, sizeof out);
  return bswap(out);
}

/// CpuVariant::compress.
static void compress(StreamState* const states[], const std::uint8_t* const data[],
                     std::size_t count, std::size_t blocks) {
  const u8* from[SALUS_LANES];
  u32 words[8][SALUS_LANES];
  for (u32 lane = 0; lane < SALUS_LANES; ++lane) {
    const std::size_t stream = lane < count ? lane : 0;  // lanes to spare repeat the first stream
    from[lane] = data[stream];
    for (u32 i = 0; i < 8; ++i) words[i][lane] = states[stream]->words[i];
  }
  Sha256State s;
  std::memcpy(&s, words, sizeof s);
  for (std::size_t block = 0; block < blocks; ++block) {
    W w[16];
    for (u32 i = 0; i < 16; ++i) w[i] = gather_be32(from, 64 * block + 4 * i);
    sha256_compress(&s, w);
  }
  std::memcpy(words, &s, sizeof s);
  for (std::size_t lane = 0; lane < count; ++lane)
    for (u32 i = 0; i < 8; ++i) states[lane]->words[i] = words[i][lane];
}

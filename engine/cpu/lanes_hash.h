// Multi-buffer SHA-256 on lanes. Included by a variant file inside its own namespace.
#pragma once

#include "engine/cpu/lanes_io.h"
#include "kernels/sha256.h"

/// CpuVariant::compress.
static void compress(StreamState* const states[], const std::uint8_t* const data[],
                     std::size_t count, std::size_t blocks) {
  const u8* from[SALUS_LANES];
  const u8* before[SALUS_LANES];
  u8* after[SALUS_LANES];
  for (std::size_t lane = 0; lane < SALUS_LANES; ++lane) {
    const std::size_t stream = lane < count ? lane : 0;  // lanes to spare repeat the first stream
    from[lane] = data[stream];
    after[lane] = reinterpret_cast<u8*>(states[stream]->words);
    before[lane] = after[lane];
  }
  Sha256State s;
  load_quad(before, 0, s.a, s.b, s.c, s.d);
  load_quad(before, 16, s.e, s.f, s.g, s.h);
  for (std::size_t block = 0; block < blocks; ++block) {
    W w[16];
    load_block(from, 64 * block, w);
    sha256_compress(&s, w);
  }
  store_quad(s.a, s.b, s.c, s.d, after, 0, count);
  store_quad(s.e, s.f, s.g, s.h, after, 16, count);
}

// Multi-buffer SHA-256 on lanes. Included by a variant file inside its own namespace.
#pragma once

#include "engine/cpu/lanes_io.h"
#include "kernels/sha256.h"

static void compress_full(StreamState* const states[], const u8* const data[], std::size_t blocks) {
  Sha256State s = load_state(states);
  for (std::size_t block = 0; block < blocks; ++block) {
    W w[16];
    load_block(data, 64 * block, w);
    sha256_compress(&s, w);
  }
  store_state(s, states);
}

/// CpuVariant::compress. Lanes to spare do what the first does.
static void compress(StreamState* const states[], const std::uint8_t* const data[],
                     std::size_t count, std::size_t blocks) {
  if (count == SALUS_LANES) return compress_full(states, data, blocks);
  StreamState* all_states[SALUS_LANES];
  const u8* all_data[SALUS_LANES];
  for (std::size_t lane = 0; lane < SALUS_LANES; ++lane) {
    all_states[lane] = states[0];
    all_data[lane] = data[0];
  }
  // NOLINTBEGIN(bugprone-sizeof-expression): it is pointers that are copied.
  std::memcpy(all_states, states, count * sizeof *states);
  std::memcpy(all_data, data, count * sizeof *data);
  // NOLINTEND(bugprone-sizeof-expression)
  compress_full(all_states, all_data, blocks);
}

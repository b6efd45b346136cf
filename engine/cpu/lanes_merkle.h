// Merkle leaves and nodes on lanes. Included by a variant file inside its own namespace, after
// lanes_hash.h.
#pragma once

#include "kernels/merkle.h"

/// The places of SALUS_LANES records of `size` bytes, of which only `count` exist: the rest repeat
/// the first.
SALUS_FN void record_places(const u8* records, std::size_t size, std::size_t count,
                            const u8* out[SALUS_LANES]) {
  for (std::size_t lane = 0; lane < SALUS_LANES; ++lane)
    out[lane] = records + size * (lane < count ? lane : 0);
}

/// Writes the first `count` lanes as digests.
SALUS_FN void store_digests(const Sha256State* s, std::size_t count, u8* out) {
  u32 words[8][SALUS_LANES];
  std::memcpy(words, s, sizeof words);
  for (std::size_t lane = 0; lane < count && lane < SALUS_LANES; ++lane) {
    for (u32 i = 0; i < 8; ++i) {
      const u32 word = __builtin_bswap32(words[i][lane]);
      std::memcpy(out + 32 * lane + 4 * i, &word, sizeof word);
    }
  }
}

/// CpuVariant::leaves32.
static void leaves32(const std::uint8_t* entries, std::size_t count, Digest* out) {
  u8* to = reinterpret_cast<u8*>(out);
  for (std::size_t first = 0; first < count; first += SALUS_LANES) {
    const u8* from[SALUS_LANES];
    record_places(entries + 32 * first, 32, count - first, from);
    W in[8];
    for (u32 i = 0; i < 8; ++i) in[i] = gather_be32(from, 4 * i);
    const Sha256State s = merkle_leaf32(in);
    store_digests(&s, count - first, to + 32 * first);
  }
}

/// CpuVariant::nodes.
static void nodes(TreeKind kind, const Digest* children, std::size_t pairs, Digest* out) {
  const u8* records = reinterpret_cast<const u8*>(children);
  u8* to = reinterpret_cast<u8*>(out);
  for (std::size_t first = 0; first < pairs; first += SALUS_LANES) {
    const u8* from[SALUS_LANES];
    record_places(records + 64 * first, 64, pairs - first, from);
    W in[16];
    for (u32 i = 0; i < 16; ++i) in[i] = gather_be32(from, 4 * i);
    const Sha256State s =
        kind == TreeKind::rfc9162 ? merkle_node_rfc9162(in) : merkle_node_bitcoin(in);
    store_digests(&s, pairs - first, to + 32 * first);
  }
}

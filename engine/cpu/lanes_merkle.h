// Merkle leaves and nodes on lanes. Included by a variant file inside its own namespace.
#pragma once

#include "engine/cpu/lanes_io.h"
#include "kernels/merkle.h"

/// The places of SALUS_LANES records of `size` bytes, of which only `count` exist: the rest repeat
/// the first.
SALUS_FN void record_places(const u8* records, std::size_t size, std::size_t count,
                            const u8* out[SALUS_LANES]) {
  for (std::size_t lane = 0; lane < SALUS_LANES; ++lane)
    out[lane] = records + size * (lane < count ? lane : 0);
}

/// Writes the first `count` lanes as digests, one after the other. The rest are like the first.
SALUS_FN void store_digests(const Sha256State* s, std::size_t count, u8* out) {
  u8* to[SALUS_LANES];
  for (std::size_t lane = 0; lane < SALUS_LANES; ++lane)
    to[lane] = out + 32 * (lane < count ? lane : 0);
  store_state(bswap_state(*s), to);
}

/// CpuVariant::leaves32.
static void leaves32(const std::uint8_t* entries, std::size_t count, Digest* out) {
  u8* to = reinterpret_cast<u8*>(out);
  for (std::size_t first = 0; first < count; first += SALUS_LANES) {
    const u8* from[SALUS_LANES];
    record_places(entries + 32 * first, 32, count - first, from);
    const Sha256State entry = bswap_state(load_state(from));
    const W in[8] = {entry.a, entry.b, entry.c, entry.d, entry.e, entry.f, entry.g, entry.h};
    const Sha256State s = merkle_leaf32(in);
    store_digests(&s, count - first, to + 32 * first);
  }
}

/// CpuVariant::nodes for one kind of tree. Each half of a node's work is done for a few groups in a
/// row: the code of both together does not stay in the cache of decoded instructions. A parent is
/// written only after the children that lie in its place were read, so `out` may be `children`.
template <Sha256State (*begin)(const W*, W*), void (*end)(Sha256State*, W)>
static void nodes_of(const u8* children, std::size_t pairs, u8* out) {
  constexpr std::size_t kGroups = 8;
  Sha256State states[kGroups];
  W last[kGroups];
  for (std::size_t done = 0; done < pairs; done += kGroups * SALUS_LANES) {
    std::size_t groups = 0;
    for (std::size_t at = done; at < pairs && groups < kGroups; at += SALUS_LANES) {
      const u8* from[SALUS_LANES];
      record_places(children + 64 * at, 64, pairs - at, from);
      W in[16];
      load_block(from, 0, in);
      states[groups] = begin(in, &last[groups]);
      ++groups;
    }
    for (std::size_t group = 0; group < groups; ++group) {
      Sha256State s = states[group];
      end(&s, last[group]);
      const std::size_t at = done + group * SALUS_LANES;
      store_digests(&s, pairs - at, out + 32 * at);
    }
  }
}

/// CpuVariant::nodes.
static void nodes(TreeKind kind, const Digest* children, std::size_t pairs, Digest* out) {
  const u8* from = reinterpret_cast<const u8*>(children);
  u8* to = reinterpret_cast<u8*>(out);
  if (kind == TreeKind::rfc9162)
    nodes_of<merkle_node_rfc9162_begin, merkle_node_rfc9162_end>(from, pairs, to);
  else
    nodes_of<merkle_node_bitcoin_begin, merkle_node_bitcoin_end>(from, pairs, to);
}

// Entry points of Merkle trees for OpenCL. The arithmetic is kernels/merkle.h.
//
// Every lane makes one digest. Buffers are longer than their contents by SALUS_TREE_PADDING bytes, so
// that the last work-item's idle lanes may read past the end; what they compute is not stored.
#include "kernels/merkle.h"
#include "kernels/opencl/lanes.h"

#define STORES(lane) (first + (lane) < count)
#define DIGEST_OF_LANE(lane) (first + (lane))

/// out[i] = SHA-256(0x00 || 32-byte entry i).
SALUS_KERNEL leaves32(__global const u32* entries, __global u32* out, u32 count) {
  const u32 first = (u32)get_global_id(0) * SALUS_LANES;
  if (first >= count) return;
  W w[8];
#define WORD_OF_LANE(lane) (8 * (size_t)(first + (lane)))
  LANES_LOAD(w, 8, entries, WORD_OF_LANE);
#undef WORD_OF_LANE
  const Sha256State s = merkle_leaf32(w);
  LANES_STORE_DIGESTS(s, out, STORES, DIGEST_OF_LANE);
}

#define WORD_OF_LANE(lane) (16 * (size_t)(first + (lane)))

/// out[i] = node over children 2i and 2i + 1, as RFC 9162 hashes them.
SALUS_KERNEL nodes_rfc9162(__global const u32* children, __global u32* out, u32 count) {
  const u32 first = (u32)get_global_id(0) * SALUS_LANES;
  if (first >= count) return;
  W w[16];
  LANES_LOAD(w, 16, children, WORD_OF_LANE);
  const Sha256State s = merkle_node_rfc9162(w);
  LANES_STORE_DIGESTS(s, out, STORES, DIGEST_OF_LANE);
}

/// The same as Bitcoin hashes them.
SALUS_KERNEL nodes_bitcoin(__global const u32* children, __global u32* out, u32 count) {
  const u32 first = (u32)get_global_id(0) * SALUS_LANES;
  if (first >= count) return;
  W w[16];
  LANES_LOAD(w, 16, children, WORD_OF_LANE);
  const Sha256State s = merkle_node_bitcoin(w);
  LANES_STORE_DIGESTS(s, out, STORES, DIGEST_OF_LANE);
}

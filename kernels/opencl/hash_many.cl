// Entry point of bulk hashing for OpenCL. The arithmetic is kernels/sha256.h.
#include "kernels/sha256.h"
#include "kernels/opencl/lanes.h"

/// What a lane works on; engine/opencl/hasher.cpp writes it. Its 64-byte blocks, padded as SHA-256
/// has it, and the digest that they end in.
typedef struct {
  u32 first_block, blocks, slot;
} Stream;

/// Compresses `blocks` blocks of each stream and stores the states as digests. With `resume` the
/// streams go on from the digests stored before, else from the beginning. `streams` is filled up to
/// a multiple of SALUS_LANES with streams of no blocks, whose slot may be written.
SALUS_KERNEL compress_streams(__global const u32* data, __global const Stream* streams,
                               __global u32* digests, u32 groups, u32 resume) {
  if (get_global_id(0) >= groups) return;
  __global const Stream* mine = streams + get_global_id(0) * SALUS_LANES;
#define DIGEST_OF_LANE(lane) (mine[lane].slot)
#define WORD_OF_DIGEST(lane) (8 * (size_t)mine[lane].slot)
#define STORES(lane) true
  u32 counts[SALUS_LANES];
  u32 most = 0;
#pragma unroll
  for (u32 lane = 0; lane < SALUS_LANES; ++lane) {
    counts[lane] = mine[lane].blocks;
    most = max(most, counts[lane]);
  }
  const W blocks = load_row(counts);

  Sha256State s = sha256_initial();
  if (resume != 0u) {
    W w[8];
    LANES_LOAD(w, 8, digests, WORD_OF_DIGEST);
    s.a = w[0], s.b = w[1], s.c = w[2], s.d = w[3];
    s.e = w[4], s.f = w[5], s.g = w[6], s.h = w[7];
  }
  for (u32 block = 0; block < most; ++block) {
    // A lane that is done reads its first block again and keeps its state.
#define WORD_OF_BLOCK(lane) \
  (16 * ((size_t)mine[lane].first_block + (block < counts[lane] ? block : 0u)))
    W w[16];
    LANES_LOAD(w, 16, data, WORD_OF_BLOCK);
    Sha256State next = s;
    sha256_compress(&next, w);
    s.a = select_lanes(splat(block) < blocks, next.a, s.a);
    s.b = select_lanes(splat(block) < blocks, next.b, s.b);
    s.c = select_lanes(splat(block) < blocks, next.c, s.c);
    s.d = select_lanes(splat(block) < blocks, next.d, s.d);
    s.e = select_lanes(splat(block) < blocks, next.e, s.e);
    s.f = select_lanes(splat(block) < blocks, next.f, s.f);
    s.g = select_lanes(splat(block) < blocks, next.g, s.g);
    s.h = select_lanes(splat(block) < blocks, next.h, s.h);
  }
  LANES_STORE_DIGESTS(s, digests, STORES, DIGEST_OF_LANE);
}

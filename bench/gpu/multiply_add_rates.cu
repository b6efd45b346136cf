// How fast the instruction is that products of large numbers are made of.
#include <cuda_runtime.h>

#include "bench/gpu/rate_kernels.h"

namespace salus::bench::gpu {
namespace {

#include "kernels/gpu/words.h"

constexpr unsigned kRounds = 8;
constexpr unsigned kWords = 16;

/// r[2 i], r[2 i + 1] += a[2 i] b for four i, each for itself: IMAD.WIDE, no carry.
SALUS_FN void add_products_apart(u32* r, const u32* a, u32 b) {
  SALUS_UNROLL
  for (int i = 0; i < 8; i += 2) {
    r[i] = mad_lo_cc(a[i], b, r[i]);
    r[i + 1] = madc_hi(a[i], b, r[i + 1]);
  }
}

/// The same with the carries from one to the next, as in a product of large numbers.
SALUS_FN void add_products_in_a_chain(u32* r, const u32* a, u32 b) {
  chain_add_products(r, a, b, 4);
}

/// Two rows of eight words, each of which is the other one's factors.
template <void (*AddProducts)(u32*, const u32*, u32)>
__global__ void __launch_bounds__(kBlock) multiply_add(u32* data, u32 turns) {
  u32* const own = data + u64{kWords} * (blockIdx.x * blockDim.x + threadIdx.x);
  u32 rows[2][8];
  SALUS_UNROLL
  for (unsigned i = 0; i < 8; ++i) {
    rows[0][i] = own[i];
    rows[1][i] = own[8 + i];
  }
  SALUS_KEEP_LOOP
  for (u32 turn = 0; turn < turns; ++turn) {
    SALUS_UNROLL
    for (unsigned round = 0; round < kRounds; ++round) {
      AddProducts(rows[0], rows[1], rows[1][1]);
      AddProducts(rows[1], rows[0], rows[0][1]);
    }
  }
  SALUS_UNROLL
  for (unsigned i = 0; i < 8; ++i) {
    own[i] = rows[0][i];
    own[8 + i] = rows[1][i];
  }
}

}  // namespace

RateKernel wide_multiply_adds() {
  return {"IMAD.WIDE", multiply_add<add_products_apart>, 8 * kRounds, kWords};
}

RateKernel wide_multiply_adds_with_carry() {
  return {"IMAD.WIDE with carry", multiply_add<add_products_in_a_chain>, 8 * kRounds, kWords};
}

}  // namespace salus::bench::gpu

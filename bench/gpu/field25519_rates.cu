// How fast the field of 2^255 - 19 is.
#include <cuda_runtime.h>

#include "bench/gpu/rate_kernels.h"

namespace salus::bench::gpu {
namespace {

#include "kernels/gpu/field25519.h"

constexpr int kBlocksPerSm = 4;  // as the kernels of signatures

#include "bench/gpu/field_kernels.cuh"

}  // namespace

FieldKernels field25519_kernels() {
  return {{"2^255 - 19, multiply", multiply, 1, 8}, {"2^255 - 19, square", square, 1, 8}};
}

}  // namespace salus::bench::gpu

// How fast the field of P-256 is.
#include <cuda_runtime.h>

#include "bench/gpu/rate_kernels.h"

namespace salus::bench::gpu {
namespace {

#include "kernels/gpu/fieldp256.h"

constexpr int kBlocksPerSm = 3;  // as the kernels of signatures

#include "bench/gpu/field_kernels.cuh"

}  // namespace

FieldKernels fieldp256_kernels() {
  return {{"P-256, multiply", multiply, 1, 8}, {"P-256, square", square, 1, 8}};
}

}  // namespace salus::bench::gpu

// What gpu_rates launches. Kernels write what they computed, so that nothing of it can be left out.
#pragma once

#include <cstdint>

namespace salus::bench::gpu {

/// Threads in a block of every kernel, the same as in kernels/cuda/ed25519.cu and p256.cu.
inline constexpr unsigned kBlock = 128;

/// A kernel whose threads each do `operations` of something in each of `turns`, on words that lie
/// at `data`, `words` of them a thread.
struct RateKernel {
  const char* name;
  void (*run)(std::uint32_t* data, std::uint32_t turns);
  unsigned operations;
  unsigned words;
};

/// 32 x 32 + 64 bits: one IMAD.WIDE each.
RateKernel wide_multiply_adds();
/// The same with a carry in and out, in chains of four as words_chains.h makes them.
RateKernel wide_multiply_adds_with_carry();

/// A field's multiplication and squaring, each on the result of the one before; one element a
/// thread.
struct FieldKernels {
  RateKernel multiply;
  RateKernel square;
};
FieldKernels field25519_kernels();
FieldKernels fieldp256_kernels();

}  // namespace salus::bench::gpu

// Ed25519: one item a thread. The arithmetic is kernels/gpu/.
#include <cuda_runtime.h>

#include "kernels/cuda/signature_entry_points.h"

namespace salus::kernels::cuda {
namespace {

#include "kernels/gpu/challenge_ed25519.h"
#include "kernels/gpu/verify_ed25519.h"

// Registers for these many threads: an SM has 65,536, and more of them hide no more latency of
// arithmetic that keeps a whole chain of carries in flight.
constexpr int kThreads = 128;
constexpr int kBlocksPerSm = 4;

/// This thread's place in the grid.
SALUS_FN u32 thread_index() { return blockIdx.x * blockDim.x + threadIdx.x; }

__global__ void __launch_bounds__(kThreads)
    challenge(const __grid_constant__ SignatureBatch batch, const u32* offsets) {
  const u32 i = thread_index();
  if (i >= batch.count) return;
  challenge_item(i, reinterpret_cast<const SignatureSlot*>(batch.arena), batch.keys,
                 batch.signatures, batch.arena, offsets, batch.scalars);
}

__global__ void __launch_bounds__(kThreads, kBlocksPerSm)
    sum_unknown(const __grid_constant__ SignatureBatch batch, const u32* base, u32* key_rows) {
  const u32 i = thread_index();
  if (i >= batch.count) return;
  u32* const table = key_rows + u64{SALUS_KEY_SCRATCH_WORDS} * i;
  sum_item(i, batch.keys, batch.scalars, base, table, batch.sums, batch.reasons);
}

__global__ void __launch_bounds__(kThreads, kBlocksPerSm)
    sum_registered(const __grid_constant__ SignatureBatch batch, const u32* base,
                   const __grid_constant__ KeyTables keys) {
  const u32 i = thread_index();
  if (i >= batch.count) return;
  sum_registered_item(i, reinterpret_cast<const SignatureSlot*>(batch.arena), batch.scalars, base,
                      keys.tables, keys.bits, batch.sums, batch.reasons);
}

__global__ void __launch_bounds__(kThreads, kBlocksPerSm)
    finish(const __grid_constant__ SignatureBatch batch, u32 step) {
  const u32 first = thread_index();
  if (first >= step || first >= batch.count) return;
  finish_items(first, step, batch.count, batch.signatures, batch.sums, batch.products,
               batch.reasons);
}

}  // namespace

Ed25519Entries ed25519_entries() { return {challenge, sum_unknown, sum_registered, finish}; }

}  // namespace salus::kernels::cuda

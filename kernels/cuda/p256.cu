// ECDSA over P-256: one item a thread. The arithmetic is kernels/gpu/.
#include <cuda_runtime.h>

#include "kernels/cuda/signature_entry_points.h"

namespace salus::kernels::cuda {
namespace {

#include "kernels/gpu/hash_p256.h"
#include "kernels/gpu/verify_p256.h"

// A Jacobian point and what an addition makes of it need more registers than Ed25519: 168 of them.
constexpr int kThreads = 128;
constexpr int kBlocksPerSm = 3;
constexpr int kRegisteredBlocksPerSm = 4;  // with affine points only, 128 of them are enough

/// This thread's place in the grid.
SALUS_FN u32 thread_index() { return blockIdx.x * blockDim.x + threadIdx.x; }

__global__ void __launch_bounds__(kThreads) hash(const __grid_constant__ SignatureBatch batch) {
  const u32 i = thread_index();
  if (i >= batch.count) return;
  hash_item(i, reinterpret_cast<const SignatureSlot*>(batch.arena), batch.arena, batch.scalars);
}

__global__ void __launch_bounds__(kThreads, kBlocksPerSm)
    scalars(const __grid_constant__ SignatureBatch batch, u32 step) {
  const u32 first = thread_index();
  if (first >= step || first >= batch.count) return;
  make_scalars(first, step, batch.count, batch.signatures, batch.scalars, batch.products,
               batch.sums);
}

__global__ void __launch_bounds__(kThreads, kBlocksPerSm)
    verify(const __grid_constant__ SignatureBatch batch, const u32* base, u32* key_rows) {
  const u32 i = thread_index();
  if (i >= batch.count) return;
  verify_item(i, batch.keys, batch.signatures, batch.scalars, batch.sums, base,
              key_rows + u64{SALUS_KEY_SCRATCH_WORDS} * i, batch.reasons);
}

__global__ void __launch_bounds__(kThreads, kRegisteredBlocksPerSm)
    verify_registered(const __grid_constant__ SignatureBatch batch, const u32* base,
                      const __grid_constant__ KeyTables keys) {
  const u32 i = thread_index();
  if (i >= batch.count) return;
  verify_registered_item(i, reinterpret_cast<const SignatureSlot*>(batch.arena), batch.signatures,
                         batch.scalars, batch.sums, base, keys.tables, keys.bits, batch.reasons);
}

// Rarely has anything to do, and needs all the registers that there are.
__global__ void __launch_bounds__(kThreads)
    verify_open(const __grid_constant__ SignatureBatch batch) {
  const u32 i = thread_index();
  if (i >= batch.count) return;
  verify_open_item(i, batch.keys, batch.signatures, batch.scalars, batch.sums, batch.reasons);
}

}  // namespace

P256Entries p256_entries() { return {hash, scalars, verify, verify_registered, verify_open}; }

}  // namespace salus::kernels::cuda

// P-256's scalars for OpenCL. The arithmetic is kernels/gpu/, the arena's layout
// engine/signature/device/batch.h; where its parts begin is given in units of 16 bytes.
#include "kernels/gpu/verify_p256.h"
#include "kernels/opencl/work_item.h"

/// The scalars of every `step`-th item a work-item.
SALUS_KERNEL scalars(u32 count, u32 step, __global const u32* arena, u32 signatures,
                     __global u32* numbers, __global u32* products, __global u32* signs) {
  const u32 first = (u32)get_global_id(0);
  if (first >= step || first >= count) return;
  make_scalars(first, step, count, arena + (size_t)4 * signatures, numbers, products, signs);
}

// The end of Ed25519's verification for OpenCL. The arithmetic is kernels/gpu/, the arena's layout
// engine/signature/device/batch.h; where its parts begin is given in units of 16 bytes.
#include "kernels/gpu/verify_ed25519.h"
#include "kernels/opencl/work_item.h"

/// The verdicts of every `step`-th item a work-item.
SALUS_KERNEL finish(u32 count, u32 step, __global const u32* arena, u32 signatures,
                    __global const u32* sums, __global u32* products, __global u8* reasons) {
  const u32 first = (u32)get_global_id(0);
  if (first >= step || first >= count) return;
  finish_items(first, step, count, arena + (size_t)4 * signatures, sums, products, reasons);
}

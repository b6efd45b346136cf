// The sums of Ed25519's equation for any key for OpenCL. The arithmetic is kernels/gpu/, the arena's layout
// engine/signature/device/batch.h; where its parts begin is given in units of 16 bytes.
#include "kernels/gpu/verify_ed25519.h"
#include "kernels/opencl/work_item.h"

/// One sum a work-item, for any key.
SALUS_KERNEL sum_unknown(u32 count, __global const u32* arena, u32 keys,
                         __global const u32* scalars, __global const u32* base,
                         __global u32* tables, __global u32* sums, __global u8* reasons) {
  const u32 i = (u32)get_global_id(0);
  if (i >= count) return;
  __global u32* const table = tables + (size_t)SALUS_KEY_SCRATCH_WORDS * i;
  sum_item(i, arena + (size_t)4 * keys, scalars, base, table, sums, reasons);
}

// The sums of Ed25519's equation for keys with tables for OpenCL. The arithmetic is kernels/gpu/, the arena's layout
// engine/signature/device/batch.h; where its parts begin is given in units of 16 bytes.
#include "kernels/gpu/verify_ed25519.h"
#include "kernels/opencl/work_item.h"

/// One sum a work-item, for keys with tables.
SALUS_KERNEL sum_registered(u32 count, __global const u32* arena, __global const u32* scalars,
                            __global const u32* base, __global const u32* tables, u32 bits,
                            __global u32* sums, __global u8* reasons) {
  const u32 i = (u32)get_global_id(0);
  if (i >= count) return;
  sum_registered_item(i, (__global const SignatureSlot*)arena, scalars, base, tables, bits, sums,
                      reasons);
}

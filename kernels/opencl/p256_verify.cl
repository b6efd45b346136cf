// P-256's equation for any key for OpenCL. The arithmetic is kernels/gpu/, the arena's layout
// engine/signature/device/batch.h; where its parts begin is given in units of 16 bytes.
#include "kernels/gpu/verify_p256.h"
#include "kernels/opencl/work_item.h"

/// One item a work-item; leaves open where an addition met an exception.
SALUS_KERNEL verify(u32 count, __global const u32* arena, u32 keys, u32 signatures,
                    __global const u32* scalars, __global const u32* signs,
                    __global const u32* base, __global u32* tables, __global u8* reasons) {
  const u32 i = (u32)get_global_id(0);
  if (i >= count) return;
  verify_item(i, arena + (size_t)4 * keys, arena + (size_t)4 * signatures, scalars, signs, base,
              tables + (size_t)SALUS_KEY_SCRATCH_WORDS * i, reasons);
}

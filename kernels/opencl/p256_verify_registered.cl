// P-256's equation for keys with tables for OpenCL. The arithmetic is kernels/gpu/, the arena's layout
// engine/signature/device/batch.h; where its parts begin is given in units of 16 bytes.
#include "kernels/gpu/verify_p256.h"
#include "kernels/opencl/work_item.h"

/// One item a work-item; leaves open where an addition met an exception.
SALUS_KERNEL verify_registered(u32 count, __global const u32* arena, u32 signatures,
                               __global const u32* scalars, __global const u32* signs,
                               __global const u32* base, __global const u32* tables, u32 bits,
                               __global u8* reasons) {
  const u32 i = (u32)get_global_id(0);
  if (i >= count) return;
  verify_registered_item(i, (__global const SignatureSlot*)arena, arena + (size_t)4 * signatures,
                         scalars, signs, base, tables, bits, reasons);
}

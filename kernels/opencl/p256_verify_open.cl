// P-256's equation where it is hard for OpenCL. The arithmetic is kernels/gpu/, the arena's layout
// engine/signature/device/batch.h; where its parts begin is given in units of 16 bytes.
#include "kernels/gpu/verify_p256.h"
#include "kernels/opencl/work_item.h"

/// One item a work-item, if it is still open.
SALUS_KERNEL verify_open(u32 count, __global const u32* arena, u32 keys, u32 signatures,
                         __global const u32* scalars, __global const u32* signs,
                         __global u8* reasons) {
  const u32 i = (u32)get_global_id(0);
  if (i >= count) return;
  verify_open_item(i, arena + (size_t)4 * keys, arena + (size_t)4 * signatures, scalars, signs,
                   reasons);
}

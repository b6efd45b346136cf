// The hashes that ECDSA signs for OpenCL. The arithmetic is kernels/gpu/, the arena's layout
// engine/signature/device/batch.h; where its parts begin is given in units of 16 bytes.
#include "kernels/gpu/hash_p256.h"
#include "kernels/opencl/work_item.h"

/// One hash a work-item.
SALUS_KERNEL hash(u32 count, __global const u32* arena, __global u32* scalars) {
  const u32 i = (u32)get_global_id(0);
  if (i < count) hash_item(i, (__global const SignatureSlot*)arena, arena, scalars);
}

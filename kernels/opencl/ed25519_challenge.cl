// Ed25519's challenges for OpenCL. The arithmetic is kernels/gpu/, the arena's layout
// engine/signature/device/batch.h; where its parts begin is given in units of 16 bytes.
#include "kernels/gpu/challenge_ed25519.h"
#include "kernels/opencl/work_item.h"

/// One challenge a work-item.
SALUS_KERNEL challenge(u32 count, __global const u32* arena, u32 keys, u32 signatures,
                       __global const u32* offsets, __global u32* scalars) {
  const u32 i = (u32)get_global_id(0);
  if (i >= count) return;
  challenge_item(i, (__global const SignatureSlot*)arena, arena + (size_t)4 * keys,
                 arena + (size_t)4 * signatures, arena, offsets, scalars);
}

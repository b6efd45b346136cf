// Kernels of one field. Included by field25519_rates.cu and fieldp256_rates.cu, inside a namespace
// of their own, after the field's header.

__global__ void __launch_bounds__(kBlock, kBlocksPerSm) multiply(u32* elements, u32 turns) {
  u32* const own = elements + u64{8} * (blockIdx.x * blockDim.x + threadIdx.x);
  Fe a = u256_load(own);
  const Fe b = a;
  SALUS_KEEP_LOOP
  for (u32 turn = 0; turn < turns; ++turn) a = fe_mul(a, b);
  u256_store(a, own);
}

__global__ void __launch_bounds__(kBlock, kBlocksPerSm) square(u32* elements, u32 turns) {
  u32* const own = elements + u64{8} * (blockIdx.x * blockDim.x + threadIdx.x);
  Fe a = u256_load(own);
  SALUS_KEEP_LOOP
  for (u32 turn = 0; turn < turns; ++turn) a = fe_square(a);
  u256_store(a, own);
}

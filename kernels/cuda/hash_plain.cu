// Hashing and Merkle levels, form 0 of kernels/platform_cuda.h.
#define SALUS_CUDA_FORM 0
#include "kernels/cuda/hash.cuh"

namespace salus::kernels::cuda {

HashEntries hash_entries_plain() { return kHashEntries; }

}  // namespace salus::kernels::cuda

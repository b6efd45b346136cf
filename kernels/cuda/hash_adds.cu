// Hashing and Merkle levels, form 1 of kernels/platform_cuda.h.
#define SALUS_CUDA_FORM 1
#include "kernels/cuda/hash.cuh"

namespace salus::kernels::cuda {

HashEntries hash_entries_adds() { return kHashEntries; }

}  // namespace salus::kernels::cuda

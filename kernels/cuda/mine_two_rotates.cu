// The header scan, form 3 of kernels/platform_cuda.h.
#define SALUS_CUDA_FORM 3
#include "kernels/cuda/mine.cuh"

namespace salus::kernels::cuda {

std::span<const MineEntry> mine_entries_two_rotates() { return kMineEntries; }

}  // namespace salus::kernels::cuda

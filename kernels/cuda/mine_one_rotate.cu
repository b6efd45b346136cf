// The header scan, form 2 of kernels/platform_cuda.h.
#define SALUS_CUDA_FORM 2
#include "kernels/cuda/mine.cuh"

namespace salus::kernels::cuda {

std::span<const MineEntry> mine_entries_one_rotate() { return kMineEntries; }

}  // namespace salus::kernels::cuda

// The header scan, form 1 of kernels/platform_cuda.h.
#define SALUS_CUDA_FORM 1
#include "kernels/cuda/mine.cuh"

namespace salus::kernels::cuda {

std::span<const MineEntry> mine_entries_adds() { return kMineEntries; }

}  // namespace salus::kernels::cuda

// The header scan, form 0 of kernels/platform_cuda.h.
#define SALUS_CUDA_FORM 0
#include "kernels/cuda/mine.cuh"

namespace salus::kernels::cuda {

std::span<const MineEntry> mine_entries_plain() { return kMineEntries; }

}  // namespace salus::kernels::cuda

// Kernel sources, written into the binary by cmake/EmbedKernels.cmake.
#pragma once

namespace salus::engine::opencl {

extern const char* const kMineSource;
extern const char* const kHashManySource;
extern const char* const kMerkleSource;

}  // namespace salus::engine::opencl

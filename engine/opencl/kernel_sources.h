// Kernel sources, written into the binary by cmake/EmbedKernels.cmake.
#pragma once

namespace salus::engine::opencl {

extern const char* const kMineSource;
extern const char* const kHashManySource;
extern const char* const kMerkleSource;
extern const char* const kEd25519ChallengeSource;
extern const char* const kEd25519SumSource;
extern const char* const kEd25519SumRegisteredSource;
extern const char* const kEd25519FinishSource;

}  // namespace salus::engine::opencl

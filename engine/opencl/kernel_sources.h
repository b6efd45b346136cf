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
extern const char* const kP256HashSource;
extern const char* const kP256ScalarsSource;
extern const char* const kP256VerifySource;
extern const char* const kP256VerifyRegisteredSource;
extern const char* const kP256VerifyOpenSource;

}  // namespace salus::engine::opencl

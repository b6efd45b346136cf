// Proof of the limb bounds that kernels/field25519.h states, with 32-bit multiplication.
#include <gtest/gtest.h>

#include "tests/engine/signature/interval.h"

namespace salus::avx2 {
namespace {
#define SALUS_LANES64 0
#define SALUS_FIELD25519_IFMA 0
#define SALUS_FIELD25519_AVX2 1
#define SALUS_BOUNDS_SUITE Field25519Avx2BoundsTest
#include "tests/engine/signature/field25519_bounds_body.h"
}  // namespace
}  // namespace salus::avx2

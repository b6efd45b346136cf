// Proof of the limb bounds that kernels/fieldp256.h states, with 64-bit multiplication.
#include <gtest/gtest.h>

#include "tests/engine/signature/signed_interval.h"

namespace salus::wide {
namespace {
#define SALUS_LANES64 0
#define SALUS_FIELDP256_IFMA 0
#define SALUS_BOUNDS_SUITE FieldP256WideBoundsTest
#include "tests/engine/signature/fieldp256_bounds_body.h"
}  // namespace
}  // namespace salus::wide

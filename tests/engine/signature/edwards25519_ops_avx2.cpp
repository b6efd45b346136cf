#include <immintrin.h>

#include <cstring>

#include "engine/cpu/cpu_info.h"
#include "engine/signature/cpu/ed25519_variant.h"
#include "tests/engine/signature/edwards25519_ops.h"

namespace salus::engine::signature {
namespace {
using namespace cpu;  // NOLINT: as kernels are included by variants
#define SALUS_LANES64 4
#include "tests/engine/signature/edwards25519_ops_body.h"
}  // namespace

constinit const Edwards25519Ops kEdwards25519Avx2Ops = {"avx2", SALUS_LANES64,
                                                        engine::cpu::cpu_has_avx2, straus, comb};

}  // namespace salus::engine::signature

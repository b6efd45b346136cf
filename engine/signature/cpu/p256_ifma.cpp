// AVX-512 IFMA: eight items side by side.
#include <immintrin.h>

#include <cstring>

#include "engine/cpu/cpu_info.h"
#include "engine/signature/cpu/p256_variant.h"

namespace salus::engine::signature::cpu {
namespace {
#define SALUS_LANES64 8
#include "kernels/comb_p256.h"
#include "kernels/verify_p256.h"
}  // namespace

constinit const P256Variant kP256Ifma = {
    "ifma",     SALUS_LANES64,    engine::cpu::cpu_has_avx512_ifma, scalars, decide,
    make_combs, decide_registered};

}  // namespace salus::engine::signature::cpu

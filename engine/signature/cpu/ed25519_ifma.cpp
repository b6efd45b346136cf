// AVX-512 IFMA: eight items side by side.
#include <immintrin.h>

#include <cstring>

#include "engine/cpu/cpu_info.h"
#include "engine/signature/cpu/ed25519_variant.h"

namespace salus::engine::signature::cpu {
namespace {
#define SALUS_LANES64 8
#include "kernels/challenge_ed25519.h"
#include "kernels/comb_ed25519.h"
#include "kernels/verify_ed25519.h"
}  // namespace

constinit const Ed25519Variant kEd25519Ifma = {
    "ifma",     SALUS_LANES64,    engine::cpu::cpu_has_avx512_ifma, challenges, decide,
    make_combs, decide_registered};

}  // namespace salus::engine::signature::cpu

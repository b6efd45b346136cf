// AVX2: four items side by side.
#include <immintrin.h>

#include <cstring>

#include "engine/cpu/cpu_info.h"
#include "engine/signature/cpu/ed25519_variant.h"

namespace salus::engine::signature::cpu {
namespace {
#define SALUS_LANES64 4
#include "kernels/challenge_ed25519.h"
#include "kernels/comb_ed25519.h"
#include "kernels/verify_ed25519.h"
}  // namespace

constinit const Ed25519Variant kEd25519Avx2 = {
    "avx2", SALUS_LANES64, engine::cpu::cpu_has_avx2, challenges,
    decide, make_combs,    decide_registered};

}  // namespace salus::engine::signature::cpu

// 64-bit integers: one item at a time, on any CPU.
#include <cstring>

#include "engine/cpu/cpu_info.h"
#include "engine/signature/cpu/p256_variant.h"

namespace salus::engine::signature::cpu {
namespace {
#define SALUS_LANES64 1
#include "kernels/comb_p256.h"
#include "kernels/verify_p256.h"
}  // namespace

void make_p256_base_comb(int bits, std::uint64_t* rows) {
  const Affine base = base_point();
  make_comb(&base, bits, &rows);
}

constinit const P256Variant kP256Portable = {
    "portable", SALUS_LANES64, engine::cpu::cpu_is_any, scalars,
    decide,     make_combs,    decide_registered};

}  // namespace salus::engine::signature::cpu

#include <cstring>

#include "engine/cpu/cpu_info.h"
#include "engine/signature/cpu/p256_variant.h"
#include "tests/engine/signature/groupp256_ops.h"

namespace salus::engine::signature {
namespace {
using namespace cpu;  // NOLINT: as kernels are included by variants
#define SALUS_LANES64 1
#include "tests/engine/signature/groupp256_ops_body.h"
}  // namespace

constinit const GroupP256Ops kGroupP256PortableOps = {
    "portable",   SALUS_LANES64,    engine::cpu::cpu_is_any, add_affine,     twice,
    add_complete, straus<Jacobian>, straus<Projective>,      comb<Jacobian>, comb<Projective>};

}  // namespace salus::engine::signature

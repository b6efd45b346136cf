#include <cstring>

#include "engine/cpu/cpu_info.h"
#include "tests/engine/signature/fieldp256_ops.h"

namespace salus::engine::signature {
namespace {
#define SALUS_LANES64 1
#include "tests/engine/signature/fieldp256_ops_body.h"
}  // namespace

constinit const FieldP256Ops kFieldP256PortableOps = {
    "portable", SALUS_LANES64, cpu::cpu_is_any, mul,         square,
    add,        subtract,      mul_difference,  square_less, negate,
    invert,     to_montgomery, from_montgomery, from_words,  is_equal};

}  // namespace salus::engine::signature

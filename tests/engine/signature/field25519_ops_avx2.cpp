#include <immintrin.h>

#include <cstring>

#include "engine/cpu/cpu_info.h"
#include "tests/engine/signature/field25519_ops.h"

namespace salus::engine::signature {
namespace {
#define SALUS_LANES64 4
#include "tests/engine/signature/field25519_ops_body.h"
}  // namespace

constinit const Field25519Ops kField25519Avx2Ops = {
    "avx2",   SALUS_LANES64, cpu::cpu_has_avx2, mul,        square, add,
    subtract, invert,        canonical,         from_words, reduce};

}  // namespace salus::engine::signature

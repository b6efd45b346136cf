// SSE2, which every x86-64 CPU has: 4 lanes.
#include <immintrin.h>

#include <cstring>

#include "engine/cpu/cpu_info.h"
#include "engine/cpu/variant.h"

namespace salus::engine::cpu {
namespace {
using kernels::MineParams;
#define SALUS_LANES 4
#include "engine/cpu/lanes_hash.h"
#include "engine/cpu/lanes_merkle.h"
#include "engine/cpu/lanes_mine.h"
}  // namespace

constinit const CpuVariant kSse2Variant = {"sse2",   SALUS_LANES, cpu_has_sse2, scan,
                                           compress, leaves32,    nodes};

}  // namespace salus::engine::cpu

// AVX2: 8 lanes.
#include <immintrin.h>

#include <cstring>

#include "engine/cpu/cpu_info.h"
#include "engine/cpu/variant.h"

namespace salus::engine::cpu {
namespace {
using kernels::MineParams;
#define SALUS_LANES 8
#include "engine/cpu/lanes_hash.h"
#include "engine/cpu/lanes_merkle.h"
#include "engine/cpu/lanes_mine.h"
}  // namespace

constinit const CpuVariant kAvx2Variant = {"avx2",   SALUS_LANES, cpu_has_avx2, scan,
                                           compress, leaves32,    nodes};

}  // namespace salus::engine::cpu

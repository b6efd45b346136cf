// AVX-512 (F, BW, VL): 16 lanes, with rotates and three-input logic in hardware.
#include <cstring>

#include "engine/cpu/cpu_info.h"
#include "engine/cpu/variant.h"

namespace salus::engine::cpu {
namespace {
using kernels::MineParams;
#define SALUS_LANES 16
#include "engine/cpu/lanes_hash.h"
#include "engine/cpu/lanes_merkle.h"
#include "engine/cpu/lanes_mine.h"
}  // namespace

constinit const CpuVariant kAvx512Variant = {"avx512", SALUS_LANES, cpu_has_avx512, scan,
                                             compress, leaves32,    nodes};

}  // namespace salus::engine::cpu

// Plain C++, one lane: runs anywhere.
#include <cstring>

#include "engine/cpu/cpu_info.h"
#include "engine/cpu/variant.h"

namespace salus::engine::cpu {
namespace {
using kernels::MineParams;
#define SALUS_LANES 1
#include "engine/cpu/lanes_hash.h"
#include "engine/cpu/lanes_merkle.h"
#include "engine/cpu/lanes_mine.h"
}  // namespace

constinit const CpuVariant kScalarVariant = {"scalar", SALUS_LANES, cpu_is_any, scan,
                                             compress, leaves32,    nodes};

}  // namespace salus::engine::cpu

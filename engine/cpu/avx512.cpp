// AVX-512 (F, BW, VL): 16 lanes, with rotates and three-input logic in hardware; two times 16 for
// hashing where there is enough to do.
#include <cstring>

#include "engine/cpu/avx512_wide.h"
#include "engine/cpu/cpu_info.h"
#include "engine/cpu/variant.h"

namespace salus::engine::cpu {
namespace {
#define SALUS_LANES 16
#include "engine/cpu/lanes_hash.h"
#include "engine/cpu/lanes_merkle.h"

void compress_wide(StreamState* const states[], const std::uint8_t* const data[], std::size_t count,
                   std::size_t blocks) {
  (count > SALUS_LANES ? avx512_wide::compress : compress)(states, data, count, blocks);
}

/// How many of `count` items go to the two-vector form: all but a rest that fits one vector.
std::size_t wide_share(std::size_t count) {
  const std::size_t rest = count % avx512_wide::kLanes;
  return rest > SALUS_LANES ? count : count - rest;
}

void leaves32_wide(const std::uint8_t* entries, std::size_t count, Digest* out) {
  const std::size_t wide = wide_share(count);
  avx512_wide::leaves32(entries, wide, out);
  leaves32(entries + 32 * wide, count - wide, out + wide);
}

void nodes_wide(TreeKind kind, const Digest* children, std::size_t pairs, Digest* out) {
  const std::size_t wide = wide_share(pairs);
  avx512_wide::nodes(kind, children, wide, out);
  nodes(kind, children + 2 * wide, pairs - wide, out + wide);
}
}  // namespace

constinit const CpuVariant kAvx512Variant = {"avx512",          avx512_wide::kLanes, cpu_has_avx512,
                                             avx512_wide::scan, compress_wide,       leaves32_wide,
                                             nodes_wide};

}  // namespace salus::engine::cpu

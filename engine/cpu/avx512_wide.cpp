#include "engine/cpu/avx512_wide.h"

#include <immintrin.h>

#include <cstring>

namespace salus::engine::cpu::avx512_wide {
namespace {
namespace lanes {
using kernels::MineParams;
#define SALUS_LANES 32
#include "engine/cpu/lanes_hash.h"
#include "engine/cpu/lanes_merkle.h"
#include "engine/cpu/lanes_mine.h"
static_assert(kLanes == SALUS_LANES);
}  // namespace lanes
}  // namespace

void scan(const kernels::MineParams& params, const ScanRange& range, std::vector<Candidate>& out) {
  lanes::scan(params, range, out);
}

void compress(StreamState* const states[], const std::uint8_t* const data[], std::size_t count,
              std::size_t blocks) {
  lanes::compress(states, data, count, blocks);
}

void leaves32(const std::uint8_t* entries, std::size_t count, Digest* out) {
  lanes::leaves32(entries, count, out);
}

void nodes(TreeKind kind, const Digest* children, std::size_t pairs, Digest* out) {
  lanes::nodes(kind, children, pairs, out);
}

}  // namespace salus::engine::cpu::avx512_wide

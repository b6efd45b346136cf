#include <array>

#include "engine/cpu/variant.h"

namespace salus::engine::cpu {

std::span<const CpuVariant* const> all_variants() {
#if defined(__x86_64__)
  static constexpr std::array<const CpuVariant*, 5> kAll = {
      &kAvx512Variant, &kShaNiVariant, &kAvx2Variant, &kSse2Variant, &kScalarVariant};
#else
  static constexpr std::array<const CpuVariant*, 1> kAll = {&kScalarVariant};
#endif
  return kAll;
}

void add_candidate(std::vector<Candidate>& out, std::uint32_t nonce, std::uint32_t version_index) {
  out.push_back({nonce, version_index});
}

}  // namespace salus::engine::cpu

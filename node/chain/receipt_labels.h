// Labels of receipts: proofs about trees, signed as COSE (RFC 9942, 4.1 and 5.2).
#pragma once

#include <cstdint>

namespace salus::node::labels {

inline constexpr std::uint64_t kReceipts = 394;
inline constexpr std::uint64_t kVds = 395;  ///< Which kind of tree,
inline constexpr std::uint64_t kRfc9162Sha256 = 1;
inline constexpr std::uint64_t kVdp = 396;  ///< and what is proved of it.
inline constexpr std::int64_t kInclusionProof = -1;

}  // namespace salus::node::labels

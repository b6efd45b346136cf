// Difficulty by ASERT (`aserti3-2d`): every block's target follows from one anchor block, its own
// height and its parent's time, so that no rounding adds up over a chain.
#pragma once

#include <cstdint>

#include "engine/pow/target.h"

namespace salus::pow {

/// A chain's constants.
struct AsertParams {
  Target limit;                      ///< The easiest target allowed.
  std::uint32_t spacing = 600;       ///< Seconds wanted between blocks; not zero.
  std::uint32_t half_life = 172800;  ///< Seconds behind schedule that double the target; not zero.
};

/// The block that the schedule starts from.
struct AsertAnchor {
  std::uint64_t height = 0;
  std::int64_t parent_time = 0;  ///< Time of the anchor's parent: seconds since 1970 UTC.
  std::uint32_t bits = 0;        ///< The anchor's own compact target.
};

/// Compact target of the block that follows the one at `height` (not below the anchor's) and
/// `time`. Throws `Error` (usage) when the anchor's bits are no target.
std::uint32_t asert_next_bits(const AsertParams& params, const AsertAnchor& anchor,
                              std::uint64_t height, std::int64_t time);

}  // namespace salus::pow

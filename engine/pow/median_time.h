// Median time past: the clock that a block's time must be ahead of.
#pragma once

#include <cstdint>
#include <span>

namespace salus::pow {

/// How many of the last blocks the median is taken over.
inline constexpr std::size_t kMedianTimeSpan = 11;

/// The median of the last `kMedianTimeSpan` times (of all, where there are fewer; the upper one of
/// the middle two of an even number). `times` are in chain order, the newest last; not empty.
std::uint32_t median_time_past(std::span<const std::uint32_t> times);

}  // namespace salus::pow

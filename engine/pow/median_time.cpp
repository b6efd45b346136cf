#include "engine/pow/median_time.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace salus::pow {

std::uint32_t median_time_past(std::span<const std::uint32_t> times) {
  assert(!times.empty());
  const auto recent = times.last(std::min(times.size(), kMedianTimeSpan));
  std::array<std::uint32_t, kMedianTimeSpan> sorted{};
  const auto end = std::copy(recent.begin(), recent.end(), sorted.begin());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(recent.size() / 2);
  std::nth_element(sorted.begin(), middle, end);
  return *middle;
}

}  // namespace salus::pow

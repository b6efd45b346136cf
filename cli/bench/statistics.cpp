#include "cli/bench/statistics.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace salus::cli::bench {

double percentile(std::span<const double> samples, double share) {
  assert(!samples.empty() && share >= 0 && share <= 1);
  std::vector<double> sorted(samples.begin(), samples.end());
  std::sort(sorted.begin(), sorted.end());
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], place - std::floor(place));
}

double median(std::span<const double> samples) { return percentile(samples, 0.5); }

double spread(std::span<const double> samples) {
  const double middle = median(samples);
  return middle == 0 ? 0 : (percentile(samples, 0.9) - percentile(samples, 0.1)) / 2 / middle;
}

}  // namespace salus::cli::bench

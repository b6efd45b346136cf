// What a series of samples says.
#pragma once

#include <span>
#include <vector>

namespace salus::cli::bench {

/// The value below which `share` (0 to 1) of the samples lie, by linear interpolation between the
/// two nearest ones (method 7 of Hyndman and Fan 1996). At least one sample.
double percentile(std::span<const double> samples, double share);

double median(std::span<const double> samples);

/// Half the distance from the 10th to the 90th percentile, as a share of the median.
double spread(std::span<const double> samples);

}  // namespace salus::cli::bench

// Timing: warm-up, calibration, then samples of about equal length.
#pragma once

#include <functional>
#include <stop_token>
#include <vector>

namespace salus::cli::bench {

/// Does about that much work and says how much it was.
using Work = std::function<double(double amount)>;

/// Rates (units a second) of samples taken for about `seconds` in all, at least three of them. What
/// runs before is not counted: one piece of work that wakes the device up, and as many as it takes
/// to find out how much work makes a sample. Throws `Cancelled` between samples when asked to stop.
std::vector<double> sample_rates(const Work& work, double seconds, const std::stop_token& stop);

}  // namespace salus::cli::bench

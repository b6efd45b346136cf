// How long things took, counted so that percentiles can be told at any time.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace salus::node {

/// Microseconds in classes whose width is an eighth of a power of two: percentiles are right within
/// 13 %. Any thread may add while others read.
class LatencyHistogram {
 public:
  void add(std::uint64_t microseconds, std::uint64_t times = 1) {
    counts_[class_of(microseconds)].fetch_add(times, std::memory_order_relaxed);
  }

  /// The time within which this share (0 to 1) of all was done, in seconds; 0 where there is none.
  [[nodiscard]] double percentile(double share) const {
    std::uint64_t total = 0;
    for (const auto& count : counts_) total += count.load(std::memory_order_relaxed);
    if (total == 0) return 0;
    const double wanted = share * static_cast<double>(total);
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < kClasses; ++i) {
      so_far += counts_[i].load(std::memory_order_relaxed);
      if (so_far != 0 && static_cast<double>(so_far) >= wanted) return upper_end(i) * 1e-6;
    }
    return upper_end(kClasses - 1) * 1e-6;
  }

 private:
  static constexpr unsigned kSubBits = 3;
  static constexpr std::size_t kSub = std::size_t{1} << kSubBits;
  static constexpr std::size_t kClasses = 40 * kSub;  // up to days

  static std::size_t class_of(std::uint64_t value) {
    if (value < kSub) return static_cast<std::size_t>(value);
    const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - 1 - kSubBits;
    const std::size_t index = (shift + 1) * kSub + ((value >> shift) & (kSub - 1));
    return index < kClasses ? index : kClasses - 1;
  }

  static double upper_end(std::size_t index) {
    if (index < kSub) return static_cast<double>(index);
    const std::size_t shift = index / kSub - 1;
    return static_cast<double>((kSub + index % kSub + 1) << shift);
  }

  std::array<std::atomic<std::uint64_t>, kClasses> counts_{};
};

}  // namespace salus::node

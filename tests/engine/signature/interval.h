// Lane words that are intervals: a kernel compiled on them computes what its values can be at most,
// and fails the test where a 64-bit word or a 52-bit factor could overflow.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

namespace salus::test {

using Wide = unsigned __int128;

/// All values from `low` to `high` that fit into `Bits` bits.
template <int Bits>
struct Interval {
  Wide low = 0;
  Wide high = 0;

  Interval() = default;
  Interval(Wide value) : low(value), high(value) {}  // NOLINT: constants mix with intervals
  Interval(Wide from, Wide to) : low(from), high(to) { check(); }
  template <int OtherBits>
  explicit Interval(Interval<OtherBits> other) : Interval(other.low, other.high) {}

  void check() const {
    EXPECT_LE(low, high);
    if constexpr (Bits < 128) {
      EXPECT_EQ(high >> Bits, Wide{0}) << "a word may overflow";
    }
  }

  friend Interval operator+(Interval a, Interval b) {
    EXPECT_GE(a.high + b.high, a.high) << "128 bits may overflow";
    return {a.low + b.low, a.high + b.high};
  }
  friend Interval operator-(Interval a, Interval b) {
    EXPECT_GE(a.low, b.high) << "a difference may be negative";
    return {a.low - b.high, a.high - b.low};
  }
  friend Interval operator*(Interval a, Interval b) {
    EXPECT_TRUE(a.high >> 64 == 0 && b.high >> 64 == 0);
    return {a.low * b.low, a.high * b.high};
  }
  friend Interval operator>>(Interval a, int n) { return {a.low >> n, a.high >> n}; }
  friend Interval operator<<(Interval a, int n) {
    EXPECT_EQ(a.high << n >> n, a.high);
    return {a.low << n, a.high << n};
  }
  /// For masks of the form 2^n - 1.
  friend Interval operator&(Interval a, Interval mask) {
    EXPECT_EQ(mask.high & (mask.high + 1), Wide{0});
    if (a.high <= mask.high) return a;
    return {0, mask.high};
  }
  Interval& operator+=(Interval b) { return *this = *this + b; }
};

}  // namespace salus::test

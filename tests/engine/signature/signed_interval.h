// Lane words in two's complement that are intervals, as interval.h has them for unsigned ones.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

namespace salus::test {

using SignedWide = __int128;

/// All values from `low` to `high`, which fit into a signed word of `Bits` bits.
template <int Bits>
struct SignedInterval {
  SignedWide low = 0;
  SignedWide high = 0;

  SignedInterval() = default;
  SignedInterval(SignedWide value)
      : SignedInterval(value, value) {}  // NOLINT: mixes with constants
  SignedInterval(SignedWide from, SignedWide to) : low(from), high(to) { check(); }
  template <int OtherBits>
  explicit SignedInterval(SignedInterval<OtherBits> other)
      : SignedInterval(other.low, other.high) {}

  void check() const {
    EXPECT_TRUE(low <= high);
    // One bit less than the word has: enough, and sums of two are safe in 128 bits, too.
    constexpr SignedWide kLimit = SignedWide{1} << (Bits - 2);
    EXPECT_TRUE(low >= -kLimit) << "a word may overflow";
    EXPECT_TRUE(high < kLimit) << "a word may overflow";
  }

  friend SignedInterval operator+(SignedInterval a, SignedInterval b) {
    return {a.low + b.low, a.high + b.high};
  }
  friend SignedInterval operator-(SignedInterval a, SignedInterval b) {
    return {a.low - b.high, a.high - b.low};
  }
  /// For factors that are not negative.
  friend SignedInterval operator*(SignedInterval a, SignedInterval b) {
    EXPECT_TRUE(a.low >= 0 && b.low >= 0);
    EXPECT_TRUE(a.high >> 60 == 0 && b.high >> 60 == 0);
    return {a.low * b.low, a.high * b.high};
  }
  friend SignedInterval operator>>(SignedInterval a, int n) {
    EXPECT_TRUE(a.low >= 0) << "a negative word is shifted as an unsigned one";
    return {a.low >> n, a.high >> n};
  }
  friend SignedInterval operator<<(SignedInterval a, int n) {
    const SignedWide factor = SignedWide{1} << n;
    EXPECT_TRUE(std::max(a.high, -a.low) < SignedWide{1} << (120 - n));
    return {a.low * factor, a.high * factor};
  }
  /// For masks of the form 2^n - 1.
  friend SignedInterval operator&(SignedInterval a, SignedInterval mask) {
    EXPECT_TRUE((mask.high & (mask.high + 1)) == 0);
    if (a.low >= 0 && a.high <= mask.high) return a;
    return {0, mask.high};
  }
  SignedInterval& operator+=(SignedInterval b) { return *this = *this + b; }
  SignedInterval& operator-=(SignedInterval b) { return *this = *this - b; }
};

}  // namespace salus::test

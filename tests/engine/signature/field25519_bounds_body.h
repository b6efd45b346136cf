// The kernels of GF(2^255 - 19) and of the curve on intervals. Included by
// field25519_*_bounds_test.cpp inside a namespace, one for each form of multiplication.

#define SALUS_FN [[maybe_unused]] static inline
#define SALUS_UNROLL

typedef unsigned char u8;
typedef unsigned long u64;
typedef test::Interval<64> L;
typedef test::Interval<128> LL;

SALUS_FN L lane_splat(u64 x) { return x; }
SALUS_FN L lane_equal(L, L) { return {0, ~0UL}; }
SALUS_FN L lane_select(L, L a, L b) { return {std::min(a.low, b.low), std::max(a.high, b.high)}; }
SALUS_FN L operator|(L a, L b) {
  test::Wide ones = a.high | b.high;
  for (int n = 1; n < 128; n *= 2) ones |= ones >> n;
  return {0, ones};
}
SALUS_FN L low_52(L a, L b) {
  EXPECT_LT(a.high, test::Wide{1} << 52) << "a factor may have more than 52 bits";
  EXPECT_LT(b.high, test::Wide{1} << 52) << "a factor may have more than 52 bits";
  return {0, std::min(a.high * b.high, (test::Wide{1} << 52) - 1)};
}
SALUS_FN L lane_fma_low(L c, L a, L b) { return c + low_52(a, b); }
SALUS_FN L lane_fma_high(L c, L a, L b) {
  return c + L(a.low * b.low >> 52, a.high * b.high >> 52);
}
SALUS_FN L lane_mul32(L a, L b) {
  EXPECT_LT(a.high, test::Wide{1} << 32) << "a factor may have more than 32 bits";
  EXPECT_LT(b.high, test::Wide{1} << 32) << "a factor may have more than 32 bits";
  return a * b;
}
SALUS_FN L lane_fma(L c, L a, L b) {
  lane_mul32(a, b);
  EXPECT_LT(a.high * b.high, test::Wide{1} << 52) << "a small product may have more than 52 bits";
  return c + a * b;
}
SALUS_FN LL lane_wide(L a, L b) { return LL(a) * LL(b); }

#include "kernels/edwards25519.h"

Fe any_up_to(u64 limit) {
  Fe a;
  for (auto& limb : a.v) limb = L(0, limit);
  return a;
}

Fe any() { return any_up_to(kFeLimit); }
Fe any_factor() { return any_up_to(kFeFactorLimit); }

template <typename Value>
void expect_within(const Value& a, u64 limit) {
  for (const L& limb : a.v) EXPECT_LE(limb.high, test::Wide{limit});
}

void expect_element(const Fe& a) { expect_within(a, kFeLimit); }

void expect_elements(const Completed& c) {
  for (const Fe* a : {&c.e, &c.f, &c.g, &c.h}) expect_element(*a);
}

// An element's limbs are at most kFeLimit wherever it comes from: by induction over the operations
// that make elements, for any sequence of them.

TEST(SALUS_BOUNDS_SUITE, ProductsOfAnyFactors) {
  expect_within(fe_mul_sum(any_factor(), any_factor()), kFeProductLimit);
  expect_within(fe_square_sum(any_factor()), kFeProductLimit);
  expect_element(fe_mul(any_factor(), any_factor()));
  expect_element(fe_square(any_factor()));
}

TEST(SALUS_BOUNDS_SUITE, SumsOfElements) {
  expect_element(fe_add(any(), any()));
  expect_element(fe_subtract(any(), any()));
  expect_element(fe_select({0, ~0UL}, any(), any()));
  expect_within(fe_negate_loose(any()), kFeFactorLimit);
}

TEST(SALUS_BOUNDS_SUITE, CarryOfAnyWords) {
  FeSum largest;
  for (auto& limb : largest.v) limb = L(0, ~0UL);
  expect_element(fe_carry(largest));
}

TEST(SALUS_BOUNDS_SUITE, GroupOperations) {
  const Point point = {any(), any(), any()};
  const Summand summand = {any(), any(), any(), any()};
  const Cached cached = {any(), any(), any_factor(), any()};  // 2 d T may be negated loosely
  const CachedAffine affine = {any(), any(), any_factor()};
  expect_elements(point_double(point));
  expect_elements(point_add(summand, cached));
  expect_elements(point_add_affine(summand, affine));

  const Completed completed = {any(), any(), any(), any()};
  const Point p = to_point(completed);
  for (const Fe* a : {&p.x, &p.y, &p.z}) expect_element(*a);
  const Summand s = to_summand(completed);
  for (const Fe* a : {&s.y_plus_x, &s.y_minus_x, &s.z, &s.t}) expect_element(*a);
  const Cached c = to_cached(s);
  for (const Fe* a : {&c.y_plus_x, &c.y_minus_x, &c.t2d, &c.z2}) expect_element(*a);
  const Summand from_affine = summand_from_affine(any(), any());
  for (const Fe* a :
       {&from_affine.y_plus_x, &from_affine.y_minus_x, &from_affine.z, &from_affine.t})
    expect_element(*a);
}

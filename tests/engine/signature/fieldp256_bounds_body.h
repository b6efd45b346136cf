// The kernels of P-256's field and group on intervals. Included by fieldp256_*_bounds_test.cpp
// inside a namespace, one for each form of multiplication.

#define SALUS_FN [[maybe_unused]] static inline
#define SALUS_UNROLL

typedef unsigned char u8;
typedef unsigned long u64;
typedef test::SignedInterval<64> L;
typedef test::SignedInterval<128> LL;

constexpr test::SignedWide kFactorLimit = test::SignedWide{1} << 52;

void expect_factor(L a) {
  EXPECT_TRUE(a.low >= 0 && a.high < kFactorLimit) << "a factor may not have 52 bits";
}

SALUS_FN L lane_splat(u64 x) { return static_cast<test::SignedWide>(x); }
SALUS_FN L lane_equal(L, L) { return {-1, 0}; }
SALUS_FN L lane_select(L, L a, L b) { return {std::min(a.low, b.low), std::max(a.high, b.high)}; }
SALUS_FN L lane_bswap(L) { return {0, test::SignedWide{1} << 60}; }
SALUS_FN L lane_shift_signed(L x, int n) { return {x.low >> n, x.high >> n}; }
SALUS_FN L operator|(L a, L b) { return {0, (a.high | b.high) * 2}; }
SALUS_FN L lane_fma_low(L c, L a, L b) {
  expect_factor(a);
  expect_factor(b);
  return c + L(0, std::min(a.high * b.high, kFactorLimit - 1));
}
SALUS_FN L lane_fma_high(L c, L a, L b) {
  return c + L(a.low * b.low >> 52, a.high * b.high >> 52);
}
SALUS_FN LL lane_wide(L a, L b) { return LL(a.low, a.high) * LL(b.low, b.high); }
SALUS_FN LL lane_widen_signed(L a) { return {a.low, a.high}; }
SALUS_FN LL wide_shift_signed(LL x, int n) { return {x.low >> n, x.high >> n}; }

#include "kernels/groupp256.h"
#include "kernels/orderp256.h"

Fe any_with_top(u64 limit) {
  Fe a;
  for (int i = 0; i < 4; ++i) a.v[i] = L(0, kLimbMask);
  a.v[4] = L(0, limit);
  return a;
}

Fe any() { return any_with_top(kFeTopLimit); }
Fe any_loose() { return any_with_top(kFeLooseTopLimit); }

void expect_within(const Fe& a, u64 top_limit) {
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(a.v[i].low >= 0 && a.v[i].high <= kLimbMask);
  EXPECT_TRUE(a.v[4].low >= 0 && a.v[4].high <= top_limit);
}

void expect_element(const Fe& a) { expect_within(a, kFeTopLimit); }

template <typename Point>
void expect_point(const Point& p) {
  for (const Fe* a : {&p.x, &p.y, &p.z}) expect_element(*a);
}

// An element's limbs are within their limits wherever it comes from: by induction over the
// operations that make elements, for any sequence of them.

TEST(SALUS_BOUNDS_SUITE, Products) {
  expect_element(fe_mul(any(), any()));
  expect_element(fe_mul(any_loose(), any()));
  expect_element(fe_mul(any(), any_loose()));
  expect_element(fe_square(any()));
}

TEST(SALUS_BOUNDS_SUITE, SumsOfElements) {
  expect_element(fe_add(any(), any()));
  expect_element(fe_subtract(any(), any()));
  expect_element(fe_select({-1, 0}, any(), any()));
  expect_within(fe_subtract_loose(any(), any()), kFeLooseTopLimit);
}

TEST(SALUS_BOUNDS_SUITE, SumsOfProducts) {
  const FeSum products = fe_sum(fe_mul_sum(any(), any()), fe_square_sum(any()));
  expect_element(fe_reduce(products));
  const FeSum product = fe_mul_sum(any_loose(), any());
  expect_element(fe_reduce_fold(fe_sum(product, fe_sum(product, product))));
  expect_element(fe_reduce_fold(fe_difference(product, fe_sum(product, product))));
  expect_element(fe_reduce_fold(fe_less(product, fe_add_limbs(any(), fe_add_limbs(any(), any())))));
}

// 256 bits of any number are an element, too.
TEST(SALUS_BOUNDS_SUITE, NumbersFromWords) { EXPECT_GE(kFeTopLimit, (1UL << 48) - 1); }

TEST(SALUS_BOUNDS_SUITE, NegativesOfCanonicalNumbers) {
  // Up to p - 1, whose limbs are p's but for the lowest; as intervals they cover much more.
  Fe canonical = any();
  canonical.v[4] = L(0, kPrime[4] - 1);
  expect_element(fe_negate_canonical(canonical));
}

TEST(SALUS_BOUNDS_SUITE, NumbersModuloTheOrder) { expect_element(order_mul(any(), any())); }

TEST(SALUS_BOUNDS_SUITE, GroupOperations) {
  const Affine affine = {any(), any()};
  const Jacobian jacobian = {any(), any(), any()};
  const Projective projective = {any(), any(), any()};
  expect_point(point_double(jacobian));
  expect_point(point_add_affine(jacobian, affine));
  expect_point(point_add_complete(projective, projective));
}

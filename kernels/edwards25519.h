// The group of edwards25519, -x^2 + y^2 = 1 + d x^2 y^2, in extended coordinates: x = X/Z, y = Y/Z,
// x y = T/Z.
//
// Formulas: Hisil, Wong, Carter, Dawson, "Twisted Edwards Curves Revisited" (2008), sections 3.1
// and 3.3. They are complete on this curve: no input on the curve is an exception, and Z is never
// 0.
//
// Each operation ends in four numbers E, F, G, H, from which only the coordinates are multiplied
// out that the next operation reads. Sums are carried once, after adding up products.
#pragma once

#include "kernels/field25519_codec.h"

static constexpr u64 kEdwardsD[5] = {0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029,
                                     0x739c663a03cbb, 0x52036cee2b6ff};
static constexpr u64 kEdwards2D[5] = {0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052,
                                      0x6738cc7407977, 0x2406d9dc56dff};
static constexpr u64 kSqrtMinusOne[5] = {0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60,
                                         0x78595a6804c9e, 0x2b8324804fc1d};
static constexpr u64 kBaseX[5] = {0x62d608f25d51a, 0x412a4b4f6592a, 0x75b7171a4b31d,
                                  0x1ff60527118fe, 0x216936d3cd6e5};
static constexpr u64 kBaseY[5] = {0x6666666666658, 0x4cccccccccccc, 0x1999999999999,
                                  0x3333333333333, 0x6666666666666};

/// What an operation leaves: X = EF, Y = GH, Z = FG, T = EH.
typedef struct {
  Fe e, f, g, h;
} Completed;

/// What a doubling or an encoding reads.
typedef struct {
  Fe x, y, z;
} Point;

/// What an addition reads of its first summand.
typedef struct {
  Fe y_plus_x, y_minus_x, z, t;
} Summand;

/// What an addition reads of its second one: (Y + X, Y - X, 2 d T, 2 Z).
typedef struct {
  Fe y_plus_x, y_minus_x, t2d, z2;
} Cached;

/// The same for Z = 1.
typedef struct {
  Fe y_plus_x, y_minus_x, t2d;
} CachedAffine;

/// 3 multiplications.
SALUS_FN Point to_point(Completed c) {
  Point p;
  p.x = fe_mul(c.e, c.f);
  p.y = fe_mul(c.g, c.h);
  p.z = fe_mul(c.f, c.g);
  return p;
}

/// 4 multiplications.
SALUS_FN Summand to_summand(Completed c) {
  const FeSum x = fe_mul_sum(c.e, c.f);
  const FeSum y = fe_mul_sum(c.g, c.h);
  Summand s;
  s.y_plus_x = fe_carry(fe_sum(y, x));
  s.y_minus_x = fe_carry(fe_difference(y, x));
  s.z = fe_mul(c.f, c.g);
  s.t = fe_mul(c.e, c.h);
  return s;
}

/// 1 multiplication.
SALUS_FN Cached to_cached(Summand s) {
  Cached c;
  c.y_plus_x = s.y_plus_x;
  c.y_minus_x = s.y_minus_x;
  c.t2d = fe_mul(s.t, fe_splat(kEdwards2D));
  c.z2 = fe_add(s.z, s.z);
  return c;
}

/// 2 p: 3 squarings and 1 multiplication. All four results have the opposite sign of the paper's,
/// which is the same point.
SALUS_FN Completed point_double(Point p) {
  const FeSum xx = fe_square_sum(p.x);
  const FeSum yy = fe_square_sum(p.y);
  const FeSum zz = fe_square_sum(p.z);
  const FeSum xy = fe_mul_sum(p.x, p.y);
  Completed c;
  c.e = fe_carry(fe_sum(xy, xy));
  c.f = fe_carry(fe_sum(fe_sum(zz, zz), fe_difference(xx, yy)));
  c.g = fe_carry(fe_difference(yy, xx));
  c.h = fe_carry(fe_sum(yy, xx));
  return c;
}

/// The end of every addition: (b - a, d - c, d + c, b + a).
SALUS_FN Completed complete(FeSum a, FeSum b, FeSum c, FeSum d) {
  Completed r;
  r.e = fe_carry(fe_difference(b, a));
  r.f = fe_carry(fe_difference(d, c));
  r.g = fe_carry(fe_sum(d, c));
  r.h = fe_carry(fe_sum(b, a));
  return r;
}

/// p + q: 4 multiplications.
SALUS_FN Completed point_add(Summand p, Cached q) {
  return complete(fe_mul_sum(p.y_minus_x, q.y_minus_x), fe_mul_sum(p.y_plus_x, q.y_plus_x),
                  fe_mul_sum(p.t, q.t2d), fe_mul_sum(p.z, q.z2));
}

/// p + q for q with Z = 1: 3 multiplications.
SALUS_FN Completed point_add_affine(Summand p, CachedAffine q) {
  const FeSum z = fe_as_sum(p.z);
  return complete(fe_mul_sum(p.y_minus_x, q.y_minus_x), fe_mul_sum(p.y_plus_x, q.y_plus_x),
                  fe_mul_sum(p.t, q.t2d), fe_sum(z, z));
}

SALUS_FN Summand summand_neutral() {
  const Fe one = fe_splat(kFeOne);
  return {one, one, one, fe_splat(kFeZero)};
}

SALUS_FN Summand summand_from_affine(Fe x, Fe y) {
  return {fe_add(y, x), fe_subtract(y, x), fe_splat(kFeOne), fe_mul(x, y)};
}

/// The x that goes with y and has the wanted lowest bit (0 or 1), by RFC 8032, 5.1.3. The result is
/// all ones in lanes where there is one; elsewhere *x is anything. x = 0 is taken with either bit.
[[maybe_unused]] static L decompress(const Fe* y_in, L parity, Fe* x) {
  const Fe y = *y_in;
  const Fe one = fe_splat(kFeOne);
  const Fe yy = fe_square(y);
  const Fe u = fe_subtract(yy, one);
  const Fe v = fe_add(fe_mul(yy, fe_splat(kEdwardsD)), one);
  const Fe v3 = fe_mul(fe_square(v), v);
  const Fe uv7 = fe_mul(fe_mul(fe_square(v3), v), u);
  Fe root = fe_mul(fe_mul(fe_power_p58(&uv7), v3), u);  // a root of u/v or of -u/v
  const Fe check = fe_mul(fe_square(root), v);
  const L is_root = fe_is_zero(fe_subtract(check, u));
  const L is_other = fe_is_zero(fe_add(check, u));
  root = fe_select(is_root, root, fe_mul(root, fe_splat(kSqrtMinusOne)));
  const L keep = lane_equal(fe_canonical(root).v[0] & 1, parity);
  *x = fe_select(keep, root, fe_carry(fe_as_sum(fe_negate_loose(root))));
  return is_root | is_other;
}

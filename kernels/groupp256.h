// The group of P-256, y^2 = x^3 - 3 x + b, twice over.
//
// Jacobian coordinates, x = X/Z^2 and y = Y/Z^3, are the fast ones. Their addition is not complete,
// but its exceptions cannot be missed: where the summands are equal or opposite or the first one is
// the point at infinity, Z becomes 0, and no later operation makes anything else of a Z of 0. In a
// group of odd order it becomes 0 in no other way, as no y is 0 there. Whoever ends with Z = 0 does
// it all again in the second coordinates.
//
// Projective coordinates, x = X/Z and y = Y/Z, have a complete addition: no two points are an
// exception.
//
// Operations are calls: inlined they would be no faster, and there is much code in each.
#pragma once

#include "kernels/fieldp256_codec.h"

// In Montgomery form.
static constexpr u64 kCurveB[5] = {0xdf6229c4bddfd, 0xca8843090d89c, 0x212ed6acf005c,
                                   0x83415a220abf7, 0xc30061dd4874};
static constexpr u64 kBaseX[5] = {0x30d418a9143c1, 0xc4fedb60179e7, 0x62251075ba95f,
                                  0x5c669fb732b77, 0x8905f76b5375};
static constexpr u64 kBaseY[5] = {0x5357ce95560a8, 0x43a19e45cddf2, 0x21f3258b4ab8e,
                                  0xd8552e88688dd, 0x571ff18a5885};

typedef struct {
  Fe x, y;
} Affine;

typedef struct {
  Fe x, y, z;
} Jacobian;

typedef struct {
  Fe x, y, z;
} Projective;

SALUS_FN Affine base_point() { return {fe_splat(kBaseX), fe_splat(kBaseY)}; }

/// With Z = 1 the coordinates are the same for both kinds of point.
SALUS_FN void point_from_affine(Affine p, Jacobian* r) { *r = {p.x, p.y, fe_splat(kFeOne)}; }
SALUS_FN void point_from_affine(Affine p, Projective* r) { *r = {p.x, p.y, fe_splat(kFeOne)}; }

SALUS_FN Affine affine_select(L mask, Affine p, Affine q) {
  return {fe_select(mask, p.x, q.x), fe_select(mask, p.y, q.y)};
}

/// All ones where the point lies on the curve.
[[maybe_unused]] static L is_on_curve(const Affine* p) {
  const Fe x3 = fe_mul(fe_square(p->x), p->x);
  const Fe three_x = fe_add(fe_add(p->x, p->x), p->x);
  return fe_is_equal(fe_square(p->y), fe_add(fe_subtract(x3, three_x), fe_splat(kCurveB)));
}

/// 2 p: 3 multiplications and 6 squarings with 7 reductions (after "dbl-2001-b" of the
/// Explicit-Formulas Database, with 3 (x - z^2) (x + z^2) as 3 (x^2 - z^4)).
[[gnu::noinline]] static Jacobian point_double(Jacobian p) {
  const Fe zz = fe_square(p.z);
  const FeSum yy = fe_square_sum(p.y);
  const Fe yy2 = fe_reduce(fe_sum(yy, yy));
  const FeSum slope_third = fe_difference(fe_square_sum(p.x), fe_square_sum(zz));
  const Fe slope = fe_reduce_fold(fe_sum(fe_sum(slope_third, slope_third), slope_third));
  const FeSum xyy2 = fe_mul_sum(p.x, yy2);
  const Fe xyy4 = fe_reduce(fe_sum(xyy2, xyy2));
  const FeSum y4_4 = fe_square_sum(yy2);
  const FeSum yz = fe_mul_sum(p.y, p.z);
  Jacobian r;
  r.x = fe_reduce_fold(fe_less(fe_square_sum(slope), fe_add_limbs(xyy4, xyy4)));
  r.y = fe_reduce_fold(
      fe_difference(fe_mul_sum(slope, fe_subtract_loose(xyy4, r.x)), fe_sum(y4_4, y4_4)));
  r.z = fe_reduce(fe_sum(yz, yz));
  return r;
}

/// p + q, or Z = 0 where p = q, p = -q or p is infinity: 8 multiplications and 3 squarings with 10
/// reductions.
[[gnu::noinline]] static Jacobian point_add_affine(Jacobian p, Affine q) {
  const Fe zz = fe_square(p.z);
  const Fe zzz = fe_mul(zz, p.z);
  const Fe dx = fe_reduce_fold(fe_less(fe_mul_sum(q.x, zz), p.x));
  const Fe dy = fe_reduce_fold(fe_less(fe_mul_sum(q.y, zzz), p.y));
  const Fe dx2 = fe_square(dx);
  const Fe dx3 = fe_mul(dx2, dx);
  const Fe xdx2 = fe_mul(p.x, dx2);
  Jacobian r;
  r.x = fe_reduce_fold(fe_less(fe_square_sum(dy), fe_add_limbs(dx3, fe_add_limbs(xdx2, xdx2))));
  r.y = fe_reduce_fold(
      fe_difference(fe_mul_sum(dy, fe_subtract_loose(xdx2, r.x)), fe_mul_sum(p.y, dx3)));
  r.z = fe_mul(p.z, dx);
  return r;
}

SALUS_FN Fe fe_mul_add(Fe a, Fe b, Fe c, Fe d) {
  return fe_reduce(fe_sum(fe_mul_sum(a, b), fe_mul_sum(c, d)));
}

SALUS_FN Fe fe_triple(Fe a) { return fe_add(fe_add(a, a), a); }

/// p + q for any two points: Renes, Costello, Batina, "Complete addition formulas for prime order
/// elliptic curves" (2015), equation (2) for a = -3.
[[gnu::noinline, maybe_unused]] static Projective point_add_complete(Projective p, Projective q) {
  const Fe b = fe_splat(kCurveB);
  const Fe xx = fe_mul(p.x, q.x);
  const Fe yy = fe_mul(p.y, q.y);
  const Fe zz = fe_mul(p.z, q.z);
  const Fe xy = fe_mul_add(p.x, q.y, p.y, q.x);
  const Fe xz = fe_mul_add(p.x, q.z, p.z, q.x);
  const Fe yz = fe_mul_add(p.y, q.z, p.z, q.y);
  const Fe u = fe_triple(fe_subtract(xz, fe_mul(b, zz)));
  const Fe v = fe_triple(fe_subtract(fe_subtract(fe_mul(b, xz), fe_triple(zz)), xx));
  const Fe w = fe_triple(fe_subtract(xx, zz));
  const Fe above = fe_add(yy, u);
  const Fe below = fe_subtract(yy, u);
  Projective r;
  r.x = fe_reduce_fold(fe_difference(fe_mul_sum(xy, above), fe_mul_sum(yz, v)));
  r.y = fe_mul_add(above, below, w, v);
  r.z = fe_mul_add(yz, below, xy, w);
  return r;
}

// The names of the fast operations, so that a sum of points is written once for both kinds.
SALUS_FN Projective point_double(Projective p) { return point_add_complete(p, p); }
SALUS_FN Projective point_add_affine(Projective p, Affine q) {
  return point_add_complete(p, {q.x, q.y, fe_splat(kFeOne)});
}

// The group of P-256, y^2 = x^3 - 3 x + b, on words of 32 bits: Jacobian coordinates, which are
// fast and end with Z = 0 wherever an exception was met, and projective ones with a complete
// addition. kernels/groupp256.h says why that is sound.
#pragma once

#include "kernels/gpu/fieldp256.h"

// In Montgomery form.
SALUS_CONSTANT u32 kCurveB[8] = {0x29c4bddf, 0xd89cdf62, 0x78843090, 0xacf005cd,
                                 0xf7212ed6, 0xe5a220ab, 0x04874834, 0xdc30061d};
SALUS_CONSTANT u32 kBaseX[8] = {0x18a9143c, 0x79e730d4, 0x5fedb601, 0x75ba95fc,
                                0x77622510, 0x79fb732b, 0xa53755c6, 0x18905f76};
SALUS_CONSTANT u32 kBaseY[8] = {0xce95560a, 0xddf25357, 0xba19e45c, 0x8b4ab8e4,
                                0xdd21f325, 0xd2e88688, 0x25885d85, 0x8571ff18};

/// x = X/Z^2 and y = Y/Z^3 (Jacobian), or x = X/Z and y = Y/Z (projective).
typedef struct {
  Fe x, y, z;
} Point;

typedef struct {
  Fe x, y;
} Affine;

SALUS_FN bool is_on_curve(Affine p) {
  const Fe x3 = fe_mul(fe_square(p.x), p.x);
  const Fe right = fe_add(fe_subtract(x3, fe_triple(p.x)), u256_constant(kCurveB));
  return u256_equal(fe_square(p.y), right);
}

/// With Z = 1; the same in both kinds of coordinates.
SALUS_FN Point point_from_affine(Affine p) {
  Point r;
  r.x = p.x;
  r.y = p.y;
  r.z = fe_one();
  return r;
}

/// 2 p: 4 multiplications and 4 squarings (after "dbl-2001-b" of the Explicit-Formulas Database).
SALUS_FN Point jacobian_double(Point p) {
  const Fe zz = fe_square(p.z);
  const Fe yy = fe_square(p.y);
  const Fe slope = fe_triple(fe_mul(fe_subtract(p.x, zz), fe_add(p.x, zz)));
  const Fe xyy4 = fe_double(fe_double(fe_mul(p.x, yy)));
  const Fe yy2 = fe_double(yy);
  Point r;
  r.z = fe_double(fe_mul(p.y, p.z));
  r.x = fe_subtract(fe_square(slope), fe_double(xyy4));
  r.y = fe_subtract(fe_mul(slope, fe_subtract(xyy4, r.x)), fe_double(fe_square(yy2)));
  return r;
}

/// The end of an addition, from x, y Z^3 and Z of both summands on one denominator.
SALUS_FN Point jacobian_complete(Fe x1, Fe y1, Fe x2, Fe y2, Fe z) {
  const Fe dx = fe_subtract(x2, x1);
  const Fe dy = fe_subtract(y2, y1);
  const Fe dx2 = fe_square(dx);
  const Fe dx3 = fe_mul(dx2, dx);
  const Fe xdx2 = fe_mul(x1, dx2);
  Point r;
  r.x = fe_subtract(fe_subtract(fe_square(dy), dx3), fe_double(xdx2));
  r.y = fe_subtract(fe_mul(dy, fe_subtract(xdx2, r.x)), fe_mul(y1, dx3));
  r.z = fe_mul(z, dx);
  return r;
}

/// p + q, or Z = 0 where p = q, p = -q or p is infinity: 8 multiplications and 3 squarings.
SALUS_FN Point jacobian_add_affine(Point p, Affine q) {
  const Fe zz = fe_square(p.z);
  const Fe x2 = fe_mul(q.x, zz);
  const Fe y2 = fe_mul(q.y, fe_mul(zz, p.z));
  return jacobian_complete(p.x, p.y, x2, y2, p.z);
}

/// Words of a row: x and y of an affine point, or X, Y, Z, Z^2, Z^3.
#define AFFINE_ROW 16
#define JACOBIAN_ROW 40

SALUS_FN Affine load_affine(SALUS_GLOBAL const u32* row, bool negative) {
  Affine p;
  p.x = u256_load(row);
  p.y = fe_negate_if(negative, u256_load(row + 8));
  return p;
}

/// Writes p as a row for jacobian_add_row: 1 multiplication and 1 squaring.
SALUS_FN void store_jacobian_row(Point p, SALUS_GLOBAL u32* row) {
  const Fe zz = fe_square(p.z);
  u256_store(p.x, row);
  u256_store(p.y, row + 8);
  u256_store(p.z, row + 16);
  u256_store(zz, row + 24);
  u256_store(fe_mul(zz, p.z), row + 32);
}

SALUS_FN Point load_jacobian(SALUS_GLOBAL const u32* row, bool negative) {
  Point p;
  p.x = u256_load(row);
  p.y = fe_negate_if(negative, u256_load(row + 8));
  p.z = u256_load(row + 16);
  return p;
}

/// p plus or minus the point of `row`, or Z = 0 in the same cases: 12 multiplications and 3
/// squarings.
SALUS_FN Point jacobian_add_row(Point p, SALUS_GLOBAL const u32* row, bool negative) {
  const Fe zz = fe_square(p.z);
  const Fe x1 = fe_mul(p.x, u256_load(row + 24));
  const Fe y1 = fe_mul(p.y, u256_load(row + 32));
  const Fe x2 = fe_mul(u256_load(row), zz);
  const Fe y2 = fe_mul(fe_negate_if(negative, u256_load(row + 8)), fe_mul(zz, p.z));
  return jacobian_complete(x1, y1, x2, y2, fe_mul(p.z, u256_load(row + 16)));
}

SALUS_FN Fe fe_mul_add(Fe a, Fe b, Fe c, Fe d) { return fe_add(fe_mul(a, b), fe_mul(c, d)); }

/// p + q for any two points in projective coordinates: Renes, Costello, Batina, "Complete addition
/// formulas for prime order elliptic curves" (2015), equation (2) for a = -3.
SALUS_FN Point add_complete(Point p, Point q) {
  const Fe b = u256_constant(kCurveB);
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
  Point r;
  r.x = fe_subtract(fe_mul(xy, above), fe_mul(yz, v));
  r.y = fe_mul_add(above, below, w, v);
  r.z = fe_mul_add(yz, below, xy, w);
  return r;
}

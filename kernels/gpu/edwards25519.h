// The group of edwards25519 on words of 32 bits. Coordinates and formulas are those of
// kernels/edwards25519.h, except that a doubling gets 2 X Y as (X + Y)^2 - X^2 - Y^2: squares save
// multiplications of words, and additions run on the other pipe.
#pragma once

#include "kernels/gpu/field25519.h"

SALUS_CONSTANT u32 kEdwardsD[8] = {0x135978a3, 0x75eb4dca, 0x4141d8ab, 0x00700a4d,
                                   0x7779e898, 0x8cc74079, 0x2b6ffe73, 0x52036cee};
SALUS_CONSTANT u32 kEdwards2D[8] = {0x26b2f159, 0xebd69b94, 0x8283b156, 0x00e0149a,
                                    0xeef3d130, 0x198e80f2, 0x56dffce7, 0x2406d9dc};
SALUS_CONSTANT u32 kSqrtMinusOne[8] = {0x4a0ea0b0, 0xc4ee1b27, 0xad2fe478, 0x2f431806,
                                       0x3dfbd7a7, 0x2b4d0099, 0x4fc1df0b, 0x2b832480};

/// What an operation leaves: X = EF, Y = GH, Z = FG, T = EH.
typedef struct {
  Fe e, f, g, h;
} Completed;

/// x = X/Z, y = Y/Z, x y = T/Z.
typedef struct {
  Fe x, y, z, t;
} Point;

/// The neutral element.
SALUS_FN Completed completed_neutral(void) {
  Completed c;
  c.e = fe_small(0);
  c.f = c.g = c.h = fe_small(1);
  return c;
}

/// 4 multiplications.
SALUS_FN Point to_point(Completed c) {
  Point p;
  p.x = fe_mul(c.e, c.f);
  p.y = fe_mul(c.g, c.h);
  p.z = fe_mul(c.f, c.g);
  p.t = fe_mul(c.e, c.h);
  return p;
}

/// 2 c: 3 multiplications and 4 squarings. All four results have the opposite sign of the paper's,
/// which is the same point.
SALUS_FN Completed completed_double(Completed c) {
  const Fe x = fe_mul(c.e, c.f);
  const Fe y = fe_mul(c.g, c.h);
  const Fe z = fe_mul(c.f, c.g);
  const Fe xx = fe_square(x);
  const Fe yy = fe_square(y);
  const Fe zz = fe_square(z);
  Completed r;
  r.h = fe_add(yy, xx);
  r.g = fe_subtract(yy, xx);
  r.e = fe_subtract(fe_square(fe_add(x, y)), r.h);
  r.f = fe_subtract(fe_add(zz, zz), r.g);
  return r;
}

/// The end of every addition: (b - a, d - c, d + c, b + a); with `negative` the sign of c changes.
SALUS_FN Completed complete(Fe a, Fe b, Fe c, Fe d, bool negative) {
  const Fe difference = fe_subtract(d, c);
  const Fe sum = fe_add(d, c);
  Completed r;
  r.e = fe_subtract(b, a);
  r.f = u256_select(negative, sum, difference);
  r.g = u256_select(negative, difference, sum);
  r.h = fe_add(b, a);
  return r;
}

/// Words of a point in a table: y + x, y - x and 2 d x y, and 2 Z where Z may differ from 1.
#define AFFINE_ROW 24
#define PROJECTIVE_ROW 32

/// p plus or minus the point at `row`, which has Z = 1: 3 multiplications. -(x, y) = (-x, y) swaps
/// y + x and y - x, which is a matter of where they are read.
SALUS_FN Completed add_affine_row(Point p, SALUS_GLOBAL const u32* row, bool negative) {
  const Fe a = fe_mul(fe_subtract(p.y, p.x), u256_load(row + (negative ? 0 : 8)));
  const Fe b = fe_mul(fe_add(p.y, p.x), u256_load(row + (negative ? 8 : 0)));
  const Fe t = fe_mul(p.t, u256_load(row + 16));
  return complete(a, b, t, fe_add(p.z, p.z), negative);
}

/// The same for any Z: 4 multiplications.
SALUS_FN Completed add_row(Point p, SALUS_GLOBAL const u32* row, bool negative) {
  const Fe a = fe_mul(fe_subtract(p.y, p.x), u256_load(row + (negative ? 0 : 8)));
  const Fe b = fe_mul(fe_add(p.y, p.x), u256_load(row + (negative ? 8 : 0)));
  const Fe t = fe_mul(p.t, u256_load(row + 16));
  return complete(a, b, t, fe_mul(p.z, u256_load(row + 24)), negative);
}

/// Writes p as a row that add_row takes: 1 multiplication.
SALUS_FN void store_row(Point p, SALUS_GLOBAL u32* row) {
  u256_store(fe_add(p.y, p.x), row);
  u256_store(fe_subtract(p.y, p.x), row + 8);
  u256_store(fe_mul(p.t, u256_constant(kEdwards2D)), row + 16);
  u256_store(fe_add(p.z, p.z), row + 24);
}

/// The x that goes with y and has the wanted lowest bit, by RFC 8032, 5.1.3; false if there is
/// none. x = 0 is taken with either bit.
SALUS_FN bool decompress(Fe y, u32 parity, Fe* x) {
  const Fe one = fe_small(1);
  const Fe yy = fe_square(y);
  const Fe u = fe_subtract(yy, one);
  const Fe v = fe_add(fe_mul(yy, u256_constant(kEdwardsD)), one);
  const Fe v3 = fe_mul(fe_square(v), v);
  const Fe uv7 = fe_mul(fe_mul(fe_square(v3), v), u);
  Fe root = fe_mul(fe_mul(fe_power_p58(uv7), v3), u);  // a root of u/v or of -u/v
  const Fe check = fe_mul(fe_square(root), v);
  const bool is_root = fe_is_zero(fe_subtract(check, u));
  const bool is_other = fe_is_zero(fe_add(check, u));
  root = u256_select(is_root, root, fe_mul(root, u256_constant(kSqrtMinusOne)));
  root = fe_canonical(root);
  *x = u256_select((root.v[0] & 1) == parity, root, fe_negate(root));
  return is_root || is_other;
}

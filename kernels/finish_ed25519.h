// The end of every Ed25519 verification: encode the points and compare them with R.
//
// The denominators of up to kGroupsAtOnce groups are inverted together, with three multiplications
// each (Montgomery's trick), within each lane.
//
// Included by a variant file inside its own namespace, after ed25519_variant.h and <cstring>.
#pragma once

#include "kernels/edwards25519.h"

static constexpr std::size_t kGroupsAtOnce = 32;
static constexpr std::size_t kItemsAtOnce = kGroupsAtOnce * SALUS_LANES64;

/// One item a lane between the two halves of its verification.
typedef struct {
  Point sum;  // [S]B - [k]A
  L r[4];     // R as received
  L is_on_curve;
} Pending;

/// All ones where encode(sum) are the bytes R, given 1/Z.
static L is_encoded_by_r(const Pending* item, const Fe* z_inverse) {
  const Fe x = fe_canonical(fe_mul(item->sum.x, *z_inverse));
  const Fe y = fe_canonical(fe_mul(item->sum.y, *z_inverse));
  L words[4];
  fe_to_words(y, words);
  words[3] |= x.v[0] << 63;
  L difference = words[0] ^ item->r[0];
  for (int i = 1; i < 4; ++i) difference |= words[i] ^ item->r[i];
  return lane_equal(difference, lane_splat(0));
}

/// Writes one reason for each of the first `count` lanes.
static void write_reasons(L is_on_curve, L is_equal, std::size_t count, Reason* out) {
  u64 on_curve[SALUS_LANES64];
  u64 equal[SALUS_LANES64];
  std::memcpy(on_curve, &is_on_curve, sizeof on_curve);
  std::memcpy(equal, &is_equal, sizeof equal);
  for (std::size_t lane = 0; lane < count; ++lane) {
    if (on_curve[lane] == 0)
      out[lane] = Reason::key_not_on_curve;
    else
      out[lane] = equal[lane] != 0 ? Reason::valid : Reason::mismatch;
  }
}

/// Decides `count` items, 1 to kItemsAtOnce. Every Z in `pending` is other than 0.
static void finish(const Pending* pending, std::size_t count, Reason* out) {
  const std::size_t groups = (count + SALUS_LANES64 - 1) / SALUS_LANES64;
  Fe products[kGroupsAtOnce];  // of all Z up to this one
  products[0] = pending[0].sum.z;
  for (std::size_t group = 1; group < groups; ++group)
    products[group] = fe_mul(products[group - 1], pending[group].sum.z);
  Fe inverse = fe_invert(&products[groups - 1]);
  for (std::size_t group = groups; group-- > 0;) {
    const Fe z_inverse = group == 0 ? inverse : fe_mul(inverse, products[group - 1]);
    inverse = fe_mul(inverse, pending[group].sum.z);
    const std::size_t begin = group * SALUS_LANES64;
    const std::size_t left = count - begin;
    write_reasons(pending[group].is_on_curve, is_encoded_by_r(&pending[group], &z_inverse),
                  left < SALUS_LANES64 ? left : SALUS_LANES64, out + begin);
  }
}

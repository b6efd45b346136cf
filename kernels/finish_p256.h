// The end of every P-256 verification: from sums of points to reasons.
//
// Included by a variant file inside its own namespace, after p256_variant.h and <cstring>.
#pragma once

#include "kernels/equation_p256.h"

static constexpr std::size_t kItemsAtOnce = 8 * SALUS_LANES64;

/// What is known of one item a lane.
typedef struct {
  L is_on_curve, is_equal;
  L is_undecided;  // met an exception of the fast addition
} Outcome;

/// Of the sum of [u1]G and [u2]Q; without meaning where the key is off the curve.
static Outcome outcome_of_sum(L is_on_curve, const Jacobian* sum,
                              const P256Scalars* const items[SALUS_LANES64]) {
  const Fe zz = fe_square(sum->z);
  return {is_on_curve, is_x_of_r(&sum->x, &zz, items), fe_is_zero(zz) & is_on_curve};
}

static Outcome outcome_of_sum(L is_on_curve, const Projective* sum,
                              const P256Scalars* const items[SALUS_LANES64]) {
  const L is_equal = is_x_of_r(&sum->x, &sum->z, items);
  return {is_on_curve, is_equal & ~fe_is_zero(sum->z), lane_splat(0)};
}

/// Items that met an exception of the fast addition.
typedef struct {
  std::size_t indices[kItemsAtOnce];
  std::size_t count;
} Undecided;

/// Writes the reasons of items `first` to `first` + `count` - 1, which are in the first lanes.
static void write_reasons(const Outcome* outcome, std::size_t first, std::size_t count, Reason* out,
                          Undecided* undecided) {
  u64 on_curve[SALUS_LANES64];
  u64 equal[SALUS_LANES64];
  u64 open[SALUS_LANES64];
  std::memcpy(on_curve, &outcome->is_on_curve, sizeof on_curve);
  std::memcpy(equal, &outcome->is_equal, sizeof equal);
  std::memcpy(open, &outcome->is_undecided, sizeof open);
  for (std::size_t lane = 0; lane < count; ++lane) {
    if (on_curve[lane] == 0)
      out[first + lane] = Reason::key_not_on_curve;
    else
      out[first + lane] = equal[lane] != 0 ? Reason::valid : Reason::mismatch;
    if (open[lane] != 0) undecided->indices[undecided->count++] = first + lane;
  }
}

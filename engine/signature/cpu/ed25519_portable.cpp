// 64-bit integers: one item at a time, on any CPU.
#include <cstring>

#include "engine/cpu/cpu_info.h"
#include "engine/signature/cpu/ed25519_variant.h"

namespace salus::engine::signature::cpu {
namespace {

#define SALUS_LANES64 1
#include "kernels/challenge_ed25519.h"
#include "kernels/comb_ed25519.h"
#include "kernels/verify_ed25519.h"

void write_row(const CachedAffine& multiple, std::uint64_t row[BaseTable::kRowWords]) {
  const Fe* const parts[] = {&multiple.y_plus_x, &multiple.y_minus_x, &multiple.t2d};
  for (std::size_t i = 0; i < BaseTable::kRowWords; ++i)
    row[i] = i < 15 ? parts[i / 5]->v[i % 5] : 0;
}

}  // namespace

void make_base_table(BaseTable& table) {
  const Fe one = fe_splat(kFeOne);
  write_row({one, one, fe_splat(kFeZero)}, table.rows[0]);
  const Fe two_d = fe_splat(kEdwards2D);
  Summand multiple = summand_from_affine(fe_splat(kBaseX), fe_splat(kBaseY));
  const CachedAffine base = {multiple.y_plus_x, multiple.y_minus_x, fe_mul(multiple.t, two_d)};
  Completed sum;
  for (std::size_t row = 1; row < BaseTable::kRows; ++row) {
    const Fe z_inverse = fe_invert(&multiple.z);
    write_row({fe_mul(multiple.y_plus_x, z_inverse), fe_mul(multiple.y_minus_x, z_inverse),
               fe_mul(fe_mul(multiple.t, z_inverse), two_d)},
              table.rows[row]);
    sum = point_add_affine(multiple, base);
    multiple = to_summand(sum);
  }
}

void make_base_comb(int bits, std::uint64_t* rows) {
  const Fe x = fe_splat(kBaseX);
  const Fe y = fe_splat(kBaseY);
  make_comb(&x, &y, bits, &rows);
}

void reduce_challenge(const std::uint64_t hash[8], std::uint64_t k[4]) { scalar_reduce(hash, k); }

constinit const Ed25519Variant kEd25519Portable = {
    "portable", SALUS_LANES64, engine::cpu::cpu_is_any, challenges,
    decide,     make_combs,    decide_registered};

}  // namespace salus::engine::signature::cpu

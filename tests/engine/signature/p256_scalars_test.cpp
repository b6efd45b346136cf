// u1 = e/s and u2 = r/s of P-256's variants against OpenSSL's numbers.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "engine/signature/cpu/p256_variant.h"
#include "tests/engine/signature/items.h"
#include "tests/engine/signature/p256_oracle.h"

namespace salus::engine::signature {
namespace {

std::vector<NumberBytes> edge_numbers() {
  std::vector<NumberBytes> all(3, NumberBytes{});
  all[1][31] = 1;
  all[2].fill(0xff);
  all.push_back(kP256Order);
  all.push_back(kP256Order);
  ++all.back()[31];
  all.push_back(kP256Prime);
  all.push_back(kP256HalfOrder);
  all.push_back(Number(0).bytes());
  all.push_back((Number(0) - Number(1)).bytes());
  return all;
}

TEST(P256ScalarsTest, AgreeWithOpensslForAnyHashAndBatch) {
  std::mt19937_64 random(3);
  const auto edges = edge_numbers();
  const auto any = [&] {
    NumberBytes bytes;
    std::ranges::generate(bytes, [&] { return static_cast<std::uint8_t>(random()); });
    return random() % 3 == 0 ? edges[random() % edges.size()] : bytes;
  };
  const auto any_scalar = [&] {
    Number number(any());
    while (number.bytes() == NumberBytes{}) number = Number::random();
    return number;
  };
  for (const std::size_t count : {1U, 2U, 255U, 256U, 257U, 600U}) {
    std::vector<std::vector<std::uint8_t>> signatures;
    std::vector<NumberBytes> hashes;
    std::vector<cpu::P256SignedHash> items;
    for (std::size_t i = 0; i < count; ++i) {
      const NumberBytes r = any_scalar().bytes();
      const NumberBytes s = any_scalar().bytes();
      signatures.emplace_back(r.begin(), r.end());
      signatures.back().insert(signatures.back().end(), s.begin(), s.end());
      hashes.push_back(any());
    }
    for (std::size_t i = 0; i < count; ++i)
      items.push_back({signatures[i].data(), hashes[i].data()});
    for (const cpu::P256Variant* variant : cpu::all_p256_variants()) {
      if (!variant->supported()) continue;
      std::vector<cpu::P256Scalars> out(count);
      variant->scalars(items.data(), count, out.data());
      for (std::size_t i = 0; i < count; ++i) {
        NumberBytes r;
        NumberBytes s;
        std::ranges::copy_n(signatures[i].begin(), 32, r.begin());
        std::ranges::copy_n(signatures[i].begin() + 32, 32, s.begin());
        const Number s_inverse = Number(s).inverse();
        EXPECT_TRUE(std::ranges::equal(out[i].u1, (Number(hashes[i]) * s_inverse).words())) << i;
        EXPECT_TRUE(std::ranges::equal(out[i].u2, (Number(r) * s_inverse).words())) << i;
        EXPECT_TRUE(std::ranges::equal(out[i].r, Number(r).words())) << i;
      }
    }
  }
}

}  // namespace
}  // namespace salus::engine::signature

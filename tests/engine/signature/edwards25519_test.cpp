// Scalar multiplications of Ed25519's kernels against libsodium, with scalars whose digits are at
// the ends of their ranges.
#include <gtest/gtest.h>
#include <sodium.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "engine/signature/constants.h"
#include "tests/engine/signature/edwards25519_ops.h"

namespace salus::engine::signature {
namespace {

/// Scalars below L: small, just below L, one bit, runs of ones, every digit of a window the same.
std::vector<Scalar> edge_scalars() {
  std::vector<Scalar> all = {{0}, {1}, {2}, {16}, {512}};
  Scalar largest;
  std::memcpy(largest.data(), kEd25519Order.data(), 32);
  --largest[0];
  all.push_back(largest);
  for (std::size_t bit = 3; bit < 252; bit += 7) {
    Scalar one{};
    one[bit / 64] = 1UL << (bit % 64);
    Scalar ones{};
    for (std::size_t i = 0; i < bit; ++i) ones[i / 64] |= 1UL << (i % 64);
    all.push_back(one);
    all.push_back(ones);
  }
  for (const unsigned bits : {4U, 5U, 8U, 10U}) {
    for (const unsigned digit : {1U << (bits - 1), (1U << (bits - 1)) - 1, (1U << bits) - 1}) {
      Scalar same{};
      for (unsigned i = 0; i < 252; ++i)
        same[i / 64] |= static_cast<std::uint64_t>(digit >> (i % bits) & 1) << (i % 64);
      all.push_back(same);
    }
  }
  return all;
}

const unsigned char* bytes(const Scalar& scalar) {
  return reinterpret_cast<const unsigned char*>(scalar.data());
}

/// [s]B - [k]A by libsodium, which refuses products that are neutral: they have no effect here.
EncodedPoint expected(const EncodedPoint& a, const Scalar& s, const Scalar& k) {
  constexpr EncodedPoint kNeutral = {1};
  EncodedPoint sb;
  EncodedPoint ka;
  if (crypto_scalarmult_ed25519_base_noclamp(sb.data(), bytes(s)) != 0) sb = kNeutral;
  if (crypto_scalarmult_ed25519_noclamp(ka.data(), bytes(k), a.data()) != 0) ka = kNeutral;
  EncodedPoint out;
  EXPECT_EQ(crypto_core_ed25519_sub(out.data(), sb.data(), ka.data()), 0);
  return out;
}

class Edwards25519Test : public testing::TestWithParam<const Edwards25519Ops*> {
 protected:
  void SetUp() override {
    if (!ops().supported()) GTEST_SKIP() << "this CPU lacks the instructions";
  }
  [[nodiscard]] static const Edwards25519Ops& ops() { return *GetParam(); }

  /// Every edge scalar for s and for k, and both at once.
  template <typename Multiply>
  void compare(Multiply multiply) {
    const auto edges = edge_scalars();
    const std::size_t lanes = ops().lanes;
    for (std::size_t begin = 0; begin < edges.size(); begin += lanes) {
      std::vector<EncodedPoint> a(lanes);
      std::vector<Scalar> s(lanes);
      std::vector<Scalar> k(lanes);
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const std::size_t i = (begin + lane) % edges.size();
        crypto_core_ed25519_random(a[lane].data());
        s[lane] = edges[i];
        k[lane] = edges[(i * 5 + 3) % edges.size()];
      }
      std::vector<EncodedPoint> out(lanes);
      multiply(a.data(), s.data(), k.data(), out.data());
      for (std::size_t lane = 0; lane < lanes; ++lane)
        EXPECT_EQ(out[lane], expected(a[lane], s[lane], k[lane])) << begin + lane;
    }
  }
};

TEST_P(Edwards25519Test, StrausAtTheEdges) { compare(ops().straus); }

TEST_P(Edwards25519Test, CombsAtTheEdges) {
  for (const int bits : {4, 5, 8, 10})
    compare([&](const EncodedPoint* a, const Scalar* s, const Scalar* k, EncodedPoint* out) {
      ops().comb(bits, a, s, k, out);
    });
}

// A = B and A = -B make summands equal and opposite, in every table and in the last addition.
TEST_P(Edwards25519Test, TheBasePointAsKey) {
  EncodedPoint base;
  const Scalar one = {1};
  ASSERT_EQ(crypto_scalarmult_ed25519_base_noclamp(base.data(), bytes(one)), 0);
  EncodedPoint negative = base;
  negative[31] ^= 0x80;
  for (const auto& key : {base, negative}) {
    for (const Scalar& scalar : edge_scalars()) {
      const std::vector<EncodedPoint> a(ops().lanes, key);
      const std::vector<Scalar> same(ops().lanes, scalar);
      std::vector<EncodedPoint> out(ops().lanes);
      ops().straus(a.data(), same.data(), same.data(), out.data());
      EXPECT_EQ(out.back(), expected(key, scalar, scalar));
    }
  }
}

std::vector<const Edwards25519Ops*> compiled_ops() {
  std::vector<const Edwards25519Ops*> all = {&kEdwards25519PortableOps};
#if defined(__x86_64__)
  all.push_back(&kEdwards25519Avx2Ops);
  all.push_back(&kEdwards25519IfmaOps);
#endif
  return all;
}

INSTANTIATE_TEST_SUITE_P(Kernels, Edwards25519Test, testing::ValuesIn(compiled_ops()),
                         [](const testing::TestParamInfo<const Edwards25519Ops*>& tested) {
                           return std::string(tested.param->name);
                         });

}  // namespace
}  // namespace salus::engine::signature

// P-256's field and scalars on GPUs against OpenSSL's numbers, in both forms, at random and at the
// edges of what is canonical.
#include <gtest/gtest.h>
#include <openssl/bn.h>

#include <functional>
#include <memory>
#include <random>

#include "engine/signature/constants.h"
#include "tests/kernels/p256_ops.h"

namespace salus::kernels {
namespace {

using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;

Number from_words(const Words8& words) {
  return {BN_lebin2bn(reinterpret_cast<const unsigned char*>(words.data()), 32, nullptr), BN_free};
}

Number from_bytes(const engine::signature::NumberBytes& bytes) {
  return {BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr), BN_free};
}

Words8 to_words(const Number& a) {
  Words8 words{};
  EXPECT_EQ(BN_bn2lebinpad(a.get(), reinterpret_cast<unsigned char*>(words.data()), 32), 32);
  return words;
}

class P256GpuTest : public testing::TestWithParam<const P256Ops*> {
 protected:
  static constexpr int kRounds = 1500;

  [[nodiscard]] static const P256Ops& ops() { return *GetParam(); }

  /// Below `modulus`: words at random or from the edges, or a little less than the modulus.
  Words8 below(const Number& modulus) {
    constexpr std::uint32_t kEdges[] = {0, 1, 0x7fffffff, 0x80000000, ~0U - 1, ~0U};
    Words8 words;
    const bool at_edges = random_() % 3 == 0;
    for (auto& word : words)
      word =
          at_edges ? kEdges[random_() % std::size(kEdges)] : static_cast<std::uint32_t>(random_());
    Number a = from_words(words);
    if (random_() % 8 == 0) {
      BN_copy(a.get(), modulus.get());
      BN_sub_word(a.get(), 1 + random_() % 4);
    }
    BN_nnmod(a.get(), a.get(), modulus.get(), context_.get());
    return to_words(a);
  }

  using Exact = std::function<void(BIGNUM* out, const BIGNUM* a, const BIGNUM* b)>;

  [[nodiscard]] Words8 residue(const Exact& exact, const Words8& a, const Words8& b,
                               const Number& modulus, bool divide) {
    const Number out(BN_new(), BN_free);
    exact(out.get(), from_words(a).get(), from_words(b).get());
    if (divide) {
      const Number r(BN_new(), BN_free);
      BN_set_bit(r.get(), 256);
      BN_mod_inverse(r.get(), r.get(), modulus.get(), context_.get());
      BN_mul(out.get(), out.get(), r.get(), context_.get());
    }
    BN_nnmod(out.get(), out.get(), modulus.get(), context_.get());
    return to_words(out);
  }

  std::mt19937_64 random_{256};
  std::unique_ptr<BN_CTX, decltype(&BN_CTX_free)> context_{BN_CTX_new(), BN_CTX_free};
  Number prime_ = from_bytes(engine::signature::kP256Prime);
  Number order_ = from_bytes(engine::signature::kP256Order);
};

TEST_P(P256GpuTest, Field) {
  const Exact multiply = [&](BIGNUM* out, const BIGNUM* a, const BIGNUM* b) {
    BN_mul(out, a, b, context_.get());
  };
  for (int round = 0; round < kRounds; ++round) {
    const Words8 a = below(prime_);
    const Words8 b = round % 16 == 0 ? a : below(prime_);
    ASSERT_EQ(ops().mul(a, b), residue(multiply, a, b, prime_, true));
    ASSERT_EQ(ops().square(a), residue(multiply, a, a, prime_, true));
    ASSERT_EQ(ops().add(a, b), residue(BN_add, a, b, prime_, false));
    ASSERT_EQ(ops().subtract(a, b), residue(BN_sub, a, b, prime_, false));
  }
}

TEST_P(P256GpuTest, Scalars) {
  const Number any(BN_new(), BN_free);
  BN_set_bit(any.get(), 256);
  for (int round = 0; round < kRounds; ++round) {
    const Words8 a = below(any);
    const Words8 b = below(order_);
    ASSERT_EQ(ops().scalar_mul(a, b),
              residue([&](BIGNUM* out, const BIGNUM* x,
                          const BIGNUM* y) { BN_mul(out, x, y, context_.get()); },
                      a, b, order_, true));
  }
}

TEST_P(P256GpuTest, InverseOfAScalar) {
  for (int round = 0; round < 50; ++round) {
    const Words8 a = below(order_);
    if (a == Words8{}) continue;
    const Exact invert = [&](BIGNUM* out, const BIGNUM* x, const BIGNUM*) {
      BN_mod_inverse(out, x, order_.get(), context_.get());
      BN_lshift(out, out, 256);
    };
    ASSERT_EQ(ops().scalar_invert(a), residue(invert, a, a, order_, false));
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, P256GpuTest, testing::Values(&kP256PortableOps, &kP256ChainOps),
                         [](const testing::TestParamInfo<const P256Ops*>& tested) {
                           return std::string(tested.param->name);
                         });

}  // namespace
}  // namespace salus::kernels

// Arithmetic of P-256's kernels against OpenSSL's numbers, on random and boundary limbs.
#include <gtest/gtest.h>
#include <openssl/bn.h>

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "engine/signature/constants.h"
#include "tests/engine/signature/fieldp256_ops.h"

namespace salus::engine::signature {
namespace {

using Bignum = std::unique_ptr<BIGNUM, decltype(&BN_free)>;

Bignum bignum() { return {BN_new(), BN_free}; }

Bignum from_words(const P256Words& words) {
  return {BN_lebin2bn(reinterpret_cast<const unsigned char*>(words.data()), 32, nullptr), BN_free};
}

Bignum from_limbs(const P256Limbs& limbs) {
  constexpr int kLimbBits = 52;
  Bignum sum = bignum();
  for (std::size_t i = limbs.size(); i-- > 0;) {
    BN_lshift(sum.get(), sum.get(), kLimbBits);
    BN_add_word(sum.get(), limbs[i]);
  }
  return sum;
}

class FieldP256Test : public testing::TestWithParam<const FieldP256Ops*> {
 protected:
  using Expected = std::function<void(BIGNUM* out, const BIGNUM* a, const BIGNUM* b)>;
  using Operation = std::function<void(const P256Limbs* a, const P256Limbs* b, P256Words* out)>;

  static constexpr std::uint64_t kLimb = (1UL << 52) - 1;
  static constexpr std::uint64_t kTopLimit = (1UL << 49) + (1UL << 25);

  FieldP256Test() {
    const auto radix = bignum();
    BN_set_bit(radix.get(), 260);
    BN_mod_inverse(radix_inverse_.get(), radix.get(), prime_.get(), context_.get());
  }

  void SetUp() override {
    if (!ops().supported()) GTEST_SKIP() << "this CPU lacks the instructions";
  }

  [[nodiscard]] static const FieldP256Ops& ops() { return *GetParam(); }

  /// One number a lane: random limbs up to the limits, limbs from the edges of the ranges, or p and
  /// its neighbours.
  std::vector<P256Limbs> numbers(int kind) {
    constexpr std::uint64_t kPrimeLimbs[5] = {kLimb, (1UL << 44) - 1, 0, 1UL << 36,
                                              (1UL << 48) - (1UL << 16)};
    const std::uint64_t edges[] = {0, 1, kLimb, kLimb - 1, (1UL << 44) - 1, 1UL << 36, 1UL << 51};
    const std::uint64_t top_edges[] = {0, 1, kTopLimit, kTopLimit - 1, kPrimeLimbs[4], 1UL << 48};
    std::vector<P256Limbs> out(ops().lanes);
    for (P256Limbs& limbs : out) {
      for (std::size_t i = 0; i < 5; ++i) {
        if (kind == 0)
          limbs[i] = random_() % ((i == 4 ? kTopLimit : kLimb) + 1);
        else if (kind == 1)
          limbs[i] = i == 4 ? top_edges[random_() % std::size(top_edges)]
                            : edges[random_() % std::size(edges)];
        else
          limbs[i] = kPrimeLimbs[i];
      }
      if (kind == 2) limbs[0] -= random_() % 3;
      if (kind == 2 && random_() % 2 == 0)
        limbs = {random_() % 3, kPrimeLimbs[1] + 1, 0, kPrimeLimbs[3],
                 kPrimeLimbs[4]};  // p + 1 ...
    }
    return out;
  }

  void compare(const Operation& operation, const Expected& function, int rounds = 600) {
    for (int round = 0; round < rounds; ++round) {
      const auto a = numbers(round % 3);
      const auto b = numbers(round / 3 % 3);
      std::vector<P256Words> out(ops().lanes);
      operation(a.data(), b.data(), out.data());
      for (std::size_t lane = 0; lane < out.size(); ++lane) {
        const Bignum result = bignum();
        function(result.get(), from_limbs(a[lane]).get(), from_limbs(b[lane]).get());
        BN_nnmod(result.get(), result.get(), prime_.get(), context_.get());
        ASSERT_EQ(BN_cmp(result.get(), from_words(out[lane]).get()), 0)
            << "lane " << lane << " of round " << round;
      }
    }
  }

  /// out = out / 2^260 modulo p.
  void divide(BIGNUM* out) {
    BN_mod_mul(out, out, radix_inverse_.get(), prime_.get(), context_.get());
  }

  std::mt19937_64 random_{52};
  std::unique_ptr<BN_CTX, decltype(&BN_CTX_free)> context_{BN_CTX_new(), BN_CTX_free};
  Bignum prime_{BN_bin2bn(kP256Prime.data(), 32, nullptr), BN_free};
  Bignum radix_inverse_ = bignum();
};

TEST_P(FieldP256Test, Mul) {
  compare(ops().mul, [&](BIGNUM* out, const BIGNUM* a, const BIGNUM* b) {
    BN_mul(out, a, b, context_.get());
    divide(out);
  });
}

TEST_P(FieldP256Test, Square) {
  compare([](auto* a, auto*, auto* out) { ops().square(a, out); },
          [&](BIGNUM* out, const BIGNUM* a, const BIGNUM*) {
            BN_sqr(out, a, context_.get());
            divide(out);
          });
}

TEST_P(FieldP256Test, Add) {
  compare(ops().add, [](BIGNUM* out, const BIGNUM* a, const BIGNUM* b) { BN_add(out, a, b); });
}

TEST_P(FieldP256Test, Subtract) {
  compare(ops().subtract, [](BIGNUM* out, const BIGNUM* a, const BIGNUM* b) { BN_sub(out, a, b); });
}

TEST_P(FieldP256Test, ProductOfADifference) {
  compare(ops().mul_difference, [&](BIGNUM* out, const BIGNUM* a, const BIGNUM* b) {
    BN_sub(out, a, b);
    BN_mul(out, out, a, context_.get());
    divide(out);
  });
}

TEST_P(FieldP256Test, SquareLessElements) {
  compare(ops().square_less, [&](BIGNUM* out, const BIGNUM* a, const BIGNUM* b) {
    BN_sqr(out, a, context_.get());
    divide(out);
    for (int i = 0; i < 3; ++i) BN_sub(out, out, b);
  });
}

TEST_P(FieldP256Test, Negate) {
  compare([](auto* a, auto*, auto* out) { ops().negate(a, out); },
          [](BIGNUM* out, const BIGNUM* a, const BIGNUM*) {
            BN_copy(out, a);
            BN_set_negative(out, 1);
          });
}

TEST_P(FieldP256Test, IntoMontgomeryFormAndBack) {
  compare([](auto* a, auto*, auto* out) { ops().to_montgomery(a, out); },
          [](BIGNUM* out, const BIGNUM* a, const BIGNUM*) { BN_lshift(out, a, 260); });
  compare([](auto* a, auto*, auto* out) { ops().from_montgomery(a, out); },
          [&](BIGNUM* out, const BIGNUM* a, const BIGNUM*) {
            BN_copy(out, a);
            divide(out);
          });
}

TEST_P(FieldP256Test, Invert) {
  compare([](auto* a, auto*, auto* out) { ops().invert(a, out); },
          [&](BIGNUM* out, const BIGNUM* a, const BIGNUM*) {
            const Bignum value = bignum();
            BN_nnmod(value.get(), a, prime_.get(), context_.get());
            BN_zero(out);
            if (BN_is_zero(value.get())) return;
            divide(value.get());
            BN_mod_inverse(out, value.get(), prime_.get(), context_.get());
            BN_lshift(out, out, 260);
          },
          30);
}

TEST_P(FieldP256Test, FromWordsTakesAllBits) {
  for (int round = 0; round < 100; ++round) {
    std::vector<P256Words> words(ops().lanes);
    for (P256Words& lane : words)
      for (auto& word : lane) word = random_() % 4 == 0 ? ~0UL : random_();
    std::vector<P256Words> out(ops().lanes);
    ops().from_words(words.data(), out.data());
    for (std::size_t lane = 0; lane < out.size(); ++lane) {
      const Bignum value = from_words(words[lane]);
      BN_nnmod(value.get(), value.get(), prime_.get(), context_.get());
      EXPECT_EQ(BN_cmp(value.get(), from_words(out[lane]).get()), 0);
    }
  }
}

TEST_P(FieldP256Test, EqualityModuloP) {
  const P256Limbs zero{};
  const P256Limbs prime = {kLimb, (1UL << 44) - 1, 0, 1UL << 36, (1UL << 48) - (1UL << 16)};
  const P256Limbs one = {1};
  const P256Limbs prime_and_one = {0, 1UL << 44, 0, 1UL << 36, (1UL << 48) - (1UL << 16)};
  const auto is_equal = [](const P256Limbs& a, const P256Limbs& b) {
    const std::vector<P256Limbs> all_a(ops().lanes, a);
    const std::vector<P256Limbs> all_b(ops().lanes, b);
    std::vector<std::uint64_t> out(ops().lanes);
    ops().is_equal(all_a.data(), all_b.data(), out.data());
    EXPECT_TRUE(out.back() == 0 || out.back() == ~0UL);
    return out.back() != 0;
  };
  EXPECT_TRUE(is_equal(zero, zero));
  EXPECT_TRUE(is_equal(zero, prime));
  EXPECT_TRUE(is_equal(prime, zero));
  EXPECT_TRUE(is_equal(prime_and_one, one));
  EXPECT_FALSE(is_equal(prime, one));
  EXPECT_FALSE(is_equal(zero, one));
}

std::vector<const FieldP256Ops*> compiled_ops() {
  std::vector<const FieldP256Ops*> all = {&kFieldP256PortableOps};
#if defined(__x86_64__)
  all.push_back(&kFieldP256IfmaOps);
#endif
  return all;
}

INSTANTIATE_TEST_SUITE_P(Kernels, FieldP256Test, testing::ValuesIn(compiled_ops()),
                         [](const testing::TestParamInfo<const FieldP256Ops*>& tested) {
                           return std::string(tested.param->name);
                         });

}  // namespace
}  // namespace salus::engine::signature

// Arithmetic of the GPU kernels against OpenSSL's numbers, in both forms, on random words and on
// words from the edges.
#include <gtest/gtest.h>
#include <openssl/bn.h>

#include <functional>
#include <memory>
#include <random>

#include "engine/signature/constants.h"
#include "tests/kernels/numbers256_ops.h"

namespace salus::kernels {
namespace {

using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;

Number number() { return {BN_new(), BN_free}; }

template <std::size_t Size>
Number from_words(const std::array<std::uint32_t, Size>& words) {
  return {BN_lebin2bn(reinterpret_cast<const unsigned char*>(words.data()), 4 * Size, nullptr),
          BN_free};
}

template <std::size_t Size>
std::array<std::uint32_t, Size> to_words(const Number& a) {
  std::array<std::uint32_t, Size> words{};
  EXPECT_EQ(BN_bn2lebinpad(a.get(), reinterpret_cast<unsigned char*>(words.data()), 4 * Size),
            static_cast<int>(4 * Size));
  return words;
}

Number from_bytes(const engine::signature::NumberBytes& bytes) {
  return {BN_lebin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr), BN_free};
}

class Numbers256Test : public testing::TestWithParam<const Numbers256Ops*> {
 protected:
  static constexpr int kRounds = 10000;

  [[nodiscard]] static const Numbers256Ops& ops() { return *GetParam(); }

  /// A third of all words are from the edges, so that carries run far and everything overflows.
  std::uint32_t word() {
    constexpr std::uint32_t kEdges[] = {0, 1, 37, 38, 0x7fffffff, 0x80000000, ~38U, ~0U - 1, ~0U};
    const auto random = static_cast<std::uint32_t>(random_());
    return edges_ ? kEdges[random % std::size(kEdges)] : random;
  }

  template <std::size_t Size>
  std::array<std::uint32_t, Size> words() {
    edges_ = random_() % 3 == 0;
    std::array<std::uint32_t, Size> out;
    for (auto& w : out) w = word();
    if (random_() % 8 == 0) out.fill(word());
    return out;
  }

  /// Numbers about p and 2 p, where what is canonical changes.
  Words8 near_prime() {
    const Number out = from_bytes(engine::signature::kEd25519Prime);
    if (random_() % 2 == 0) BN_lshift1(out.get(), out.get());
    BN_add_word(out.get(), 38);
    BN_sub_word(out.get(), random_() % 76);
    if (BN_num_bits(out.get()) > 256) BN_mask_bits(out.get(), 256);
    return to_words<8>(out);
  }

  Words8 element() { return random_() % 4 == 0 ? near_prime() : words<8>(); }

  using Exact = std::function<void(BIGNUM* out, const BIGNUM* a, const BIGNUM* b)>;

  void expect_residue(const Words8& got, const Words8& a, const Words8& b, const Exact& exact) {
    const Number out = number();
    exact(out.get(), from_words(a).get(), from_words(b).get());
    BN_nnmod(out.get(), out.get(), prime_.get(), context_.get());
    ASSERT_EQ(got, to_words<8>(out));
  }

  std::mt19937_64 random_{256};
  bool edges_ = false;
  std::unique_ptr<BN_CTX, decltype(&BN_CTX_free)> context_{BN_CTX_new(), BN_CTX_free};
  Number prime_ = from_bytes(engine::signature::kEd25519Prime);
  Number order_ = from_bytes(engine::signature::kEd25519Order);
};

TEST_P(Numbers256Test, Sums) {
  for (int round = 0; round < kRounds; ++round) {
    const Words8 a = words<8>();
    const Words8 b = words<8>();
    const Number sum = number();
    BN_add(sum.get(), from_words(a).get(), from_words(b).get());
    ASSERT_EQ(ops().add(a, b), to_words<9>(sum));
    const Number with_word = from_words(a);
    BN_add_word(with_word.get(), b[0]);
    ASSERT_EQ(ops().add_word(a, b[0]), to_words<9>(with_word));
  }
}

TEST_P(Numbers256Test, DifferencesSayWhenTheyAreNegative) {
  const Number above = number();
  BN_set_bit(above.get(), 288);  // what is negative has ones there
  for (int round = 0; round < kRounds; ++round) {
    const Words8 a = words<8>();
    const Words8 b = round % 16 == 0 ? a : words<8>();
    const Number difference = number();
    BN_sub(difference.get(), from_words(a).get(), from_words(b).get());
    BN_nnmod(difference.get(), difference.get(), above.get(), context_.get());
    ASSERT_EQ(ops().subtract(a, b), to_words<9>(difference));
    const Number less = from_words(a);
    BN_sub_word(less.get(), b[0]);
    BN_nnmod(less.get(), less.get(), above.get(), context_.get());
    ASSERT_EQ(ops().subtract_word(a, b[0]), to_words<9>(less));
  }
}

TEST_P(Numbers256Test, Products) {
  for (int round = 0; round < kRounds; ++round) {
    const Words8 a = words<8>();
    const Words8 b = words<8>();
    const Number product = number();
    BN_mul(product.get(), from_words(a).get(), from_words(b).get(), context_.get());
    ASSERT_EQ(ops().multiply(a, b), to_words<16>(product));
    BN_sqr(product.get(), from_words(a).get(), context_.get());
    ASSERT_EQ(ops().square(a), to_words<16>(product));
  }
}

TEST_P(Numbers256Test, MultiplyAdd) {
  for (int round = 0; round < kRounds; ++round) {
    const Words8 low = words<8>();
    const Words8 high = words<8>();
    const std::uint32_t factor = round % 2 == 0 ? 38 : word();
    const Number sum = from_words(high);
    BN_mul_word(sum.get(), factor);
    BN_add(sum.get(), sum.get(), from_words(low).get());
    ASSERT_EQ(ops().multiply_add(low, high, factor), to_words<9>(sum));
  }
}

TEST_P(Numbers256Test, Field25519) {
  for (int round = 0; round < kRounds; ++round) {
    const Words8 a = element();
    const Words8 b = round % 16 == 0 ? a : element();
    expect_residue(ops().fe_mul(a, b), a, b, [&](BIGNUM* out, const BIGNUM* x, const BIGNUM* y) {
      BN_mul(out, x, y, context_.get());
    });
    expect_residue(ops().fe_square(a), a, b, [&](BIGNUM* out, const BIGNUM* x, const BIGNUM*) {
      BN_sqr(out, x, context_.get());
    });
    expect_residue(ops().fe_add(a, b), a, b, BN_add);
    expect_residue(ops().fe_subtract(a, b), a, b, BN_sub);
    expect_residue(ops().fe_canonical(a), a, b,
                   [](BIGNUM* out, const BIGNUM* x, const BIGNUM*) { BN_copy(out, x); });
  }
}

TEST_P(Numbers256Test, Field25519Inverse) {
  for (int round = 0; round < 50; ++round) {
    const Words8 a = element();
    expect_residue(ops().fe_invert(a), a, a, [&](BIGNUM* out, const BIGNUM* x, const BIGNUM*) {
      const Number rest = number();
      BN_nnmod(rest.get(), x, prime_.get(), context_.get());
      BN_zero(out);
      if (!BN_is_zero(rest.get())) BN_mod_inverse(out, rest.get(), prime_.get(), context_.get());
    });
  }
  EXPECT_EQ(ops().fe_invert(to_words<8>(prime_)), Words8{});
}

TEST_P(Numbers256Test, ScalarReduce) {
  for (int round = 0; round < kRounds; ++round) {
    Words16 hash = words<16>();
    if (round % 3 == 0) {  // about a multiple of L, from -2 to 2 off
      const Number multiple = number();
      BN_mul(multiple.get(), from_words(words<8>()).get(), order_.get(), context_.get());
      BN_add_word(multiple.get(), 2);
      BN_sub_word(multiple.get(), random_() % 5);
      if (BN_is_negative(multiple.get())) BN_zero(multiple.get());
      hash = to_words<16>(multiple);
    }
    const Number rest = number();
    BN_nnmod(rest.get(), from_words(hash).get(), order_.get(), context_.get());
    ASSERT_EQ(ops().scalar_reduce(hash), to_words<8>(rest));
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, Numbers256Test, testing::Values(&kPortableOps, &kChainOps),
                         [](const testing::TestParamInfo<const Numbers256Ops*>& tested) {
                           return std::string(tested.param->name);
                         });

}  // namespace
}  // namespace salus::kernels

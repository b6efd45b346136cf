// Arithmetic of Ed25519's kernels against OpenSSL's numbers, on random and boundary limbs.
#include <gtest/gtest.h>
#include <openssl/bn.h>

#include <functional>
#include <memory>
#include <random>

#include "engine/signature/constants.h"
#include "tests/engine/signature/field25519_ops.h"

namespace salus::engine::signature {
namespace {

using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;

Number number() { return {BN_new(), BN_free}; }

template <std::size_t Size>
Number from_words(const std::array<std::uint64_t, Size>& words) {
  return {BN_lebin2bn(reinterpret_cast<const unsigned char*>(words.data()), 8 * Size, nullptr),
          BN_free};
}

Number from_bytes(const NumberBytes& bytes) {
  return {BN_lebin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr), BN_free};
}

Number from_limbs(const Limbs& limbs) {
  constexpr int kLimbBits = 51;
  Number sum = number();
  for (std::size_t i = limbs.size(); i-- > 0;) {
    BN_lshift(sum.get(), sum.get(), kLimbBits);
    BN_add_word(sum.get(), limbs[i]);
  }
  return sum;
}

class Field25519Test : public testing::TestWithParam<const Field25519Ops*> {
 protected:
  using Expected = std::function<void(BIGNUM* out, const BIGNUM* a, const BIGNUM* b)>;

  void SetUp() override {
    if (!ops().supported()) GTEST_SKIP() << "this CPU lacks the instructions";
  }

  [[nodiscard]] static const Field25519Ops& ops() { return *GetParam(); }

  /// One number a lane: random limbs up to `limit`, or limbs from the edges of the range.
  std::vector<Limbs> numbers(std::uint64_t limit, bool at_edges) {
    const std::uint64_t edges[] = {0,
                                   1,
                                   18,
                                   19,
                                   (1UL << 51) - 20,
                                   limit,
                                   limit - 1,
                                   1UL << 50,
                                   (1UL << 51) - 19,
                                   (1UL << 51) - 1,
                                   1UL << 51};
    std::vector<Limbs> out(ops().lanes);
    for (Limbs& limbs : out)
      for (auto& limb : limbs)
        limb = at_edges ? edges[random_() % std::size(edges)] : random_() % (limit + 1);
    return out;
  }

  [[nodiscard]] Words expected(const Expected& function, const Limbs& a, const Limbs& b) {
    Number result = number();
    function(result.get(), from_limbs(a).get(), from_limbs(b).get());
    BN_nnmod(result.get(), result.get(), prime_.get(), context_.get());
    Words words;
    BN_bn2lebinpad(result.get(), reinterpret_cast<unsigned char*>(words.data()), 32);
    return words;
  }

  template <typename Operation>
  void compare(std::uint64_t limit, Operation operation, const Expected& function,
               int rounds = 500) {
    for (int round = 0; round < rounds; ++round) {
      const auto a = numbers(limit, round % 2 == 0);
      const auto b = numbers(limit, round % 4 < 2);
      std::vector<Words> out(ops().lanes);
      operation(a.data(), b.data(), out.data());
      for (std::size_t lane = 0; lane < out.size(); ++lane)
        ASSERT_EQ(out[lane], expected(function, a[lane], b[lane]))
            << "lane " << lane << " of round " << round;
    }
  }

  std::mt19937_64 random_{51};
  std::unique_ptr<BN_CTX, decltype(&BN_CTX_free)> context_{BN_CTX_new(), BN_CTX_free};
  Number prime_ = from_bytes(kEd25519Prime);
  Number order_ = from_bytes(kEd25519Order);

  static constexpr std::uint64_t kElement = (1UL << 51) + (1UL << 18);
  static constexpr std::uint64_t kFactor = (1UL << 52) - 1;
};

TEST_P(Field25519Test, Mul) {
  compare(kFactor, ops().mul, [&](BIGNUM* out, const BIGNUM* a, const BIGNUM* b) {
    BN_mul(out, a, b, context_.get());
  });
}

TEST_P(Field25519Test, Square) {
  compare(
      kFactor, [&](const Limbs* a, const Limbs*, Words* out) { ops().square(a, out); },
      [&](BIGNUM* out, const BIGNUM* a, const BIGNUM*) { BN_sqr(out, a, context_.get()); });
}

TEST_P(Field25519Test, Add) {
  compare(kElement, ops().add,
          [](BIGNUM* out, const BIGNUM* a, const BIGNUM* b) { BN_add(out, a, b); });
}

TEST_P(Field25519Test, Subtract) {
  compare(kElement, ops().subtract,
          [](BIGNUM* out, const BIGNUM* a, const BIGNUM* b) { BN_sub(out, a, b); });
}

TEST_P(Field25519Test, Canonical) {
  compare(
      kElement, [&](const Limbs* a, const Limbs*, Words* out) { ops().canonical(a, out); },
      [](BIGNUM* out, const BIGNUM* a, const BIGNUM*) { BN_copy(out, a); });
}

TEST_P(Field25519Test, Invert) {
  compare(
      kElement, [&](const Limbs* a, const Limbs*, Words* out) { ops().invert(a, out); },
      [&](BIGNUM* out, const BIGNUM* a, const BIGNUM*) {
        Number rest = number();
        BN_nnmod(rest.get(), a, prime_.get(), context_.get());
        if (BN_is_zero(rest.get()))
          BN_zero(out);
        else
          BN_mod_inverse(out, rest.get(), prime_.get(), context_.get());
      },
      20);
}

TEST_P(Field25519Test, FromWordsDropsTheTopBit) {
  for (int round = 0; round < 100; ++round) {
    std::vector<Words> words(ops().lanes);
    for (Words& lane : words)
      for (auto& word : lane) word = random_() % 4 == 0 ? ~0UL : random_();
    std::vector<Words> out(ops().lanes);
    ops().from_words(words.data(), out.data());
    for (std::size_t lane = 0; lane < out.size(); ++lane) {
      Number value = from_words(words[lane]);
      BN_mask_bits(value.get(), 255);
      BN_nnmod(value.get(), value.get(), prime_.get(), context_.get());
      EXPECT_EQ(BN_cmp(value.get(), from_words(out[lane]).get()), 0);
    }
  }
}

TEST_P(Field25519Test, ScalarReduce) {
  for (int round = 0; round < 2000; ++round) {
    Hash hash;
    for (auto& word : hash) word = round % 3 == 0 && random_() % 2 == 0 ? ~0UL : random_();
    if (round % 3 == 1) {  // about a multiple of L, from -2 to 2 off
      const Number factor = from_words(Words{random_(), random_(), random_(), random_()});
      const Number multiple = number();
      BN_mul(multiple.get(), factor.get(), order_.get(), context_.get());
      BN_add_word(multiple.get(), 2);
      BN_sub_word(multiple.get(), random_() % 5);
      BN_bn2lebinpad(multiple.get(), reinterpret_cast<unsigned char*>(hash.data()), 64);
    }
    Words out;
    ops().scalar_reduce(hash, out);
    const Number rest = number();
    BN_nnmod(rest.get(), from_words(hash).get(), order_.get(), context_.get());
    ASSERT_EQ(BN_cmp(rest.get(), from_words(out).get()), 0) << round;
  }
}

std::vector<const Field25519Ops*> compiled_ops() {
  std::vector<const Field25519Ops*> all = {&kField25519PortableOps};
#if defined(__x86_64__)
  all.push_back(&kField25519Avx2Ops);
  all.push_back(&kField25519IfmaOps);
#endif
  return all;
}

INSTANTIATE_TEST_SUITE_P(Kernels, Field25519Test, testing::ValuesIn(compiled_ops()),
                         [](const testing::TestParamInfo<const Field25519Ops*>& tested) {
                           return std::string(tested.param->name);
                         });

}  // namespace
}  // namespace salus::engine::signature

// Tables of P-256 in the form that devices read, against OpenSSL's numbers.
#include "engine/signature/device/base_tables.h"

#include <gtest/gtest.h>
#include <openssl/bn.h>

#include <cstring>
#include <memory>
#include <random>

#include "engine/signature/constants.h"
#include "tests/engine/signature/p256_oracle.h"

namespace salus::engine::signature::device {
namespace {

struct FreeNumber {
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
using BigNumber = std::unique_ptr<BIGNUM, FreeNumber>;

class P256DeviceForm : public testing::Test {
 protected:
  /// a 2^`exponent` modulo p, least significant word first.
  std::array<std::uint64_t, 4> shifted(const BIGNUM* a, int exponent) {
    const BigNumber factor(BN_new());
    const BigNumber product(BN_new());
    BN_set_bit(factor.get(), exponent);
    BN_mod_mul(product.get(), a, factor.get(), prime_.get(), context_.get());
    std::array<std::uint64_t, 4> words{};
    BN_bn2lebinpad(product.get(), reinterpret_cast<unsigned char*>(words.data()), sizeof words);
    return words;
  }

  std::unique_ptr<BN_CTX, FreeNumber> context_{BN_CTX_new()};
  BigNumber prime_{BN_bin2bn(kP256Prime.data(), kP256Prime.size(), nullptr)};
};

TEST_F(P256DeviceForm, RandomElements) {
  const BigNumber a(BN_new());
  for (int i = 0; i < 2000; ++i) {
    BN_rand_range(a.get(), prime_.get());
    auto words = shifted(a.get(), 260);
    to_device_form(words);
    EXPECT_EQ(words, shifted(a.get(), 256));
  }
}

TEST_F(P256DeviceForm, ElementsAtTheEnds) {
  const BigNumber a(BN_new());
  for (unsigned distance = 0; distance < 40; ++distance) {
    for (const bool is_top : {false, true}) {
      BN_set_word(a.get(), distance);
      if (is_top) BN_sub(a.get(), prime_.get(), a.get());
      if (is_top && distance == 0) continue;
      // `a` is the form with R = 2^260 itself.
      std::array<std::uint64_t, 4> words{};
      BN_bn2lebinpad(a.get(), reinterpret_cast<unsigned char*>(words.data()), sizeof words);
      const auto before = words;
      to_device_form(words);
      const BigNumber after(
          BN_lebin2bn(reinterpret_cast<unsigned char*>(words.data()), sizeof words, nullptr));
      EXPECT_LT(BN_cmp(after.get(), prime_.get()), 0);
      EXPECT_EQ(shifted(after.get(), 4), before);
    }
  }
}

TEST_F(P256DeviceForm, TheBaseTablesRowsAreMultiplesOfTheBasePoint) {
  const Bytes table = p256_base_table();
  constexpr std::size_t kRowBytes = 64;
  constexpr unsigned kRows = 512;  // of a window of 10 bits
  for (const unsigned window : {0U, 1U, 13U, 25U}) {
    for (const unsigned row : {0U, 1U, 2U, 100U, kRows - 1}) {
      const Number factor = Number(2 * row + 1) * Number::power_of_2(10 * window);
      const auto point = EcPoint::combine(factor, EcPoint::base(), Number(0)).bytes();
      const std::uint8_t* const at = &table[kRowBytes * (window * kRows + row)];
      for (const std::size_t half : {0, 1}) {
        const BigNumber coordinate(BN_bin2bn(&point[1 + 32 * half], 32, nullptr));
        const auto expected = shifted(coordinate.get(), 256);
        EXPECT_EQ(std::memcmp(at + 32 * half, expected.data(), sizeof expected), 0)
            << "window " << window << " row " << row;
      }
    }
  }
}

}  // namespace
}  // namespace salus::engine::signature::device

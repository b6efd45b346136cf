// Against the published values of Bitcoin Core's arith_uint256 tests and against OpenSSL's bignums.
#include "engine/pow/uint256.h"

#include <gtest/gtest.h>
#include <openssl/bn.h>

#include <cmath>
#include <memory>
#include <random>

#include "tests/engine/pow/numbers.h"

namespace salus::pow {
namespace {

// R1, R2 and every result named after them: bitcoin/bitcoin src/test/arith_uint256_tests.cpp.
const Uint256 kR1 = number("7D1DE5EAF9B156D53208F033B5AA8122D2d2355d5e12292b121156cfdb4a529c");
const Uint256 kR2 = number("D781CAB4F072134971DA2D19A3473013BFB69CA6C30A7E26406BA5477C1D3270");
const Uint256 kOne(1);
const Uint256 kMax = ~Uint256{};

TEST(Uint256, ReadsADigestAsALittleEndianNumber) {
  Digest digest{};
  digest[0] = 0x34;
  digest[1] = 0x12;
  digest[31] = 0x80;
  EXPECT_EQ(Uint256::from_digest(digest).hex(), "80" + std::string(58, '0') + "1234");
}

TEST(Uint256, HasPublishedSumsProductsAndQuotients) {
  EXPECT_EQ((kR1 + kR2).hex(), "549fb09fea236a1ea3e31d4d58f1b1369288d204211ca751527cfc175767850c");
  EXPECT_EQ((kR1 * 3).hex(), "7759b1c0ed14047f961ad09b20ff83687876a0181a367b813634046f91def7d4");
  EXPECT_EQ((kR2 * 0x87654321).hex(),
            "23f7816e30c4ae2017257b7a0fa64d60402f5234d46e746b61c960d09a26d070");
  const Uint256 d1 = number("AD7133AC1977FA2B7");
  const Uint256 d2 = number("ECD751716");
  EXPECT_EQ((kR1 / d1).hex(), "00000000000000000b8ac01106981635d9ed112290f8895545a7654dde28fb3a");
  EXPECT_EQ((kR1 / d2).hex(), "000000000873ce8efec5b67150bad3aa8c5fcb70e947586153bf2cec7c37c57a");
  EXPECT_EQ((kR2 / d1).hex(), "000000000000000013e1665895a1cc981de6d93670105a6b3ec3b73141b3a3c5");
  EXPECT_EQ((kR2 / d2).hex(), "000000000e8f0abe753bb0afe2e9437ee85d280be60882cf0bd1aaf7fa3cc2c4");
  EXPECT_EQ(kR1 / kMax, Uint256{});
  EXPECT_EQ(kMax / kR1, Uint256(2));
}

TEST(Uint256, WrapsAround) {
  EXPECT_EQ(kMax + kOne, Uint256{});
  EXPECT_EQ(Uint256{} - kOne, kMax);
  EXPECT_EQ(kR1 - (Uint256{} - kR2), kR1 + kR2);
}

TEST(Uint256, ShiftsAcrossLimbs) {
  const Uint256 half = kOne << 255;
  for (unsigned i = 0; i < 256; ++i) {
    EXPECT_EQ(half >> (255 - i), kOne << i);
    EXPECT_EQ((kOne << i).bit_length(), i + 1);
    EXPECT_EQ(Uint256{} - (kOne << i), kMax << i);
    if (i == 0) continue;
    EXPECT_EQ((kMax >> i) + kOne, half >> (i - 1));
  }
  EXPECT_EQ(kOne << 256, Uint256{});
  EXPECT_EQ(kMax >> 256, Uint256{});
}

TEST(Uint256, ComparesFromTheTopLimb) {
  EXPECT_LT(number("ffffffffffffffffffffffffffffffff"), kOne << 128);
  EXPECT_GT(kOne << 192, (kOne << 192) - kOne);
  EXPECT_EQ(kR1 <=> kR1, std::strong_ordering::equal);
}

TEST(Uint256, BecomesTheNearestDouble) {
  EXPECT_EQ(Uint256{}.to_double(), 0.0);
  for (int i = 0; i < 256; ++i)
    EXPECT_EQ((kOne << static_cast<unsigned>(i)).to_double(), std::ldexp(1.0, i));
  EXPECT_NEAR(std::ldexp(kR1.to_double(), -256), 0.4887374590559308955, 1e-16);
  // Half-way cases: to even, and up as soon as anything lies below the half.
  const Uint256 tie = (kOne << 200) + (kOne << (200 - 53));
  EXPECT_EQ(tie.to_double(), std::ldexp(1.0, 200));
  EXPECT_GT((tie + kOne).to_double(), std::ldexp(1.0, 200));
}

class Bignum {
 public:
  explicit Bignum(const Uint256& value) {
    BIGNUM* raw = nullptr;
    BN_hex2bn(&raw, value.hex().c_str());
    number_.reset(raw);
  }
  Bignum() : number_(BN_new(), BN_free) {}
  BIGNUM* get() const { return number_.get(); }
  /// The low 256 bits.
  Uint256 value() const {
    const std::unique_ptr<char, void (*)(char*)> hex(BN_bn2hex(get()),
                                                     [](char* p) { OPENSSL_free(p); });
    std::string digits(hex.get());
    if (digits.size() > 64) digits.erase(0, digits.size() - 64);
    return number(digits);
  }

 private:
  std::unique_ptr<BIGNUM, void (*)(BIGNUM*)> number_{nullptr, BN_free};
};

TEST(Uint256, AgreesWithOpenSslOnRandomNumbersOfEveryLength) {
  const std::unique_ptr<BN_CTX, void (*)(BN_CTX*)> context(BN_CTX_new(), BN_CTX_free);
  std::mt19937_64 random(2024);
  const auto any = [&] {
    Uint256 x;
    for (auto& limb : x.limbs) limb = random();
    return x >> static_cast<unsigned>(random() % 256);
  };
  for (int i = 0; i < 20000; ++i) {
    const Uint256 a = any();
    const Uint256 b = any();
    const std::uint64_t factor = random() >> (random() % 64);
    const Bignum big_a(a);
    const Bignum big_b(b);
    const Bignum out;
    BN_add(out.get(), big_a.get(), big_b.get());
    ASSERT_EQ(a + b, out.value());
    BN_mul(out.get(), big_a.get(), Bignum(Uint256(factor)).get(), context.get());
    ASSERT_EQ(a * factor, out.value());
    if (b.is_zero()) continue;
    BN_div(out.get(), nullptr, big_a.get(), big_b.get(), context.get());
    ASSERT_EQ(a / b, out.value()) << a.hex() << " / " << b.hex();
  }
}

}  // namespace
}  // namespace salus::pow

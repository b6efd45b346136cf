#include "engine/pow/target.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/engine/pow/numbers.h"

namespace salus::pow {
namespace {

struct BitsVector {
  std::uint32_t bits;
  const char* target;
  BitsError error;
  std::uint32_t encoded;
};

// bitcoin/bitcoin src/test/arith_uint256_tests.cpp, bignum_SetCompact. Zero is no target here, so
// what Core calls neither negative nor overflowing but zero has an error of its own.
constexpr BitsVector kVectors[] = {
    {0x00000000, "0", BitsError::zero, 0},
    {0x00123456, "0", BitsError::zero, 0},
    {0x01003456, "0", BitsError::zero, 0},
    {0x02000056, "0", BitsError::zero, 0},
    {0x03000000, "0", BitsError::zero, 0},
    {0x04000000, "0", BitsError::zero, 0},
    {0x00923456, "0", BitsError::zero, 0},
    {0x01803456, "0", BitsError::zero, 0},
    {0x02800056, "0", BitsError::zero, 0},
    {0x03800000, "0", BitsError::zero, 0},
    {0x04800000, "0", BitsError::zero, 0},
    {0x01123456, "12", BitsError::none, 0x01120000},
    {0x01fedcba, "7e", BitsError::negative, 0x017e0000},
    {0x02123456, "1234", BitsError::none, 0x02123400},
    {0x03123456, "123456", BitsError::none, 0x03123456},
    {0x04123456, "12345600", BitsError::none, 0x04123456},
    {0x04923456, "12345600", BitsError::negative, 0x04123456},
    {0x05009234, "92340000", BitsError::none, 0x05009234},
    {0x20123456, "1234560000000000000000000000000000000000000000000000000000000000",
     BitsError::none, 0x20123456},
};

TEST(CompactBits, DecodeAsBitcoinCoreDoes) {
  for (const BitsVector& v : kVectors) {
    const DecodedBits decoded = decode_bits(v.bits);
    EXPECT_EQ(decoded.target, number(v.target)) << std::hex << v.bits;
    EXPECT_EQ(decoded.error, v.error) << std::hex << v.bits;
    EXPECT_EQ(encode_bits(decoded.target), v.encoded) << std::hex << v.bits;
  }
}

TEST(CompactBits, NeverSetTheSignBit) { EXPECT_EQ(encode_bits(Uint256(0x80)), 0x02008000U); }

// The three edges of "does not fit in 256 bits", by the mantissa's length.
TEST(CompactBits, RefuseWhatDoesNotFit) {
  EXPECT_EQ(decode_bits(0xff123456).error, BitsError::overflow);
  EXPECT_EQ(decode_bits(0x207fffff).error, BitsError::none);
  EXPECT_EQ(decode_bits(0x21010000).error, BitsError::overflow);
  EXPECT_EQ(decode_bits(0x2100ffff).error, BitsError::none);
  EXPECT_EQ(decode_bits(0x22000100).error, BitsError::overflow);
  EXPECT_EQ(decode_bits(0x220000ff).error, BitsError::none);
  EXPECT_EQ(decode_bits(0x23000001).error, BitsError::overflow);
  EXPECT_EQ(decode_bits(0xff000000).error, BitsError::zero);
  EXPECT_EQ(decode_bits(0x21810000).error, BitsError::negative);
}

TEST(CompactBits, RoundDownAndKeepWhatIsNormal) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 10000; ++i) {
    Uint256 target;
    for (auto& limb : target.limbs) limb = random();
    target = target >> static_cast<unsigned>(random() % 256);
    if (target.is_zero()) continue;
    const std::uint32_t bits = encode_bits(target);
    const DecodedBits back = decode_bits(bits);
    ASSERT_EQ(back.error, BitsError::none) << target.hex();
    ASSERT_LE(back.target, target);
    ASSERT_EQ(encode_bits(back.target), bits);
    // What was dropped lies below the mantissa's last 16 to 23 bits.
    ASSERT_LE((target - back.target).bit_length() + 15, std::max(target.bit_length(), 15U));
  }
}

TEST(Work, IsTheExpectedNumberOfHashes) {
  // Block 0 of mainnet and the number that Bitcoin Core shows as its chain work.
  EXPECT_EQ(work_of(decode_bits(0x1d00ffff).target), number("0100010001"));
  EXPECT_EQ(work_of(decode_bits(0x207fffff).target), Uint256(2));
  EXPECT_EQ(work_of(~Uint256{}), Uint256(1));
  EXPECT_EQ(work_of(Uint256(1)), Uint256(1) << 255);
  EXPECT_EQ(work_of(Uint256{}), ~Uint256{});
}

TEST(Work, AndTargetAreEachOthersInverse) {
  std::mt19937_64 random(8);
  for (int i = 0; i < 5000; ++i) {
    Uint256 work;
    for (auto& limb : work.limbs) limb = random();
    work = work >> static_cast<unsigned>(random() % 256);
    if (work.is_zero()) continue;
    const Target target = target_of(work);
    ASSERT_GE(work_of(target), work);
    if (target == ~Uint256{}) continue;
    ASSERT_LT(work_of(target + Uint256(1)), work) << work.hex();
  }
  EXPECT_EQ(target_of(Uint256(1)), ~Uint256{});
}

TEST(Difficulty, IsCountedAgainstDifficultyOne) {
  EXPECT_DOUBLE_EQ(difficulty(decode_bits(0x1d00ffff).target), 1.0);
  // Mainnet block 100800, as Bitcoin Core's getblockheader and its rpc/blockchain tests show it.
  EXPECT_NEAR(difficulty(decode_bits(0x1b0404cb).target), 16307.420938523983, 1e-8);
}

TEST(RejectMask, LetsEveryHashThatMeetsTheTargetPass) {
  std::mt19937_64 random(9);
  for (int i = 0; i < 20000; ++i) {
    Uint256 target;
    for (auto& limb : target.limbs) limb = random();
    target = target >> static_cast<unsigned>(random() % 80);
    Uint256 hash = target;
    if (i % 3 != 0) hash = target - (target >> static_cast<unsigned>(1 + random() % 64));
    const auto word = __builtin_bswap32(static_cast<std::uint32_t>(hash.limbs[3] >> 32));
    ASSERT_LE(hash, target);
    ASSERT_EQ(word & reject_mask(target), 0U) << target.hex();
  }
}

TEST(RejectMask, PassesFewerThanTwiceWhatTheTopWordNeeds) {
  for (unsigned bits = 1; bits <= 32; ++bits) {
    const Target target = (Uint256(1) << (224 + bits)) - Uint256(1);
    EXPECT_EQ(static_cast<unsigned>(__builtin_popcount(reject_mask(target))), 32 - bits);
  }
  EXPECT_EQ(reject_mask(decode_bits(0x1d00ffff).target), 0xffffffffU);
  EXPECT_EQ(reject_mask(~Uint256{}), 0U);
}

}  // namespace
}  // namespace salus::pow

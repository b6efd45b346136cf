// Each refusal that the bytes alone decide, on items that are good but for one thing.
#include "engine/signature/form.h"

#include <gtest/gtest.h>

#include "engine/signature/constants.h"
#include "tests/engine/signature/each_verifier.h"
#include "tests/engine/signature/items.h"

namespace salus::engine::signature {
namespace {

class FormTest : public EachVerifier {
 protected:
  [[nodiscard]] OwnedItem good(Algorithm algorithm) {
    return sign(algorithm, random_, random_bytes(random_, 20));
  }
  static void put(std::vector<std::uint8_t>& bytes, std::size_t at, const NumberBytes& number) {
    std::ranges::copy(number, bytes.begin() + static_cast<std::ptrdiff_t>(at));
  }

  std::mt19937_64 random_{1};
};

/// number + summand, little-endian.
NumberBytes plus(NumberBytes number, std::uint8_t summand) {
  unsigned carry = summand;
  for (auto& byte : number) {
    carry += byte;
    byte = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  return number;
}

TEST_P(FormTest, GoodItemsAreValid) {
  EXPECT_EQ(verify(good(Algorithm::ed25519).view()), Reason::valid);
  EXPECT_EQ(verify(good(Algorithm::p256).view()), Reason::valid);
}

TEST_P(FormTest, UnknownAlgorithm) {
  OwnedItem item = good(Algorithm::ed25519);
  item.algorithm = static_cast<Algorithm>(9);
  EXPECT_EQ(verify(item.view()), Reason::unknown_algorithm);
}

TEST_P(FormTest, Lengths) {
  for (const Algorithm algorithm : {Algorithm::ed25519, Algorithm::p256}) {
    for (const std::size_t size : {0, 31, 33, 64, 66}) {
      OwnedItem item = good(algorithm);
      item.key.resize(size);
      EXPECT_EQ(verify(item.view()), Reason::key_length) << size;
    }
    for (const std::size_t size : {0, 1, 63, 65}) {
      OwnedItem item = good(algorithm);
      item.signature.resize(size);
      EXPECT_EQ(verify(item.view()), Reason::signature_length) << size;
    }
    OwnedItem item = good(algorithm);
    item.message.resize(kMaxMessageBytes + 1);
    EXPECT_EQ(verify(item.view()), Reason::message_too_long);
  }
}

TEST_P(FormTest, Ed25519SNotBelowTheOrder) {
  OwnedItem item = good(Algorithm::ed25519);
  put(item.signature, 32, kEd25519Order);
  EXPECT_EQ(verify(item.view()), Reason::s_out_of_range);
  --item.signature[32];
  EXPECT_EQ(verify(item.view()), Reason::mismatch);
}

TEST_P(FormTest, Ed25519YNotBelowThePrime) {
  for (std::uint8_t excess = 0; excess < 19; ++excess) {
    for (const int sign : {0, 0x80}) {
      NumberBytes y = plus(kEd25519Prime, excess);
      y[31] = static_cast<std::uint8_t>(y[31] | sign);
      OwnedItem item = good(Algorithm::ed25519);
      put(item.signature, 0, y);
      EXPECT_EQ(verify(item.view()), Reason::r_not_canonical);
      item = good(Algorithm::ed25519);
      put(item.key, 0, y);
      EXPECT_EQ(verify(item.view()), Reason::key_not_canonical);
    }
  }
}

TEST_P(FormTest, Ed25519SmallOrder) {
  for (NumberBytes y : kEd25519SmallOrderY) {
    for (const int sign : {0, 0x80}) {
      y[31] = static_cast<std::uint8_t>(y[31] | sign);
      OwnedItem item = good(Algorithm::ed25519);
      put(item.signature, 0, y);
      EXPECT_EQ(verify(item.view()), Reason::r_small_order);
      item = good(Algorithm::ed25519);
      put(item.key, 0, y);
      EXPECT_EQ(verify(item.view()), Reason::key_small_order);
    }
  }
}

TEST_P(FormTest, Ed25519KeyNotOnCurve) {
  OwnedItem item = good(Algorithm::ed25519);
  put(item.key, 0, {2});  // (y^2 - 1) / (d y^2 + 1) is not a square for y = 2
  EXPECT_EQ(verify(item.view()), Reason::key_not_on_curve);
  put(item.key, 0, {3});
  EXPECT_EQ(verify(item.view()), Reason::mismatch);
}

TEST_P(FormTest, P256Ranges) {
  const NumberBytes zero{};
  OwnedItem item = good(Algorithm::p256);
  for (const NumberBytes& number : {zero, kP256Order, kP256Prime}) {
    OwnedItem bad = item;
    put(bad.signature, 0, number);
    EXPECT_EQ(verify(bad.view()), Reason::r_out_of_range);
    put(bad.signature, 32, number);
    EXPECT_EQ(verify(bad.view()), Reason::s_out_of_range);
  }
  NumberBytes largest = kP256Order;
  --largest[31];
  put(item.signature, 0, largest);
  put(item.signature, 32, largest);
  EXPECT_EQ(verify(item.view()), Reason::mismatch);
}

TEST_P(FormTest, P256HighSIsRefusedOnlyWhereThePolicySaysSo) {
  const Policy low_s{.p256_low_s = true};
  OwnedItem item = good(Algorithm::p256);
  const bool was_low = verify(item.view(), low_s) == Reason::valid;
  // s -> n - s
  int borrow = 0;
  for (std::size_t i = 32; i-- > 0;) {
    const int difference = kP256Order[i] - item.signature[32 + i] - borrow;
    borrow = difference < 0 ? 1 : 0;
    item.signature[32 + i] = static_cast<std::uint8_t>(difference);
  }
  EXPECT_EQ(verify(item.view()), Reason::valid);
  EXPECT_EQ(verify(item.view(), low_s), was_low ? Reason::s_high : Reason::valid);

  put(item.signature, 32, kP256HalfOrder);
  EXPECT_EQ(verify(item.view(), low_s), Reason::mismatch);
  ++item.signature[63];
  EXPECT_EQ(verify(item.view(), low_s), Reason::s_high);
}

TEST_P(FormTest, P256Keys) {
  const OwnedItem item = good(Algorithm::p256);
  for (const int first : {0x00, 0x02, 0x03, 0x05, 0x06, 0x07}) {
    OwnedItem bad = item;
    bad.key[0] = static_cast<std::uint8_t>(first);
    EXPECT_EQ(verify(bad.view()), Reason::key_not_canonical);
  }
  for (const std::size_t coordinate : {1, 33}) {
    OwnedItem bad = item;
    put(bad.key, coordinate, kP256Prime);
    EXPECT_EQ(verify(bad.view()), Reason::key_not_canonical);
    bad = item;
    bad.key[coordinate + 31] ^= 1;
    EXPECT_EQ(verify(bad.view()), Reason::key_not_on_curve);
  }
  OwnedItem bad = item;  // x = y = 0, as infinity is sometimes written
  put(bad.key, 1, {});
  put(bad.key, 33, {});
  EXPECT_EQ(verify(bad.view()), Reason::key_not_on_curve);
}

TEST_P(FormTest, TheFirstReasonInOrderIsGiven) {
  OwnedItem item = good(Algorithm::ed25519);
  put(item.key, 0, plus(kEd25519Prime, 1));
  put(item.signature, 0, plus(kEd25519Prime, 1));
  put(item.signature, 32, kEd25519Order);
  EXPECT_EQ(verify(item.view()), Reason::s_out_of_range);
  put(item.signature, 32, {});
  EXPECT_EQ(verify(item.view()), Reason::r_not_canonical);
  put(item.signature, 0, {1});
  EXPECT_EQ(verify(item.view()), Reason::r_small_order);
}

SALUS_EACH_VERIFIER(FormTest);

}  // namespace
}  // namespace salus::engine::signature

#include "engine/signature/ecdsa_der.h"

#include <gtest/gtest.h>
#include <openssl/ec.h>

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "tests/support/places.h"

namespace salus::engine::signature {
namespace {

/// The DER that OpenSSL writes for the numbers that it reads in `der`; empty where it reads none.
std::vector<std::uint8_t> encoded_again(const std::vector<std::uint8_t>& der) {
  const std::uint8_t* in = der.data();
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(
      d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())), ECDSA_SIG_free);
  if (!pair) return {};
  std::uint8_t* out = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &out);
  const std::unique_ptr<std::uint8_t, void (*)(std::uint8_t*)> owner(
      out, [](std::uint8_t* p) { OPENSSL_free(p); });
  return {out, out + size};
}

std::vector<std::uint8_t> der_of(const char* text) { return from_hex(text).value(); }

TEST(EcdsaDerTest, AgreesWithOpensslOnAllOfWycheproof) {
  std::ifstream in(salus::test::test_data("signatures/ecdsa_secp256r1_sha256_test.json"));
  int taken = 0;
  const nlohmann::json json = nlohmann::json::parse(in);
  for (const auto& group : json.at("testGroups")) {
    for (const auto& test : group.at("tests")) {
      const auto der = from_hex(test.at("sig").get<std::string>()).value();
      const auto signature = p256_signature_from_der(der);
      // Strict DER is what OpenSSL writes back as it was. Not every such pair fits: numbers may be
      // negative or need more than 32 bytes.
      if (signature) {
        ++taken;
        EXPECT_EQ(encoded_again(der), der) << test.at("tcId");
      } else {
        EXPECT_NE(test.at("result"), "valid") << test.at("tcId");
      }
    }
  }
  EXPECT_GT(taken, 200);
}

TEST(EcdsaDerTest, PutsNumbersInPlace) {
  const auto signature = p256_signature_from_der(der_of("300702010102020080"));
  ASSERT_TRUE(signature);
  EXPECT_EQ((*signature)[31], 0x01);
  EXPECT_EQ((*signature)[63], 0x80);
  EXPECT_EQ(std::count(signature->begin(), signature->end(), 0), 62);
}

TEST(EcdsaDerTest, TakesZeroSoThatTheVerifierMayNameIt) {
  const auto signature = p256_signature_from_der(der_of("3006020100020101"));
  ASSERT_TRUE(signature);
  EXPECT_EQ((*signature)[31], 0);
}

class NotStrictTest : public testing::TestWithParam<const char*> {};

TEST_P(NotStrictTest, IsRefused) { EXPECT_FALSE(p256_signature_from_der(der_of(GetParam()))); }

INSTANTIATE_TEST_SUITE_P(
    Der, NotStrictTest,
    testing::Values("", "30", "3000", "3006020101",          // cut short
                    "300602010102010100",                    // a byte behind
                    "3007020101020101ff",                    // a byte behind, inside
                    "308106020101020101",                    // long form of a short length
                    "30800201010201010000",                  // indefinite length
                    "3006020181020101",                      // negative
                    "300702020001020101",                    // needless zero
                    "30050200020101",                        // an integer of no bytes
                    "3106020101020101", "3006030101020101",  // wrong tags
                    "3026022101000000000000000000000000000000000000000000000000000000000000000002"
                    "0101"));  // 33 bytes

}  // namespace
}  // namespace salus::engine::signature

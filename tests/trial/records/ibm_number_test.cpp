#include "trial/records/xpt/ibm_number.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <string>

#include "engine/bytes.h"

namespace salus::trial::xpt {
namespace {

std::string text_of(std::string_view hex) {
  const auto bytes = from_hex(hex);
  char text[kMaxNumberText];
  return {text, write_number(*bytes, text)};
}

TEST(IbmNumber, WritesNumbersAsTheirDigits) {
  EXPECT_EQ(text_of("0000000000000000"), "0");
  EXPECT_EQ(text_of("4110000000000000"), "1");
  EXPECT_EQ(text_of("c110000000000000"), "-1");
  EXPECT_EQ(text_of("4264000000000000"), "100");
  EXPECT_EQ(text_of("c276a00000000000"), "-118.625");
  EXPECT_EQ(text_of("4e1fffffffffffff"), "9007199254740991");
}

TEST(IbmNumber, WritesFractionsWithTheShortestDigitsThatReadBack) {
  EXPECT_EQ(text_of("401999999999999a"), "0.1");
  EXPECT_EQ(text_of("4080000000000000"), "0.5");
  EXPECT_EQ(text_of("c080000000000000"), "-0.5");
  EXPECT_EQ(text_of("413243f6a8885a30"), "3.141592653589793");
}

TEST(IbmNumber, WritesWhatIsMissingAsSasShowsIt) {
  EXPECT_EQ(text_of("2e00000000000000"), ".");
  EXPECT_EQ(text_of("5f00000000000000"), "._");
  EXPECT_EQ(text_of("4100000000000000"), ".A");
  EXPECT_EQ(text_of("5a00000000000000"), ".Z");
  EXPECT_EQ(text_of("2e0000"), ".");
}

TEST(IbmNumber, WritesTheBytesWhereNoOtherTextStandsForThemAlone) {
  EXPECT_EQ(text_of("4110000000000001"), "1.0000000000000002");    // 53 bits
  EXPECT_EQ(text_of("4180000000000001"), "ibm:4180000000000001");  // 56 bits
  EXPECT_EQ(text_of("8000000000000000"), "ibm:8000000000000000");
  EXPECT_EQ(text_of("4101000000000000"), "ibm:4101000000000000");  // leading zero digit
  EXPECT_EQ(text_of("4000000000000000"), "ibm:4000000000000000");  // zero with an exponent
  EXPECT_EQ(text_of("410100"), "ibm:410100");
}

TEST(IbmNumber, TakesNumbersThatWereCutShort) {
  EXPECT_EQ(text_of("4110"), "1");
  EXPECT_EQ(text_of("401999"), text_of("4019990000000000"));
}

/// By the definition: fraction of hexadecimal digits times a power of 16.
double value_of(const std::array<std::uint8_t, 8>& bytes) {
  double value = 0;
  for (std::size_t i = 1; i < 8; ++i) value += std::ldexp(bytes[i], -8 * static_cast<int>(i));
  value = std::ldexp(value, 4 * ((bytes[0] & 0x7f) - 64));
  return (bytes[0] & 0x80) != 0 ? -value : value;
}

TEST(IbmNumber, EveryTextReadsBackAsTheNumberAndStandsForNoOther) {
  std::mt19937_64 random(5);
  std::map<std::string, std::array<std::uint8_t, 8>> seen;
  for (int i = 0; i < 100'000; ++i) {
    std::array<std::uint8_t, 8> bytes{};
    const std::size_t used = 2 + random() % 7;
    for (std::size_t k = 0; k < used; ++k) bytes[k] = static_cast<std::uint8_t>(random());
    if (i % 2 == 0) bytes[0] = static_cast<std::uint8_t>(0x40 + random() % 10);
    char text[kMaxNumberText];
    const std::string written(text, write_number(bytes, text));
    ASSERT_LE(written.size(), kMaxNumberText);
    const auto [known, added] = seen.emplace(written, bytes);
    EXPECT_EQ(known->second, bytes) << written;
    if (written.starts_with("ibm:") || written.starts_with('.')) continue;
    EXPECT_EQ(std::stod(written), value_of(bytes));
  }
}

}  // namespace
}  // namespace salus::trial::xpt

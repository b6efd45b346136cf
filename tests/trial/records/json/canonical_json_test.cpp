// RFC 8785, against the RFC's own samples, their author's test data and V8.
#include "trial/records/json/canonical_json.h"
#include "tests/support/places.h"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/error.h"

namespace salus::test {
namespace {

using trial::CanonicalJson;
using trial::JsonNumbers;

/// The value as text, put together from its parts.
std::string canonical(std::string_view text, JsonNumbers numbers = JsonNumbers::rfc8785) {
  CanonicalJson json(numbers);
  // One level deeper, so that the whole is written by the parser itself.
  json.parse("[" + std::string(text) + "]");
  EXPECT_EQ(json.kind(), CanonicalJson::Kind::array);
  return std::string(json.parts().front().value);
}

std::string refusal(const std::string& text) {
  CanonicalJson json(JsonNumbers::rfc8785);
  try {
    json.parse(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::string content(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(CanonicalJson, IsWhatTheAuthorsOfTheRfcPublished) {
  const std::filesystem::path folder = std::filesystem::path(salus::test::test_data("trial/jcs"));
  unsigned files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "input")) {
    const std::string expected = content(folder / "output" / entry.path().filename());
    EXPECT_EQ(canonical(content(entry.path())), expected) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 6U);
}

TEST(CanonicalJson, WritesNumbersAsV8Does) {
  std::ifstream stream(std::filesystem::path(salus::test::test_data("trial/jcs/numbers.txt")));
  std::string bits;
  std::string expected;
  unsigned numbers = 0;
  while (stream >> bits >> expected) {
    std::uint64_t value = 0;
    std::from_chars(bits.data(), bits.data() + bits.size(), value, 16);
    char text[64];
    const auto end = std::to_chars(text, text + sizeof text, std::bit_cast<double>(value),
                                   std::chars_format::scientific);
    EXPECT_EQ(canonical({text, end.ptr}), expected) << bits;
    ++numbers;
  }
  EXPECT_GT(numbers, 1000U);
}

TEST(CanonicalJson, KeepsIntegersThatNoDoubleHolds) {
  EXPECT_EQ(canonical("9007199254740993"), "9007199254740993");
  EXPECT_EQ(canonical("9007199254740992"), "9007199254740992");
  EXPECT_EQ(canonical("-12345678901234567891"), "-12345678901234567891");
  EXPECT_EQ(canonical("123456789012345678901234567890"), "123456789012345678901234567890");
  EXPECT_EQ(canonical("100000000000000000000000"), "1e+23");
  EXPECT_EQ(canonical("18446744073709551615"), "18446744073709551615");
}

TEST(CanonicalJson, HasOneTextForEachDouble) {
  for (const char* const text : {"1", "1.0", "1.00", "1e0", "10E-1", "0.1e+1"})
    EXPECT_EQ(canonical(text), "1") << text;
  for (const char* const text : {"0", "-0", "0.0", "-0e5", "1e-400"})
    EXPECT_EQ(canonical(text), "0") << text;
}

TEST(CanonicalJson, KeepsNumbersAsWrittenWhereAskedTo) {
  for (const char* const text : {"1.0", "1.00", "-0.50", "1E+2", "12", "18446744073709551615"})
    EXPECT_EQ(canonical(text, JsonNumbers::as_written), text);
}

TEST(CanonicalJson, SortsNamesByTheirUtf16) {
  EXPECT_EQ(
      canonical("{\"\xEF\xAC\xB3\":1,\"\xF0\x9F\x98\x82\":2,\"z\":3,\"\":4,\"aa\":5,\"a\":6}"),
      "{\"\":4,\"a\":6,\"aa\":5,\"z\":3,\"\xF0\x9F\x98\x82\":2,\"\xEF\xAC\xB3\":1}");
}

TEST(CanonicalJson, GivesTheMembersOfTheOutermostObject) {
  CanonicalJson json(JsonNumbers::rfc8785);
  json.parse(R"( {"b" : [1, {"d":2, "c":3}] , "a" : "x\u0041"} )");
  ASSERT_EQ(json.parts().size(), 2U);
  EXPECT_EQ(json.parts()[0].name, "a");
  EXPECT_EQ(json.parts()[0].value, "\"xA\"");
  EXPECT_EQ(json.parts()[1].name, "b");
  EXPECT_EQ(json.parts()[1].value, R"([1,{"c":3,"d":2}])");
}

TEST(CanonicalJson, RefusesWhatHasNoCanonicalForm) {
  EXPECT_EQ(refusal(R"({"a":1,"a":2})"), "a member's name is there twice");
  EXPECT_EQ(refusal(R"([{"a":1,"\u0061":1}])"), "a member's name is there twice");
  EXPECT_EQ(refusal(std::string(129, '[') + std::string(129, ']')), "nested more than 128 deep");
  std::string many = "[0";
  for (std::size_t i = 0; i < CanonicalJson::kMaxValues; ++i) many += ",0";
  EXPECT_EQ(refusal(many + "]"), "more than 1048576 values side by side");
  EXPECT_EQ(refusal(std::string("1\0", 2)), "a NUL byte in it");
  EXPECT_EQ(refusal("\xEF\xBB\xBF{}"), "a byte order mark in front of it");
  for (const char* const text :
       {"", " ", "{", "[1,]", "{\"a\":1,}", "01", "1.", "+1", "nul", "[1 2]", "\"\\ud800\"",
        "\"\\udc00x\"", "\"\xff\"", "\"\xed\xa0\x80\"", "\"a", "1e999", "{} {}", "// c\n1", "NaN"})
    EXPECT_NE(refusal(text), "") << text;
}

}  // namespace
}  // namespace salus::test

// Hex and base64url as text: what is taken, how one is told from the other, and what is refused.
#include "cli/encoded_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/bytes.h"
#include "engine/error.h"

namespace salus::test {
namespace {

using cli::decode_text;
using cli::Encoding;
using testing::HasSubstr;

std::string decoded(std::string_view text, Encoding encoding = Encoding::automatic) {
  const std::vector<std::uint8_t> bytes = decode_text(text, encoding);
  return {bytes.begin(), bytes.end()};
}

TEST(EncodedText, TakesTheVectorsOfRfc4648) {
  const std::vector<std::pair<std::string, std::string>> vectors = {{"", ""},
                                                                    {"Zg==", "f"},
                                                                    {"Zm8=", "fo"},
                                                                    {"Zm9v", "foo"},
                                                                    {"Zm9vYg==", "foob"},
                                                                    {"Zm9vYmE=", "fooba"},
                                                                    {"Zm9vYmFy", "foobar"}};
  for (const auto& [text, bytes] : vectors) {
    EXPECT_EQ(decoded(text, Encoding::base64url), bytes);
    EXPECT_EQ(decoded(text.substr(0, text.find('='))), bytes);
  }
  EXPECT_EQ(decoded("-_-_"), "\xfb\xff\xbf");
}

TEST(EncodedText, TakesHexOfBothCases) {
  EXPECT_EQ(decoded("00fFA5"), std::string("\x00\xff\xa5", 3));
  EXPECT_EQ(decoded(""), "");
}

TEST(EncodedText, DigitsInPairsAreHexUnlessSomebodySaysOtherwise) {
  EXPECT_EQ(decoded("abcd"), "\xab\xcd");
  EXPECT_EQ(decoded("abcd", Encoding::base64url), "\x69\xb7\x1d");
  EXPECT_EQ(decoded("base64url:abcd", Encoding::hex), "\x69\xb7\x1d");
  EXPECT_EQ(decoded("hex:abcd", Encoding::base64url), "\xab\xcd");
  EXPECT_EQ(decoded("abc"), "\x69\xb7");  // no pairs
}

std::string complaint(std::string_view text, Encoding encoding = Encoding::automatic) {
  try {
    (void)decode_text(text, encoding);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    return error.what();
  }
  return "taken";
}

TEST(EncodedText, SaysWhatIsWrong) {
  EXPECT_THAT(complaint("abc", Encoding::hex), HasSubstr("odd number of hex digits (3)"));
  EXPECT_THAT(complaint("zz", Encoding::hex), HasSubstr("not hex"));
  EXPECT_THAT(complaint("hex:0g"), HasSubstr("not hex"));
  EXPECT_THAT(complaint("a"), HasSubstr("length that cannot be"));
  EXPECT_THAT(complaint("a+/b"), HasSubstr("has - and _"));
  EXPECT_THAT(complaint("a b"), HasSubstr("neither hex nor base64url"));
  EXPECT_THAT(complaint("Zg="), HasSubstr("wrong number of ="));
  EXPECT_THAT(complaint("Zm9v===="), HasSubstr("neither hex nor base64url"));
  EXPECT_THAT(complaint("Zh"), HasSubstr("mean nothing"));
  EXPECT_THAT(complaint(std::string_view("\0\0\0", 3)), HasSubstr("neither hex nor base64url"));
}

}  // namespace
}  // namespace salus::test

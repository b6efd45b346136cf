#include "node/api/text.h"

#include <gtest/gtest.h>

namespace salus::test {
namespace {

using namespace node::api;  // NOLINT: tests of it

TEST(Target, IsPathAndParameters) {
  const auto target = parse_target("/v1/telemetry?device=ab%2Bc&to=1+2&flag&=x&&last=");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/v1/telemetry");
  const std::vector<std::pair<std::string, std::string>> expected{
      {"device", "ab+c"}, {"to", "1 2"}, {"flag", ""}, {"", "x"}, {"last", ""}};
  EXPECT_EQ(target->parameters, expected);
}

TEST(Target, KeepsAPathAsItIs) {
  EXPECT_EQ(parse_target("/a/%2e%2e/b")->path, "/a/%2e%2e/b");
  EXPECT_EQ(parse_target("//x?")->path, "//x");
}

TEST(Target, RefusesOthers) {
  for (const char* text : {"", "*", "http://host/", "v1/status", "/x?a=%", "/x?a=%2", "/x?a=%zz"})
    EXPECT_FALSE(parse_target(text)) << text;
}

TEST(Decimal, IsAWholeNumberAlone) {
  EXPECT_EQ(decimal("0"), 0U);
  EXPECT_EQ(decimal("18446744073709551615"), 18446744073709551615U);
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "1.5", "0x1", "18446744073709551616"})
    EXPECT_EQ(decimal(text), std::nullopt) << text;
}

}  // namespace
}  // namespace salus::test

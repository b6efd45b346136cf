#include "trial/seal/exclusion.h"

#include <gtest/gtest.h>

namespace salus::trial {
namespace {

bool excludes(const std::string& pattern, const std::string& path) {
  const std::vector<std::string> patterns{pattern};
  return Exclusion(patterns).matches(path);
}

TEST(Exclusion, WithoutASlashComparesTheLastName) {
  EXPECT_TRUE(excludes("*.tmp", "a.tmp"));
  EXPECT_TRUE(excludes("*.tmp", "deep/below/a.tmp"));
  EXPECT_FALSE(excludes("*.tmp", "a.tmp.xpt"));
  EXPECT_FALSE(excludes("below", "deep/below/a"));  // asked for on its own
  EXPECT_TRUE(excludes("below", "deep/below"));
}

TEST(Exclusion, WithASlashComparesTheWholePath) {
  EXPECT_TRUE(excludes("deep/*.tmp", "deep/a.tmp"));
  EXPECT_FALSE(excludes("deep/*.tmp", "a/deep/a.tmp"));
  EXPECT_FALSE(excludes("deep/*", "deep/below/a"));
}

TEST(Exclusion, TakesNamesOfAnyBytes) {
  EXPECT_TRUE(excludes("*.tmp", "\xff\xfe.tmp"));
  EXPECT_FALSE(Exclusion().matches("a"));
}

}  // namespace
}  // namespace salus::trial

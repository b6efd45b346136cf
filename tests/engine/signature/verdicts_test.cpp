#include <gtest/gtest.h>

#include <set>

#include "engine/signature/signature.h"

namespace salus::engine::signature {
namespace {

TEST(VerdictsTest, NothingIsValidBeforeItIsDecided) {
  const Verdicts verdicts(100);
  EXPECT_EQ(verdicts.size(), 100U);
  EXPECT_EQ(verdicts.count_valid(), 0U);
  EXPECT_FALSE(verdicts.valid(99));
}

TEST(VerdictsTest, BitmapAndReasonsAgree) {
  Verdicts verdicts(70);
  verdicts.set(0, Reason::valid);
  verdicts.set(69, Reason::valid);
  verdicts.set(1, Reason::s_high);
  EXPECT_EQ(verdicts.bitmap(), (std::vector<std::uint64_t>{1, 1 << 5}));
  EXPECT_EQ(verdicts.reason(1), Reason::s_high);
  EXPECT_EQ(verdicts.count_valid(), 2U);

  verdicts.set(69, Reason::mismatch);
  EXPECT_FALSE(verdicts.valid(69));
  EXPECT_EQ(verdicts.count_valid(), 1U);
}

TEST(VerdictsTest, AnEmptyBatchIsAllValid) {
  EXPECT_TRUE(Verdicts(0).all_valid());
  EXPECT_TRUE(Verdicts(0).bitmap().empty());
}

TEST(VerdictsTest, EveryReasonHasANameOfItsOwn) {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(Reason::mismatch); ++i)
    names.insert(to_string(static_cast<Reason>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Reason::mismatch) + 1);
  EXPECT_FALSE(names.contains("unknown"));
}

}  // namespace
}  // namespace salus::engine::signature

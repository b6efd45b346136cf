// What a seal says of the one that it replaces.
#include "trial/proof/previous.h"

#include <gmock/gmock.h>

#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "tests/trial/proof/made_seal.h"

namespace salus::trial::test {
namespace {

using node::Algorithm;
using testing::HasSubstr;

std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

class PreviousSeal : public testing::Test {
 protected:
  [[nodiscard]] Previous grown() const {
    return {true, before_.key().public_key(), tree_.consistency_proof(before_.head().size),
            before_.signatures().checkpoint};
  }
  [[nodiscard]] Previous changed() const {
    return {false, before_.key().public_key(), {}, before_.signatures().checkpoint};
  }
  [[nodiscard]] std::string check(const std::string& text,
                                  const std::optional<std::string>& sums = {}) const {
    try {
      return check_previous(read_previous(text), head_, sums);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input);
      return error.what();
    }
  }

  MadeSeal before_{Algorithm::p256};
  std::vector<std::string> lines_ = [this] {
    std::vector<std::string> lines = before_.lines();
    for (int i = 0; i < 9; ++i) lines.push_back("another line " + std::to_string(i));
    return lines;
  }();
  merkle::Tree tree_ = tree_over(lines_);
  TreeHead head_{before_.head().origin, tree_.size(), tree_.root()};
};

TEST_F(PreviousSeal, ThatGrewIsProvedToBeAPrefix) {
  const std::string text = write_previous(grown());
  EXPECT_EQ(read_previous(text), grown());
  EXPECT_EQ(check(text), "");
  EXPECT_THAT(check(text, text_of(before_.lines())), HasSubstr("does not belong"));
}

TEST_F(PreviousSeal, ThatWasReplacedIsKept) {
  const std::string text = write_previous(changed());
  EXPECT_EQ(check(text, text_of(before_.lines())), "");
  EXPECT_THAT(check(text), HasSubstr("is not there"));
  EXPECT_THAT(check(text, text_of(lines_)), HasSubstr("not what was sealed"));
  EXPECT_THAT(check(text, ""), HasSubstr("not what was sealed"));
}

TEST_F(PreviousSeal, FailsWhenAnyByteIsChanged) {
  const std::string sums = text_of(before_.lines());
  for (const bool is_grown : {true, false}) {
    const std::string good = write_previous(is_grown ? grown() : changed());
    const auto beside = is_grown ? std::nullopt : std::optional(sums);
    ASSERT_EQ(check(good, beside), "");
    for (std::size_t i = 0; i < good.size(); ++i) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 1);
      EXPECT_NE(check(bad, beside), "") << i;
    }
    for (std::size_t size = 0; size < good.size(); ++size)
      EXPECT_NE(check(good.substr(0, size), beside), "") << size;
  }
  for (std::size_t i = 0; i < sums.size(); ++i) {
    std::string bad = sums;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    EXPECT_NE(check(write_previous(changed()), bad), "") << i;
  }
}

TEST(Replacements, AreWhatIsNotAsItWas) {
  const auto file = [](const std::string& path, const char* content) {
    SealedFile out;
    out.path = path;
    out.digest = openssl_sha256(as_bytes(content));
    return out;
  };
  Seal before;
  before.files = {file("a", "1"), file("b", "1"), file("d", "1")};
  Seal after;
  after.files = {file("b", "2"), file("c", "1"), file("d", "1")};
  using Kind = Replacement::Kind;
  EXPECT_THAT(replacements(before, after),
              testing::ElementsAre(Replacement{Kind::removed, "a"}, Replacement{Kind::changed, "b"},
                                   Replacement{Kind::added, "c"}));
  EXPECT_TRUE(replacements(before, before).empty());
}

}  // namespace
}  // namespace salus::trial::test

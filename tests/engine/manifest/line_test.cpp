// Manifest lines, one by one. Whole manifests are compared with `sha256sum` in
// tests/cli/hash_test.cpp.
#include "engine/manifest/line.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace salus::manifest {
namespace {

const std::string kHex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const Digest kDigest = *digest_from_hex(kHex);

/// The entry on a line that a new parser meets first.
std::optional<Entry> parsed(std::string_view line) {
  LineParser parser;
  Entry entry;
  if (parser.parse(line, entry) != LineKind::entry) return std::nullopt;
  return entry;
}

LineKind kind(std::string_view line) {
  LineParser parser;
  Entry entry;
  return parser.parse(line, entry);
}

TEST(ManifestLine, TakesEveryStyle) {
  EXPECT_EQ(parsed(kHex + "  a b"), (Entry{kDigest, "a b", false}));
  EXPECT_EQ(parsed(kHex + " *a b"), (Entry{kDigest, "a b", true}));
  EXPECT_EQ(parsed(kHex + " a b"), (Entry{kDigest, "a b", false}));
  EXPECT_EQ(parsed("SHA256 (a b) = " + kHex), (Entry{kDigest, "a b", false}));
  EXPECT_EQ(parsed("SHA256(a b)= " + kHex), (Entry{kDigest, "a b", false}));
}

TEST(ManifestLine, TakesUpperCaseBlanksInFrontAndACarriageReturn) {
  std::string upper = kHex;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ(parsed(" \t" + upper + "  a\r"), (Entry{kDigest, "a", false}));
}

TEST(ManifestLine, KeepsBlanksAndParenthesesOfNames) {
  EXPECT_EQ(parsed(kHex + "    a ")->name, "  a ");
  EXPECT_EQ(parsed("SHA256 (a) = b(c)) = " + kHex)->name, "a) = b(c)");
}

TEST(ManifestLine, UndoesEscapes) {
  EXPECT_EQ(parsed("\\" + kHex + "  a\\nb\\\\c\\rd")->name, "a\nb\\c\rd");
  EXPECT_EQ(parsed("\\SHA256 (a\\nb) = " + kHex)->name, "a\nb");
  EXPECT_EQ(parsed(kHex + "  a\\nb")->name, "a\\nb");
}

TEST(ManifestLine, PassesOverCommentsAndEmptyLines) {
  for (const std::string line : {"", "\r", "#", "# text"}) EXPECT_EQ(kind(line), LineKind::ignored);
  EXPECT_EQ(kind(" # text"), LineKind::malformed);
}

TEST(ManifestLine, RefusesWhatIsNotALine) {
  const std::vector<std::string> bad = {
      "x",
      " ",
      kHex,
      kHex + " ",
      kHex + "a",
      kHex.substr(1) + "  a",
      kHex + "0  a",
      std::string("g") + kHex.substr(1) + "  a",
      "\\" + kHex + "  a\\",
      "\\" + kHex + "  a\\x",
      "\\" + kHex + std::string("  a\0", 4),
      "\\\\" + kHex + "  a",
      "SHA256",
      "SHA256 a",
      "SHA256 (a",
      "SHA256 (a) " + kHex,
      "SHA256 (a) = " + kHex + " ",
      std::string("SHA256 (a) = ") + kHex.substr(1),
      "SHA256  (a) = " + kHex,
      "MD5 (a) = " + kHex,
  };
  for (const std::string& line : bad) EXPECT_EQ(kind(line), LineKind::malformed) << line;
}

TEST(ManifestLine, DoesNotMixTheTwoUntaggedStyles) {
  LineParser parser;
  Entry entry;
  EXPECT_EQ(parser.parse(kHex + "  a", entry), LineKind::entry);
  EXPECT_EQ(parser.parse(kHex + " a", entry), LineKind::malformed);
  LineParser reversed;
  EXPECT_EQ(reversed.parse(kHex + " a", entry), LineKind::entry);
  EXPECT_EQ(reversed.parse(kHex + "  a", entry), LineKind::entry);
  EXPECT_EQ(entry.name, " a");
}

TEST(ManifestLine, ReadsBackWhatItWrites) {
  const std::vector<std::string> names = {"a",    " a ",      "*a",      "a\nb",       "\\",
                                          "\r\n", "\\n\\\\",  "#a",      "SHA256 (a)", ")(",
                                          "-",    "\xff\xfe", "\xc3\xa9"};
  for (const std::string& name : names) {
    for (const LineStyle style :
         {LineStyle{}, LineStyle{.binary = true}, LineStyle{.tagged = true}}) {
      std::string line;
      append_line(line, kDigest, name, style);
      ASSERT_EQ(line.find('\n'), line.size() - 1);
      EXPECT_EQ(parsed(line.substr(0, line.size() - 1)), (Entry{kDigest, name, style.binary}));
    }
  }
}

TEST(ManifestLine, ZeroEndsWithNulAndDoesNotEscape) {
  std::string line;
  append_line(line, kDigest, "a\n\\", {.zero = true});
  EXPECT_EQ(line, kHex + "  a\n\\" + '\0');
}

}  // namespace
}  // namespace salus::manifest

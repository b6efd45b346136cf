// The lines of a seal: written as coreutils takes them, and read strictly.
#include "trial/seal/sums.h"

#include <gtest/gtest.h>

#include "engine/error.h"
#include "engine/openssl_sha256.h"

namespace salus::trial {
namespace {

Digest digest(std::string_view text) { return openssl_sha256(as_bytes(text)); }

Seal sample() {
  Seal seal;
  seal.header = {.origin = "salus-trial/pilot",
                 .sealed = "2026-11-21T22:00:00Z",
                 .tool = "salus 0.1.0",
                 .note = "Database lock\nsecond line \\ backslash",
                 .excludes = {"*.tmp", "work/new\nline"},
                 .cells = true};
  seal.sections = {{seal.header.sealed, 0}, {"2026-12-01T08:00:00Z", 3}};
  const auto add = [&](std::string path, bool chunks, bool records) {
    SealedFile file{.path = std::move(path), .digest = {}, .chunks = {}, .records = {}};
    file.digest = digest(file.path);
    if (chunks) file.chunks = ChunkCommitment{kChunkBytes, 3, digest("chunks")};
    if (records) file.records = RecordCommitment{"xpt5-obs/1", 0, digest("records")};
    seal.files.push_back(std::move(file));
  };
  add("a-b", false, false);
  add("a/b", true, true);
  add("with\nnewline\\and\rmore", true, false);
  add("a", false, true);
  std::uint64_t entry = 8;  // lines of the header
  for (std::size_t i = 0; i < seal.files.size(); ++i) {
    if (i == 3) ++entry;  // the line of its section
    seal.files[i].entry = entry;
    entry += seal.files[i].lines();
  }
  return seal;
}

std::string refusal(std::string_view text) {
  try {
    (void)read_sums(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    return error.what();
  }
  return "";
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Sums, AreReadAsTheyWereWritten) {
  const std::string text = write_sums(sample());
  const Seal again = read_sums(text);
  EXPECT_EQ(again, sample());
  EXPECT_EQ(write_sums(again), text);
  EXPECT_EQ(read_sums_header(text), sample().header);
}

TEST(Sums, HaveTheFormThatIsDocumented) {
  Seal seal = sample();
  seal.header.note.reset();
  seal.header.excludes.clear();
  seal.header.cells = false;
  seal.sections.resize(1);
  seal.files.resize(2);
  const std::string a = to_hex(digest("a-b"));
  const std::string b = to_hex(digest("a/b"));
  EXPECT_EQ(write_sums(seal),
            "# salus-trial-seal/1\n# origin salus-trial/pilot\n# sealed 2026-11-21T22:00:00Z\n"
            "# tool salus 0.1.0\n" +
                a + "  a-b\n" + b + "  a/b\n# chunks rfc9162-sha256 1048576 3 " +
                to_hex(digest("chunks")) + "  a/b\n# records xpt5-obs/1 0 " +
                to_hex(digest("records")) + "  a/b\n");
}

TEST(Sums, OfAnEmptyStudyAreItsHeader) {
  Seal seal = sample();
  seal.sections.resize(1);
  seal.files.clear();
  EXPECT_EQ(read_sums(write_sums(seal)), seal);
}

TEST(Sums, OfAnotherVersionAreToldFromDamage) {
  const std::string text = write_sums(sample());
  EXPECT_NE(refusal(with(text, "seal/1", "seal/2")).find("another version"), std::string::npos);
  EXPECT_NE(refusal("something else\n").find("no seal of salus"), std::string::npos);
  EXPECT_NE(refusal("").find("no seal of salus"), std::string::npos);
}

TEST(Sums, RefuseWhatTheWriterDoesNotWrite) {
  const std::string text = write_sums(sample());
  const std::string hex = to_hex(digest("a-b"));
  std::string upper = hex;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  const std::pair<std::string_view, std::string> changes[] = {
      {"# sealed 2026-11-21", "# sealed 2026-13-21"},
      {"# sealed 2026-11-21T22", "# sealed 2026-11-21T24"},
      {"# origin salus-trial/pilot", "# origin salus trial"},
      {"# origin salus-trial/pilot\n", ""},
      {"# tool salus 0.1.0\n", "# tool \n"},
      {"# cells\n", "# cells yes\n"},
      {"# section 2 ", "# section 3 "},
      {"# section 2 2026-12-01", "# section 2 2026-02-30"},
      {"  a-b\n", " *a-b\n"},
      {"  a-b\n", "  ../a-b\n"},
      {"  a-b\n", "  /a-b\n"},
      {"  a-b\n", "  a//b\n"},
      {"  a-b\n", "  ./a\n"},
      {"  a-b\n", "  \n"},
      {"  a-b\n", "  b\n"},  // not in order
      {hex, upper},
      {hex, "\\" + hex},
      {"1048576 3 ", "1048576 03 "},
      {"1048576 3 ", "1048576 1 "},
      {"1048576 3 ", "1048576 18446744073709551615 "},
      {"1048576 3 ", "65536 3 "},
      {"# records xpt5-obs/1 0 ", "# records  0 "},
      {"# records xpt5-obs/1 0 ", "# records xpt5-obs/1 -1 "},
      {"newline\\\\and\\rmore", "newline\\\\and\rmore"},
      {"newline\\\\and", "newline\\xand"},
  };
  for (const auto& [from, to] : changes)
    EXPECT_NE(refusal(with(text, from, to)), "") << from << " -> " << to;
  EXPECT_NE(refusal(text.substr(0, text.size() - 1)), "");
  EXPECT_NE(refusal(text + "# section 3 2026-12-01T08:00:00Z\n"), "");
  EXPECT_NE(refusal(text + "\n"), "");
  EXPECT_NE(refusal(text + std::string(kMaxSumsLine + 1, 'x') + "\n"), "");
}

TEST(Sums, NameTheLineThatIsWrong) {
  const std::string text = write_sums(sample());
  EXPECT_NE(refusal(with(text, "# section 2", "# sektion 2")).find("SHA256SUMS: line 15:"),
            std::string::npos)
      << refusal(with(text, "# section 2", "# sektion 2"));
}

TEST(Sums, RefuseAPathInTwoSections) {
  Seal seal = sample();
  seal.files[3].path = "a/b";
  EXPECT_NE(refusal(write_sums(seal)).find("names a file twice: a/b"), std::string::npos);
}

/// Whatever single bit changes, the text is refused or says something else.
TEST(Sums, LoseNoBit) {
  const Seal seal = sample();
  const std::string text = write_sums(seal);
  for (std::size_t i = 0; i < 8 * text.size(); ++i) {
    std::string other = text;
    other[i / 8] = static_cast<char>(other[i / 8] ^ (1 << (i % 8)));
    try {
      const Seal read = read_sums(other);
      ASSERT_NE(read, seal) << "bit " << i;
      ASSERT_EQ(write_sums(read), other) << "bit " << i;
    } catch (const Error&) {
    }
  }
}

TEST(Sums, WriterRefusesWhatCannotStandThere) {
  std::string out;
  SealHeader header = sample().header;
  header.origin = "two words";
  EXPECT_THROW(append_header(out, header), Error);
  header = sample().header;
  header.note = std::string("a\0b", 3);
  EXPECT_THROW(append_header(out, header), Error);
  SealedFile file = sample().files[0];
  file.path = "a/../b";
  EXPECT_THROW(append_file(out, file), Error);
  EXPECT_THROW(append_section(out, 2, "yesterday"), Error);
}

TEST(Sums, PathsStayWithinTheFolder) {
  for (const char* good : {"a", "a/b", "..a", "a..", "...", ".hidden", " ", "a b/c\nd", "\xff\xfe"})
    EXPECT_TRUE(is_sealable_path(good)) << good;
  for (const char* bad :
       {"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/..", "a/./b", "a/../b"})
    EXPECT_FALSE(is_sealable_path(bad)) << bad;
  EXPECT_FALSE(is_sealable_path(std::string_view("a\0b", 3)));
  EXPECT_FALSE(is_sealable_path(std::string(4096, 'a')));
}

}  // namespace
}  // namespace salus::trial

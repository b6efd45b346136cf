#include "node/api/token_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using namespace node::api;  // NOLINT: tests of it
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

std::string parse_error(std::string_view text) {
  try {
    parse_token_file(text);
    return "nothing";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    return error.what();
  }
}

TEST(TokenFile, ReadsWhatIsWrittenForATokenAndPassesOverComments) {
  const std::string text = std::string(token_file_head()) +
                           token_file_line(ApiRole::auditor, "audits") + "\n   # a comment\n\t" +
                           token_file_line(ApiRole::operator_, "runs") + " reader  " +
                           to_hex(openssl_sha256(as_bytes("reads")));
  const auto grants = parse_token_file(text);
  ASSERT_EQ(grants.size(), 3U);
  EXPECT_EQ(grants[0].role, ApiRole::auditor);
  EXPECT_EQ(grants[0].token_sha256, openssl_sha256(as_bytes("audits")));
  EXPECT_EQ(grants[1].role, ApiRole::operator_);
  EXPECT_EQ(grants[2].role, ApiRole::reader);
  EXPECT_EQ(grants[2].token_sha256, openssl_sha256(as_bytes("reads")));
  EXPECT_THAT(parse_token_file(""), testing::IsEmpty());
}

TEST(TokenFile, NamesTheLineThatIsNoneAndRepeatsNothingOfIt) {
  const std::string digest = to_hex(openssl_sha256(as_bytes("reads")));
  for (const std::string& line : {std::string("reader"), digest, std::string("readers 00"),
                                  std::string("reader in-the-clear")})
    EXPECT_THAT(parse_error("# first\n\n" + line + "\n"),
                AllOf(HasSubstr("line 3: "), Not(HasSubstr("clear")), Not(HasSubstr(digest))))
        << line;
  for (const std::string& line :
       {"reader " + digest + "00", "reader " + digest + " more", "reader " + digest.substr(2),
        "root " + digest, "reader\t" + digest, "reader " + digest + "\r"})
    EXPECT_THAT(parse_error(line), AllOf(HasSubstr("line 1: "), Not(HasSubstr(digest.substr(2)))))
        << line;
  EXPECT_THAT(parse_error(std::string("reader ") + '\0' + digest), HasSubstr("line 1: "));
}

TEST(TokenFile, IsBounded) {
  std::string text;
  for (int i = 0; i <= 4096; ++i) text += token_file_line(ApiRole::reader, std::to_string(i));
  EXPECT_THAT(parse_error(text), HasSubstr("line 4097: too many"));
}

TEST(TokenFile, CountsItsTokensByRole) {
  EXPECT_EQ(count_by_role({}), "0 readers, 0 auditors, 0 operators");
  const auto grants = parse_token_file(token_file_line(ApiRole::reader, "a") +
                                       token_file_line(ApiRole::reader, "b") +
                                       token_file_line(ApiRole::operator_, "c"));
  EXPECT_EQ(count_by_role(grants), "2 readers, 0 auditors, 1 operator");
}

/// A file of tokens, and what reading it throws.
class TokenFileOnDisk : public testing::Test {
 protected:
  void write(std::string_view text, mode_t mode = 0600) const {
    folder.write("tokens", text);
    ASSERT_EQ(chmod(file.c_str(), mode), 0);
  }
  [[nodiscard]] std::string error() const {
    try {
      read_token_file(file);
      return "nothing";
    } catch (const Error& error) {
      return error.what();
    }
  }

  TemporaryFolder folder;
  fs::path file = folder.path() / "tokens";
};

TEST_F(TokenFileOnDisk, IsReadByWhoeverMayReadIt) {
  for (const mode_t mode : {0600, 0640, 0644, 0400}) {
    write(token_file_line(ApiRole::reader, "reads"), mode);
    EXPECT_EQ(read_token_file(file).size(), 1U) << mode;
  }
}

TEST_F(TokenFileOnDisk, IsRefusedWhereOthersMayWriteIt) {
  for (const mode_t mode : {0620, 0602, 0666}) {
    write(token_file_line(ApiRole::reader, "reads"), mode);
    EXPECT_THAT(error(), AllOf(HasSubstr(file.string()), HasSubstr("chmod go-w"))) << mode;
  }
}

TEST_F(TokenFileOnDisk, IsRefusedWhereItIsSomebodyElses) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  write("");
  ASSERT_EQ(chown(file.c_str(), 65534, 65534), 0);
  EXPECT_THAT(error(), HasSubstr("belongs neither"));
}

TEST_F(TokenFileOnDisk, SaysWhatIsWrongWithIt) {
  EXPECT_THAT(error(), AllOf(HasSubstr(file.string()), HasSubstr("No such file")));
  write("reader nonsense");
  EXPECT_THAT(error(), AllOf(HasSubstr(file.string() + ": line 1"), Not(HasSubstr("nonsense"))));
  write(std::string(kMaxTokenFileBytes, '#'));
  EXPECT_EQ(error(), "nothing");
  write(std::string(kMaxTokenFileBytes + 1, '#'));
  EXPECT_THAT(error(), HasSubstr("longer than"));
  fs::remove(file);
  ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
  EXPECT_THAT(error(), HasSubstr("no regular file"));
  fs::remove(file);
  fs::create_directory(file);
  EXPECT_THAT(error(), HasSubstr("no regular file"));
}

}  // namespace
}  // namespace salus::test

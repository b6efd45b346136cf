// `salus key`: keys made and shown, in files and on a terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "tests/cli/run_salus.h"
#include "tests/cli/terminal.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

class KeyCommand : public testing::Test {
 protected:
  [[nodiscard]] std::string path(std::string_view name) const { return folder_.path(name); }
  /// The standard output of an openssl command that must succeed.
  [[nodiscard]] std::string openssl(const std::string& arguments) const {
    const std::string line =
        "cd '" + folder_.path().string() + "' && openssl " + arguments + " >out 2>log";
    EXPECT_EQ(std::system(line.c_str()), 0) << line << '\n' << read_text(path("log"));
    return read_text(path("out"));
  }
  [[nodiscard]] static std::string without_end(std::string text) {
    if (text.ends_with('\n')) text.pop_back();
    return text;
  }

  TemporaryFolder folder_;
};

TEST_F(KeyCommand, NewMakesAKeyThatOnlyItsOwnerMayRead) {
  for (const char* const algorithm : {"ed25519", "p256"}) {
    const std::string file = path(std::string(algorithm) + ".pem");
    const RunResult made = run_salus({"key", "new", "--alg", algorithm, "--out", file});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    EXPECT_THAT(made.out, MatchesRegex("[0-9a-f]{32}\n"));
    EXPECT_THAT(made.err, IsEmpty());
    struct stat status {};
    ASSERT_EQ(stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
    EXPECT_EQ(run_salus({"key", "id", file}).out, made.out);
    const RunResult shown = run_salus({"key", "show", file});
    EXPECT_THAT(shown.out, HasSubstr("key id     " + made.out));
    EXPECT_THAT(shown.out, HasSubstr(std::string("algorithm  ") + algorithm));
    EXPECT_THAT(shown.out, HasSubstr(openssl("pkey -pubout -in " + file)));
    EXPECT_THAT(shown.out, Not(HasSubstr("PRIVATE")));
  }
}

TEST_F(KeyCommand, IdIsTheSameForThePrivateAndThePublicPart) {
  (void)openssl("genpkey -algorithm ED25519 -out key.pem");
  (void)openssl("pkey -in key.pem -pubout -out public.pem");
  (void)openssl("pkey -in key.pem -pubout -outform DER -out public.der");
  const std::string id = run_salus({"key", "id", path("key.pem")}).out;
  EXPECT_THAT(id, MatchesRegex("[0-9a-f]{32}\n"));
  EXPECT_EQ(run_salus({"key", "id", path("public.pem")}).out, id);
  EXPECT_EQ(run_salus({"key", "id", path("public.der")}).out, id);
  RunOptions options;
  options.stdin_text = read_text(path("public.pem"));
  EXPECT_EQ(run_salus({"key", "id", "-"}, options).out, id);
  // What `key show` prints is a PEM file with text in front, which others read.
  folder_.write("shown", run_salus({"key", "show", path("key.pem")}).out);
  EXPECT_EQ(run_salus({"key", "id", path("shown")}).out, id);
}

TEST_F(KeyCommand, ShowPrintsTheExampleOfTheRfc) {
  // RFC 9679, section 6, as a point.
  const std::string x = "65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d";
  const std::string y = "1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c";
  folder_.write("point", from_hex("04" + x + y).value());
  const RunResult shown = run_salus({"key", "show", path("point")});
  EXPECT_THAT(shown.out, HasSubstr("key id     496bd8afadf307e5b08c64b0421bf9dc\n"));
  EXPECT_THAT(shown.out, HasSubstr("COSE_Key   a401022001215820" + x + "225820" + y + "\n"));
}

TEST_F(KeyCommand, EncryptsWithThePassphraseOfAFile) {
  folder_.write("passphrase", "correct horse\nnot this line\n");
  folder_.write("wrong", "wrong horse\n");
  const RunResult made = run_salus({"key", "new", "--alg", "p256", "--out", path("key.pem"),
                                    "--passphrase-file", path("passphrase")});
  EXPECT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(read_text(path("key.pem")), StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
  EXPECT_EQ(run_salus({"key", "id", path("key.pem"), "--passphrase-file", path("passphrase")}).out,
            made.out);
  const RunResult wrong =
      run_salus({"key", "id", path("key.pem"), "--passphrase-file", path("wrong")});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("passphrase is wrong"));
  EXPECT_THAT(wrong.err, Not(HasSubstr("horse")));
  (void)openssl("pkey -in key.pem -passin 'pass:correct horse' -noout");
}

TEST_F(KeyCommand, RefusesBadUseWithOneLine) {
  folder_.write("text", "no key at all");
  folder_.write("empty", "");
  folder_.write("there.pem", "precious");
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"key"}, "needs a command"},
      {{"key", "new", "--out", path("x")}, "--alg"},
      {{"key", "new", "--alg", "rsa", "--out", path("x")}, "--alg"},
      {{"key", "new", "--alg", "p256", "--out", path("there.pem")}, "is there already"},
      {{"key", "new", "--alg", "p256", "--out", path("x"), "--passphrase-file", path("empty")},
       "empty"},
      {{"key", "id", path("text")}, "text"},
      {{"key", "id", path("none")}, "none"},
      {{"key", "show", path("empty")}, "empty"}};
  for (const auto& [arguments, problem] : cases) {
    const RunResult result = run_salus(arguments);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_THAT(result.err, StartsWith("salus: "));
    EXPECT_THAT(result.err, HasSubstr(problem));
    EXPECT_EQ(line_count(result.err), 1U) << result.err;
  }
  EXPECT_EQ(read_text(path("there.pem")), "precious");
  EXPECT_FALSE(std::filesystem::exists(path("x")));
  EXPECT_EQ(run_salus({"key", "new", "--alg", "p256", "--out", path("no/folder")}).exit_code, 3);
}

TEST_F(KeyCommand, AsksForAPassphraseOnATerminalAndDoesNotShowIt) {
  Terminal making({"key", "new", "--alg", "ed25519", "--out", path("key.pem")});
  making.read_until("New passphrase");
  making.type("correct horse\n");
  making.read_until("The same again");
  making.type("correct horse\n");
  EXPECT_EQ(making.wait(), 0) << making.shown();
  EXPECT_THAT(making.shown(), Not(HasSubstr("horse")));
  EXPECT_THAT(making.shown(), ContainsRegex("[0-9a-f]+"));
  Terminal reading({"key", "id", path("key.pem")});
  reading.read_until("Passphrase of ");
  reading.type("correct horse\n");
  EXPECT_EQ(reading.wait(), 0) << reading.shown();
  EXPECT_THAT(reading.shown(), Not(HasSubstr("horse")));
}

TEST_F(KeyCommand, KeepsAKeyPlainWhereThePassphraseIsEmpty) {
  Terminal making({"key", "new", "--alg", "ed25519", "--out", path("key.pem")});
  making.read_until("New passphrase");
  making.type("\n");
  EXPECT_EQ(making.wait(), 0);
  EXPECT_THAT(read_text(path("key.pem")), StartsWith("-----BEGIN PRIVATE KEY-----"));
}

TEST_F(KeyCommand, MakesNoKeyWhenThePassphrasesDifferOrAtCtrlC) {
  Terminal differing({"key", "new", "--alg", "ed25519", "--out", path("key.pem")});
  differing.read_until("New passphrase");
  differing.type("one\n");
  differing.read_until("The same again");
  differing.type("two\n");
  EXPECT_EQ(differing.wait(), 2);
  EXPECT_THAT(differing.shown(), HasSubstr("differ"));
  Terminal stopped({"key", "new", "--alg", "ed25519", "--out", path("key.pem")});
  stopped.read_until("New passphrase");
  stopped.type("\x03");
  EXPECT_EQ(stopped.wait(), 130);
  EXPECT_FALSE(std::filesystem::exists(path("key.pem")));
}

}  // namespace
}  // namespace salus::test

// `salus hash` beside the `sha256sum` of this machine: same bytes on standard output, same lines on
// standard error but for the program's name.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/cli/run_salus.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using Arguments = std::vector<std::string>;

constexpr const char* kLocale = "LC_ALL=C.UTF-8";

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out.append("'\\''");
    else
      out.push_back(c);
  }
  out.push_back('\'');
  return out;
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

/// Names that a careless program stumbles over.
const Arguments kOddNames = {
    "a",        "a b",      "it's",  "new\nline", "back\\slash",   "cr\rx",  "-dash",
    "\xc3\xa9", "\xff\xfe", "#hash", "*star",     " lead",         "trail ", "a)b(c",
    "\\n",      "n\n\\\r",  "tab\t", "mine",      "[x]",           "{}",     "x=y",
    "--tag",    "a,b",      "%d",    "~",         "SHA256 (x) = y"};

class HashCommand : public testing::Test {
 protected:
  void SetUp() override {
    // Later versions escape more names when they check.
    if (std::system("sha256sum --version 2>/dev/null | grep -q 'coreutils) 9\\.1$'") != 0)
      GTEST_SKIP() << "the sha256sum of this machine is not that of GNU coreutils 9.1";
    for (std::size_t i = 0; i < kOddNames.size(); ++i) write(kOddNames[i], std::string(7 * i, 'x'));
  }

  void write(const std::string& name, const std::string& content) { files_.write(name, content); }

  RunResult reference(const Arguments& arguments, const std::string& input = "") const {
    const std::string in = scratch_.write("in", input);
    const std::string out = scratch_.path() / "out";
    const std::string err = scratch_.path() / "err";
    std::string command =
        std::string("cd ") + quoted(files_.path()) + " && " + kLocale + " sha256sum";
    for (const std::string& argument : arguments) command.append(" ").append(quoted(argument));
    command.append(" <").append(quoted(in));
    command.append(" >").append(quoted(out));
    command.append(" 2>").append(quoted(err));
    const int status = std::system(command.c_str());
    return {WEXITSTATUS(status), content_of(out), content_of(err)};
  }

  RunResult salus(Arguments arguments, const std::string& input = "") const {
    arguments.insert(arguments.begin(), "hash");
    RunOptions options;
    options.directory = files_.path();
    options.environment = {kLocale};
    options.stdin_text = input;
    return run_salus(arguments, options);
  }

  /// Where `sha256sum` exits with 1 we exit with 1 or 2: docs/hash.md.
  void expect_same(const Arguments& arguments, const std::string& input = "") const {
    const RunResult expected = reference(arguments, input);
    const RunResult result = salus(arguments, input);
    SCOPED_TRACE(testing::PrintToString(arguments) + testing::PrintToString(input.substr(0, 500)));
    EXPECT_EQ(result.out, expected.out);
    EXPECT_EQ(result.err, replaced(expected.err, "sha256sum: ", "salus hash: "));
    EXPECT_EQ(result.exit_code == 0, expected.exit_code == 0);
  }

  /// The digest of the file "a", and lines that name it.
  std::string digest_of_a() const { return reference({"a"}).out.substr(0, 64); }

  TemporaryFolder files_;
  TemporaryFolder scratch_;
};

Arguments with_names(Arguments options, const Arguments& names) {
  options.emplace_back("--");
  options.insert(options.end(), names.begin(), names.end());
  return options;
}

TEST_F(HashCommand, PrintsOddNamesInEveryStyle) {
  for (const Arguments& options :
       {Arguments{}, Arguments{"-b"}, Arguments{"-t"}, Arguments{"--tag"}, Arguments{"-z"},
        Arguments{"-z", "--tag"}, Arguments{"-b", "-t"}, Arguments{"-t", "-b"},
        Arguments{"-t", "--tag"}, Arguments{"--binary", "--zero"}})
    expect_same(with_names(options, kOddNames));
}

TEST_F(HashCommand, QuotesOddNamesInComplaints) {
  Arguments missing = {"",
                       "a\x01"
                       "b",
                       "it's a \"quote\"",
                       "{",
                       "}",
                       "#x",
                       "?",
                       "a:b",
                       "x^"};
  for (const std::string& name : kOddNames) missing.push_back("no" + name);
  expect_same(with_names({}, missing));
}

TEST_F(HashCommand, HashesFilesOfEverySize) {
  Arguments names;
  const auto add = [&](std::size_t size) {
    names.push_back("size" + std::to_string(size));
    write(names.back(), std::string(size, static_cast<char>(size)));
  };
  for (std::size_t size = 0; size <= 200; ++size) add(size);
  for (const std::size_t size : {65'535, 65'536, 65'537, 131'072, 524'288, 1'000'000}) add(size);
  for (const char* threads : {"1", "2", "4"}) {
    const RunResult result = salus(with_names({"--threads", threads}, names));
    EXPECT_EQ(result.out, reference(names).out);
  }
}

TEST_F(HashCommand, StandardInputIsAFile) {
  const std::string input(100'000, 'i');
  expect_same({}, input);
  expect_same({"-"}, input);
  expect_same({"a", "-", "it's", "-"}, input);
  expect_same({"--tag", "-"}, "");
}

TEST_F(HashCommand, GoesOnBehindWhatCannotBeRead) {
  expect_same({"a", ".", "missing", "a b", "a/below"});
  EXPECT_EQ(salus({"a", "missing"}).exit_code, 2);
}

TEST_F(HashCommand, ListsFoldersAsFindAndSortDo) {
  for (const char* name : {"d/x", "d/e/y", "d/e-f", "d/e.g", "d/new\nline", "d/e/z/deep"})
    write(name, name);
  std::filesystem::create_symlink("x", files_.path() / "d/link");
  ASSERT_EQ(mkfifo((files_.path() / "d/pipe").c_str(), 0600), 0);
  const std::string list = scratch_.path() / "list";
  const std::string command = std::string("cd ") + quoted(files_.path()) +
                              " && find d -type f -print0 | LC_ALL=C sort -z | "
                              "xargs -0 sha256sum a >" +
                              quoted(list);
  ASSERT_EQ(std::system(command.c_str()), 0);
  const RunResult result = salus({"-r", "a", "d/"});
  EXPECT_EQ(result.out, content_of(list));
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(salus({"-rv", "d"}).err, HasSubstr("d/pipe is left out: FIFO"));
}

class HashCheck : public HashCommand {
 protected:
  /// Checks a manifest with every option, as a file and through standard input.
  void expect_same_check(const std::string& manifest) {
    write("MANIFEST", manifest);
    for (const Arguments& options :
         {Arguments{}, Arguments{"-w"}, Arguments{"--quiet"}, Arguments{"--status"},
          Arguments{"--strict"}, Arguments{"--ignore-missing"}, Arguments{"--status", "-w"},
          Arguments{"-w", "--status"}, Arguments{"--quiet", "-w", "--strict"},
          Arguments{"--ignore-missing", "--strict", "--quiet"}}) {
      Arguments arguments = {"-c", "MANIFEST"};
      arguments.insert(arguments.begin(), options.begin(), options.end());
      expect_same(arguments);
    }
    expect_same({"-c"}, manifest);
    expect_same({"-c", "-w", "-"}, manifest);
  }
};

TEST_F(HashCheck, TakesWhatSha256sumWrites) {
  for (const Arguments& options : {Arguments{}, Arguments{"-b"}, Arguments{"--tag"}}) {
    const std::string manifest = reference(with_names(options, kOddNames)).out;
    expect_same_check(manifest);
    EXPECT_EQ(salus({"-c"}, manifest).exit_code, 0);
  }
}

TEST_F(HashCheck, TakesOtherLineEndsCommentsAndCases) {
  const std::string digest = digest_of_a();
  std::string upper = digest;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  expect_same_check(digest + "  a\r\n" + upper + " *a b\r\n\r\n");
  expect_same_check("# comment\n#\n\n" + upper + "  a\n #\n" + digest + "  a");
  expect_same_check("\xef\xbb\xbf" + digest + "  a\n\t " + digest + "  a\r\r\n");
  expect_same_check(digest + " a\n" + digest + "  a\n" + digest + " it's\n");
  expect_same_check(digest + "  a\n" + digest + " a\n");
}

TEST_F(HashCheck, SaysWhatIsWrong) {
  const std::string digest = digest_of_a();
  const std::string other(64, '0');
  expect_same_check(other + "  a\n");
  expect_same_check(other + "  a\n" + other + "  new\nline\n\\" + other + "  new\\nline\n");
  expect_same_check(digest + "  missing\n" + digest + "  no such\n" + digest + "  a\n");
  expect_same_check(digest + "  missing\n");
  expect_same_check(digest + "  .\n" + digest + "  -\n" + digest + "  a/b\n");
  expect_same_check("");
  expect_same_check("\n\n");
  expect_same_check("nothing\nof this\nis a line\n");
  expect_same_check(digest + "  a\nnothing\n" + other + "  a\nof this\n");
}

TEST_F(HashCheck, RefusesMalformedLinesAsSha256sumDoes) {
  const std::string digest = digest_of_a();
  const std::string nul(1, '\0');
  expect_same_check(digest + "\n" + digest + " \n" + digest + "  \n" + digest + "a\n");
  expect_same_check(digest.substr(1) + "  a\n" + digest + "0  a\n" + digest + "  a\n");
  expect_same_check("\\" + digest + "  a\\x\n\\" + digest + "  a\\\n\\\\" + digest + "  a\n");
  expect_same_check(digest + "  a" + nul + "b\n" + digest + nul + " a\n\\" + digest + "  a" + nul);
  expect_same_check("SHA256(a)= " + digest + "\nSHA256 (a)=" + digest +
                    "\nSHA256  (a) = " + digest);
  expect_same_check("SHA256 () = " + digest + "\nSHA256 (a = " + digest + "\nMD5 (a) = " + digest);
  expect_same_check("SHA256 (a) = " + digest + " \nSHA256 (a)\nSHA256 a\nSHA256\n");
}

TEST_F(HashCheck, AgreesOnMutatedManifests) {
  std::minstd_rand random(1);
  const auto below = [&](std::size_t limit) { return random() % limit; };
  const std::string base =
      reference(with_names({}, kOddNames)).out + reference(with_names({"--tag"}, kOddNames)).out;
  const std::string letters = std::string(" \t\\\r\n#*()=SHA256na0f") + '\0';
  for (int round = 0; round < 60; ++round) {
    std::string manifest = base.substr(below(base.size()), 60 + below(600));
    for (std::size_t i = below(12); i > 0 && !manifest.empty(); --i) {
      const std::size_t at = below(manifest.size());
      const char letter = letters[below(letters.size())];
      switch (below(3)) {
        case 0: manifest.insert(at, 1, letter); break;
        case 1: manifest[at] = letter; break;
        default: manifest.erase(at, 1);
      }
    }
    expect_same({"-c", "-w"}, manifest);
  }
}

TEST_F(HashCheck, TakesManyManifests) {
  write("GOOD", reference({"a", "a b"}).out);
  write("BAD", std::string(64, '0') + "  a\nnothing\n");
  write("NONE", "nothing\n");
  expect_same({"-c", "-w", "GOOD", "missing", "BAD", "NONE", ".", "-", "GOOD"},
              reference({"it's"}).out);
  write("STDIN", reference({"-"}, "input").out);
  expect_same({"-c", "STDIN", "-"}, "input");
  expect_same({"-c", "-", "STDIN"}, reference({"a"}).out);
}

TEST_F(HashCheck, ALineThatIsTooLongIsMalformed) {
  const std::string digest = digest_of_a();
  const RunResult result =
      salus({"-c", "-w"}, digest + "  " + std::string(1 << 20, 'x') + "\n" + digest + "  a\n");
  EXPECT_EQ(result.out, "a: OK\n");
  EXPECT_THAT(result.err, HasSubstr("1: improperly formatted"));
}

TEST_F(HashCheck, ComplainsOfManyMalformedLinesInOrder) {
  std::string manifest;
  for (int i = 0; i < 12'000; ++i) manifest += "nothing\n";
  write("MANIFEST", manifest + reference({"a"}).out + manifest + reference({"a b"}).out + manifest);
  expect_same({"-c", "-w", "MANIFEST"});
}

TEST_F(HashCheck, ExitCodesTellAVerdictFromBadInput) {
  const std::string good = reference({"a"}).out;
  const std::string wrong = std::string(64, '0') + "  a\n";
  EXPECT_EQ(salus({"-c"}, good).exit_code, 0);
  EXPECT_EQ(salus({"-c"}, wrong).exit_code, 1);
  EXPECT_EQ(salus({"-c"}, digest_of_a() + "  missing\n").exit_code, 1);
  EXPECT_EQ(salus({"-c", "--strict"}, good + "nothing\n").exit_code, 1);
  EXPECT_EQ(salus({"-c", "--ignore-missing"}, digest_of_a() + "  missing\n").exit_code, 1);
  EXPECT_EQ(salus({"-c"}, "nothing\n").exit_code, 2);
  EXPECT_EQ(salus({"-c", "missing"}).exit_code, 2);
  EXPECT_EQ(salus({"-c", "missing", "-"}, wrong).exit_code, 1);
}

TEST_F(HashCommand, RefusesOptionsThatMakeNoSense) {
  for (const Arguments& arguments :
       {Arguments{"-c", "-z"}, Arguments{"-c", "--tag"}, Arguments{"-c", "-b"},
        Arguments{"-c", "-t"}, Arguments{"-c", "-r", "."}, Arguments{"--status"}, Arguments{"-w"},
        Arguments{"--strict"}, Arguments{"--ignore-missing"}, Arguments{"--tag", "-t", "a"},
        Arguments{"-r"}, Arguments{"--no-such-option"}, Arguments{"--device", "cuda:99", "a"},
        Arguments{"--cpu-variant", "abacus", "a"}, Arguments{"--self-check", "a"}}) {
    const RunResult result = salus(arguments);
    EXPECT_NE(result.exit_code, 0);
    EXPECT_EQ(line_count(result.err), 1) << result.err;
    EXPECT_THAT(result.out, IsEmpty());
  }
  EXPECT_EQ(salus({"-c", "-z"}).exit_code, 2);
}

TEST_F(HashCommand, AFullDiskOrAClosedPipeIsAnError) {
  const std::string manifest = files_.write("MANIFEST", reference(with_names({}, kOddNames)).out);
  for (const Arguments& arguments : {Arguments{"hash", "a"}, Arguments{"hash", "-c", manifest}}) {
    RunOptions options;
    options.directory = files_.path();
    options.stdout_path = "/dev/full";
    const RunResult full = run_salus(arguments, options);
    EXPECT_EQ(full.exit_code, 3);
    EXPECT_EQ(full.err, "salus: cannot write standard output: No space left on device\n");
    options.stdout_path.clear();
    options.close_stdout = true;
    const RunResult closed = run_salus(arguments, options);
    EXPECT_EQ(closed.exit_code, 3);
    EXPECT_EQ(closed.err, "salus: cannot write standard output: Broken pipe\n");
  }
}

TEST_F(HashCommand, StopsAtCtrlCWhileItWaitsForAPipe) {
  ASSERT_EQ(mkfifo((files_.path() / "pipe").c_str(), 0600), 0);
  RunOptions options;
  options.directory = files_.path();
  options.signal = SIGINT;
  options.signal_after = "on the CPU";
  EXPECT_EQ(run_salus({"hash", "-v", "pipe"}, options).exit_code, 128 + SIGINT);
}

}  // namespace
}  // namespace salus::test

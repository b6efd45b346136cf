// The program as a whole: help, version, wrong arguments and what happens to its output.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_salus.h"

namespace salus::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST(Program, SaysItsVersion) {
  const RunResult result = run_salus({"--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, StartsWith("salus 0."));
  EXPECT_EQ(line_count(result.out), 1);
  EXPECT_THAT(result.err, IsEmpty());
}

TEST(Program, HelpGoesToStandardOutput) {
  const RunResult result = run_salus({"--help"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("Exit codes"));
  EXPECT_THAT(result.err, IsEmpty());
}

TEST(Program, RefusesWrongArgumentsInOneLine) {
  const std::vector<std::vector<std::string>> wrong = {
      {}, {"no-such-command"}, {"--no-such-option"}, {"--quiet"}};
  for (const auto& arguments : wrong) {
    const RunResult result = run_salus(arguments);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(line_count(result.err), 1) << result.err;
    EXPECT_THAT(result.err, StartsWith("salus: "));
    if (!arguments.empty() && arguments[0] != "--quiet") {
      EXPECT_THAT(result.err, HasSubstr(arguments[0]));
    }
    EXPECT_THAT(result.out, IsEmpty());
  }
}

TEST(Program, SaysWhichCommandsThereAreAndWhichThereAreNot) {
  for (const std::string command : {"trial", "node", "key", "block", "receipt"}) {
    const std::string name = "salus " + command;
    EXPECT_THAT(run_salus({command}).err, StartsWith("salus: " + name + " needs a command: "));
    EXPECT_EQ(run_salus({command, "nonsense"}).err,
              "salus: no such command: nonsense (see `" + name + " --help`)\n");
  }
}

void expect_nowhere_to_write(const RunOptions& options, const std::string& reason) {
  const RunResult result = run_salus({"--help"}, options);
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.err, "salus: cannot write standard output: " + reason + "\n");
}

TEST(Program, FullDiskOnOutputIsAnError) {
  RunOptions options;
  options.stdout_path = "/dev/full";
  expect_nowhere_to_write(options, "No space left on device");
}

TEST(Program, ClosedPipeIsAnError) {
  RunOptions options;
  options.close_stdout = true;
  expect_nowhere_to_write(options, "Broken pipe");
}

TEST(Program, WithoutStandardOutputWritesIntoNoOtherFile) {
  RunOptions options;
  options.without_stdout = true;
  expect_nowhere_to_write(options, "Bad file descriptor");
}

}  // namespace
}  // namespace salus::test

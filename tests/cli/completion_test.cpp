// Completion scripts: the shells themselves read ours, and bash completes by it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/cli/run_salus.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using testing::HasSubstr;

class EveryShell : public testing::TestWithParam<std::string> {};

TEST_P(EveryShell, ParsesOurs) {
  const std::string& shell = GetParam();
  if (std::system(("command -v " + shell + " > /dev/null").c_str()) != 0)
    GTEST_SKIP() << shell << " is not installed";
  const RunResult script = run_salus({"completion", shell});
  ASSERT_EQ(script.exit_code, 0);
  const TemporaryFolder folder;
  const std::string file = folder.write("script", script.out);
  EXPECT_EQ(std::system((shell + " -n " + file).c_str()), 0);
}

INSTANTIATE_TEST_SUITE_P(Completion, EveryShell, testing::Values("bash", "zsh", "fish"),
                         [](const auto& shell) { return shell.param; });

TEST(Completion, BashCompletesCommandsAndOptions) {
  const TemporaryFolder folder;
  const std::string file = folder.write("salus.bash", run_salus({"completion", "bash"}).out);
  const auto complete = [&](const std::string& words) {
    const std::string out = (folder.path() / "out").string();
    const std::string script = folder.write(
        "try.bash",
        "source " + file + "\nCOMP_WORDS=(" + words +
            ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_salus\necho \"${COMPREPLY[*]}\"\n");
    EXPECT_EQ(std::system(("bash " + script + " > " + out).c_str()), 0);
    return read_text(out);
  };
  EXPECT_EQ(complete("salus comp"), "completion\n");
  EXPECT_EQ(complete("salus completion z"), "zsh\n");
  EXPECT_EQ(complete("salus completion --verb"), "--verbose\n");
  EXPECT_EQ(complete("salus merkle prove --ind"), "--index\n");
  EXPECT_EQ(complete("salus merkle root --tree b"), "bitcoin\n");
}

TEST(Completion, EveryShellKnowsEveryCommand) {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    const RunResult result = run_salus({"completion", shell});
    EXPECT_EQ(result.exit_code, 0);
    for (const std::string command :
         {"bench", "block", "demo", "devices", "doctor", "hash", "merkle", "mine", "verify"})
      EXPECT_THAT(result.out, HasSubstr(command)) << shell;
    EXPECT_THAT(result.out, HasSubstr("verbose")) << shell;
  }
}

TEST(Completion, RefusesOtherShells) {
  const RunResult result = run_salus({"completion", "tcsh"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(line_count(result.err), 1);
  EXPECT_THAT(result.err, HasSubstr("tcsh"));
}

}  // namespace
}  // namespace salus::test

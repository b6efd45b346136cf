// The manual page: groff reads it without a complaint where groff is installed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/cli/run_salus.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using testing::HasSubstr;

TEST(Man, NamesCommandsAndExitStatus) {
  const RunResult result = run_salus({"man"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr(".TH SALUS 1"));
  EXPECT_THAT(result.out, HasSubstr(".SS salus completion"));
  EXPECT_THAT(result.out, HasSubstr(".SH EXIT STATUS"));
}

TEST(Man, GroffReadsItWithoutWarnings) {
  if (std::system("command -v groff > /dev/null") != 0) GTEST_SKIP() << "groff is not installed";
  const TemporaryFolder folder;
  const std::string page = folder.write("salus.1", run_salus({"man"}).out);
  const std::string complaints = (folder.path() / "complaints").string();
  const std::string command = "groff -man -Tutf8 -ww " + page + " > /dev/null 2> " + complaints;
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(read_text(complaints), "");
}

}  // namespace
}  // namespace salus::test

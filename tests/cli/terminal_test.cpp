// What a person at a terminal sees: the program runs on a pseudo-terminal, its standard error and
// all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/terminal.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

constexpr std::string_view kEraseLine = "\r\x1b[K";

std::vector<std::string> endless_search() {
  return {"mine", "--header", std::string(160, '0'), "--bits", "03000001"};
}

TEST(Terminal, ShowsTheRateOfASearchUntilCtrlC) {
  Terminal terminal(endless_search());
  EXPECT_THAT(terminal.read_until("MH/s"), ContainsRegex("[0-9.]+ MH/s"));
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), 128 + SIGINT);
  EXPECT_THAT(terminal.shown(), HasSubstr(std::string(kEraseLine) + "stopped after "));
}

/// A file that would take minutes to hash and no room on the disk.
std::string vast_file(const TemporaryFolder& folder) {
  std::string path = folder.write("vast", "");
  std::filesystem::resize_file(path, std::uintmax_t{1} << 40);
  return path;
}

TEST(Terminal, ShowsProgressAfterASecondAndTakesItAway) {
  const TemporaryFolder folder;
  Terminal terminal({"hash", vast_file(folder)});
  EXPECT_THAT(terminal.read_until(" left"), ContainsRegex("[0-9]+ % \\[[#-]+\\].* [MG]B/s"));
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), 128 + SIGINT);
  EXPECT_THAT(terminal.shown(), HasSubstr(kEraseLine));
}

TEST(Terminal, ShowsNoProgressWithQuiet) {
  const TemporaryFolder folder;
  Terminal terminal({"--quiet", "hash", vast_file(folder)});
  EXPECT_THAT(terminal.read_until("%", 2500ms), Not(HasSubstr("%")));
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), 128 + SIGINT);
}

}  // namespace
}  // namespace salus::test

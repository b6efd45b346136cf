// `salus node`: a folder made, run, stopped and checked.
#include <gmock/gmock.h>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/run_salus.h"
#include "tests/cli/terminal.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using testing::HasSubstr;

class NodeCommand : public testing::Test {
 protected:
  [[nodiscard]] std::string folder() const { return folder_.path() / "node"; }
  void init() const {
    const RunResult result = run_salus({"node", "init", folder(), "--dev"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  void change_setting(const std::string& before, const std::string& after) const {
    std::string config = read_text(folder() + "/salus.toml");
    config.replace(config.find(before), before.size(), after);
    std::ofstream(folder() + "/salus.toml") << config;
  }
  /// Others may be at the default port.
  void listen_at_any_port() const { change_setting("port = 8340", "port = 0"); }
  TemporaryFolder folder_;
};

TEST_F(NodeCommand, MakesAFolderWithAnExplainedConfiguration) {
  init();
  const std::string config = read_text(folder() + "/salus.toml");
  EXPECT_THAT(config, HasSubstr("[intake]"));
  EXPECT_THAT(config, HasSubstr("# "));
  EXPECT_EQ(run_salus({"node", "init", folder(), "--dev"}).exit_code, 2);
}

TEST_F(NodeCommand, MakesAFolderFromAGenesisFile) {
  init();
  const std::string other = folder_.path() / "other";
  const RunResult result =
      run_salus({"node", "init", other, "--genesis", folder() + "/genesis.toml"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(read_text(other + "/genesis.toml"), read_text(folder() + "/genesis.toml"));
}

TEST_F(NodeCommand, RunsUntilItIsStoppedAndLeavesAValidChain) {
  init();
  listen_at_any_port();
  RunOptions stop;
  stop.signal = SIGTERM;
  stop.signal_after = "running";
  const RunResult run = run_salus({"node", "run", folder(), "--mine"}, stop);
  EXPECT_EQ(run.exit_code, 128 + SIGTERM) << run.err;
  EXPECT_THAT(run.err, HasSubstr("listening: http://127.0.0.1:"));
  const std::string first_line = run.out.substr(0, run.out.find('\n'));
  if (!first_line.empty()) {
    EXPECT_TRUE(nlohmann::json::parse(first_line).contains("statements_per_s")) << run.out;
    EXPECT_TRUE(nlohmann::json::parse(first_line).at("devices_busy").contains("cpu")) << run.out;
  }

  const RunResult check = run_salus({"node", "check", folder(), "--json", "--device", "cpu"});
  EXPECT_EQ(check.exit_code, 0) << check.err;
  EXPECT_EQ(nlohmann::json::parse(check.out).at("valid"), true);
}

TEST_F(NodeCommand, SaysEachSecondInALineOfATableWhatItDoes) {
  init();
  listen_at_any_port();
  change_setting("devices = \"auto\"", "devices = \"cpu\"");
  Terminal terminal({"node", "run", folder()});
  const std::string shown = terminal.read_until("  cpu ");
  const std::string line =
      " height    in/s verified/s refused/s on chain/s mempool p99 ms hashes/s";
  EXPECT_THAT(shown, HasSubstr(line + "  load %\r\n"));
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), 128 + SIGINT);
  std::istringstream table(terminal.shown().substr(shown.find(line)));
  std::size_t lines = 0;
  for (std::string each; std::getline(table, each) && each.starts_with(' '); ++lines)
    EXPECT_LE(each.size(), 81U) << each;  // with the carriage return
  EXPECT_GE(lines, 2U) << terminal.shown();
}

TEST_F(NodeCommand, SaysThatAFolderIsNoNodes) {
  const RunResult result = run_salus({"node", "run", folder_.path().string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("salus.toml"));
}

}  // namespace
}  // namespace salus::test

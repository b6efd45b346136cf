// `salus simulate` and `salus bench ingest`, as people call them.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/cli/run_salus.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using testing::HasSubstr;

/// The last line of what a run printed.
nlohmann::json summary_of(const RunResult& result) {
  std::string text = result.out;
  while (text.ends_with('\n')) text.pop_back();
  const auto json = nlohmann::json::parse(text.substr(text.rfind('\n') + 1), nullptr, false);
  EXPECT_TRUE(json.is_object() && json.contains("summary")) << result.out << result.err;
  return json;
}

std::set<std::string> lines_of(const std::string& file) {
  std::ifstream stream(file);
  std::set<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.insert(line);
  return lines;
}

class SimulateCommand : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(run_salus({"node", "init", node(), "--dev"}).exit_code, 0);
    std::string config = read_text(node() + "/salus.toml");
    config.replace(config.find("devices = \"auto\""), 16, "devices = \"cpu\"");
    folder_.write("node/salus.toml", config);
  }
  [[nodiscard]] std::string node() const { return folder_.path("node"); }
  [[nodiscard]] std::string authority() const { return node() + "/authority.pem"; }

  [[nodiscard]] RunResult simulate(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"simulate"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_salus(arguments);
  }

  TemporaryFolder folder_;
};

TEST_F(SimulateCommand, RegistersAFleetAndReplaysTheRecording) {
  const RunResult result = simulate({"--to", node(), "--authority", authority(), "--devices", "10",
                                     "--rate", "0", "--count", "50", "--p256", "0.5"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const nlohmann::json summary = summary_of(result);
  EXPECT_EQ(summary.at("sent"), 60);
  EXPECT_EQ(summary.at("acknowledged"), 60);
  EXPECT_EQ(summary.at("unanswered"), 0);
}

TEST_F(SimulateCommand, CountsWhatIsRefusedByReason) {
  const RunResult result =
      simulate({"--to", node(), "--authority", authority(), "--devices", "10", "--rate", "0",
                "--count", "200", "--made-up", "--tamper", "0.1", "--replay", "0.05"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const nlohmann::json summary = summary_of(result);
  EXPECT_EQ(summary.at("sent"), 10 + 200 + 10);
  EXPECT_EQ(summary.at("refused").at("bad_signature"), 20);
  EXPECT_EQ(summary.at("refused").at("duplicate"), 10);
  EXPECT_EQ(summary.at("unexpected"), 0);
}

TEST_F(SimulateCommand, PlaysAFileOfWhichTheNodeTakesEverythingOnce) {
  const std::string file = folder_.path("load.cbor");
  const RunResult made = simulate({"--out", file, "--authority", authority(), "--devices", "10",
                                   "--made-up", "--count", "300"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("310 statements"));
  const std::string ids = folder_.path("ids");
  const RunResult played = simulate({"--play", file, "--to", node(), "--acknowledged", ids});
  EXPECT_EQ(played.exit_code, 0) << played.err;
  EXPECT_EQ(summary_of(played).at("acknowledged"), 310);
  EXPECT_TRUE(summary_of(played).at("refused").empty());
  EXPECT_EQ(lines_of(ids).size(), 310U);

  const RunResult again = simulate({"--play", file, "--to", node(), "--acknowledged", ids});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(summary_of(again).at("refused").at("duplicate"), 310);
  EXPECT_EQ(lines_of(ids).size(), 310U);
}

TEST_F(SimulateCommand, GoesOnWithHigherSequencesTheNextTime) {
  const std::vector<std::string> run = {
      "--to", node(),   "--authority", authority(), "--keys", folder_.path("keys"), "--devices",
      "5",    "--rate", "0",           "--count",   "50",     "--made-up"};
  EXPECT_EQ(simulate(run).exit_code, 0);
  const RunResult second = simulate(run);
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_EQ(summary_of(second).at("refused").at("key_exists"), 5);
  EXPECT_EQ(summary_of(second).at("acknowledged"), 50);
}

TEST_F(SimulateCommand, SaysWithItsExitCodeThatDevicesAreUnknown) {
  const RunResult result = simulate({"--to", node(), "--rate", "0", "--count", "10", "--made-up"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(summary_of(result).at("refused").at("unknown_signer"), 10);
}

TEST_F(SimulateCommand, SaysWithItsExitCodeThatNobodyAnswers) {
  const RunResult result = simulate({"--to", "http://127.0.0.1:1", "--rate", "0", "--count", "10",
                                     "--made-up", "--retry", "0.1"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("cannot connect"));
  EXPECT_THAT(result.err, HasSubstr("not answered"));
}

TEST(SimulateArguments, RefusesWhatCannotBe) {
  const std::vector<std::vector<std::string>> wrong = {
      {},
      {"--to", "a", "--out", "b"},
      {"--out", "file"},
      {"--to", "ftp://host"},
      {"--to", "http://host/path"},
      {"--to", "/no/such/folder"},
      {"--to", "http://h", "--devices", "0"},
      {"--to", "http://h", "--p256", "1.5"},
      {"--to", "http://h", "--tamper", "-1"},
      {"--to", "http://h", "--waveform", "/no/such.csv"},
      {"--to", "http://h", "--made-up", "--waveform", "x.csv"},
      {"--to", "http://h", "--hertz", "100"},
      {"--to", "http://h", "--authority", "/no/such.pem"},
      {"--to", "http://h", "--play", "/no/such.cbor"},
      {"--to", "http://h", "--play", "f", "--authority", "g"},
      {"--to", "https://h", "--ca", "/no/such.pem"},
      {"--to", "mqtt://h", "--password-file", "f"},
  };
  for (std::vector<std::string> arguments : wrong) {
    arguments.insert(arguments.begin(), "simulate");
    const RunResult result = run_salus(arguments);
    EXPECT_EQ(result.exit_code, 2) << testing::PrintToString(arguments) << result.err;
    EXPECT_THAT(result.err, HasSubstr("salus: ")) << testing::PrintToString(arguments);
  }
}

class BenchIngest : public testing::TestWithParam<const char*> {};

TEST_P(BenchIngest, MeasuresAndCleansUp) {
  const TemporaryFolder folder;
  const RunResult result =
      run_salus({"bench", "ingest", "--way", GetParam(), "--seconds", "20", "--statements", "2000",
                 "--devices", "20", "--p256", "0.2", "--folder", folder.path().string(), "--json"});
  if (result.err.find("do not listen for") != std::string::npos)
    GTEST_SKIP() << "nodes of this build do not";
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json.at("schema"), "salus.bench-ingest/1");
  EXPECT_EQ(json.at("acknowledged"), 2000);
  EXPECT_EQ(json.at("unanswered"), 0);
  EXPECT_GT(json.at("statements_per_s"), 0);
  EXPECT_GT(json.at("resident_mib").at("end"), 0);
  EXPECT_GT(json.at("cpu_seconds").at("node"), 0);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

INSTANTIATE_TEST_SUITE_P(Ways, BenchIngest, testing::Values("inproc", "http", "mqtt"),
                         [](const auto& way) { return std::string(way.param); });

}  // namespace
}  // namespace salus::test

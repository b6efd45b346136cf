// The commands that ask a running node, and those that check what it gave.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/run_salus.h"
#include "tests/node/live_node.h"

namespace salus::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

class NodeClient : public testing::Test {
 protected:
  void SetUp() override {
    live_.start();
    const std::string body = body_of({live_.registration(1), message_});
    ASSERT_EQ(HttpClient(live_.port()).send({"POST", "/v1/statements", {}, body}).status, 202U);
    live_.wait_until_mined();
    std::ofstream(file("statement")) << body_of({message_});
  }

  RunResult ask(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "node");
    arguments.insert(arguments.end(), {"--node", live_.url()});
    return run_salus(arguments);
  }
  [[nodiscard]] std::string token_file() const { return live_.folder() / "operator.token"; }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_.path() / name; }
  void fetch_receipt() {
    const RunResult result =
        ask({"receipt", id_, "-o", file("receipt"), "--header", file("header")});
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  [[nodiscard]] RunResult check(const std::vector<std::string>& more,
                                const std::string& statement = "statement") const {
    std::vector<std::string> arguments = {"receipt", "check", file("receipt"), "--statement",
                                          file(statement)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_salus(arguments);
  }
  [[nodiscard]] std::string genesis() const { return live_.folder() / "genesis.toml"; }

  LiveNode live_;
  TemporaryFolder folder_;
  Message message_ = live_.telemetry(1);
  std::string id_ = id_of(message_);
};

TEST_F(NodeClient, ShowsHowTheNodeIs) {
  const RunResult text = ask({"status"});
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_THAT(text.out, AllOf(HasSubstr("ready, version 9.8.7, mining"), HasSubstr("acknowledge")));
  EXPECT_EQ(json::parse(ask({"status", "--json"}).out)["accepted"], 2);
}

TEST_F(NodeClient, ListsBlocksAndShowsOne) {
  const RunResult list = ask({"blocks", "--count", "2", "--last", "1"});
  EXPECT_EQ(list.exit_code, 0) << list.err;
  EXPECT_EQ(line_count(list.out), 4U) << list.out;  // with title and rule
  const std::string id = json::parse(ask({"block", "1", "--json"}).out)["id"];
  EXPECT_THAT(list.out, HasSubstr(id));
  const RunResult block = ask({"block", id});
  EXPECT_THAT(block.out, AllOf(HasSubstr("height       1,"), HasSubstr("          0  ")));
  EXPECT_EQ(ask({"block", "77777"}).exit_code, 2);
  EXPECT_EQ(ask({"block", "../status"}).exit_code, 2);
}

TEST_F(NodeClient, ShowsAStatementToWhoHasAToken) {
  const RunResult result = ask({"statement", id_, "--token-file", token_file()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("in block "), HasSubstr(kLiveSubject)));
  EXPECT_EQ(ask({"statement", id_, "--token-file", token_file(), "-o", file("copy")}).exit_code, 0);
  EXPECT_EQ(read_text(file("copy")), body_of({message_}));

  const RunResult nobody = ask({"statement", id_});
  EXPECT_EQ(nobody.exit_code, 2);
  EXPECT_THAT(nobody.err, HasSubstr("--token-file"));
  std::ofstream(file("wrong")) << "0123456789abcdef\n";
  const RunResult stranger = ask({"statement", id_, "--token-file", file("wrong")});
  EXPECT_EQ(stranger.exit_code, 2);
  EXPECT_THAT(stranger.err, HasSubstr("does not know this token"));
  const RunResult unknown = ask({"statement", std::string(64, '0'), "--token-file", token_file()});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("no such statement"));
}

TEST_F(NodeClient, FetchesReceiptsThatHoldWithoutTheNode) {
  fetch_receipt();
  live_.stop();
  const RunResult good = check({"--genesis", genesis(), "--header", file("header"), "--json"});
  EXPECT_EQ(good.exit_code, 0) << good.out << good.err;
  const json found = json::parse(good.out);
  EXPECT_EQ(found["valid"], true);
  EXPECT_EQ(found["block"].get<std::string>().size(), 64U);
  // Without a genesis file: the chain's name, and the validator's key.
  const RunResult key = run_salus({"key", "show", live_.folder() / "validator.pem"});
  std::ofstream(file("validator.pub")) << key.out;
  EXPECT_EQ(check({"--chain", found["chain"], "--key", file("validator.pub")}).exit_code, 0);
  EXPECT_EQ(check({"--chain", std::string(64, '0'), "--key", file("validator.pub")}).exit_code, 1);
  EXPECT_EQ(check({}).exit_code, 2);
}

TEST_F(NodeClient, RefusesReceiptsThatDoNotHold) {
  fetch_receipt();
  std::ofstream(file("other")) << body_of({live_.telemetry(2)});
  const RunResult wrong = check({"--genesis", genesis()}, "other");
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.out, HasSubstr("INVALID: bad_signature"));
  const LiveNode stranger;
  EXPECT_THAT(check({"--genesis", stranger.folder() / "genesis.toml"}).out,
              HasSubstr("INVALID: wrong_chain"));
  std::string header = read_text(file("header"));
  header[40] = static_cast<char>(header[40] ^ 1);
  std::ofstream(file("header")) << header;
  EXPECT_EQ(check({"--genesis", genesis(), "--header", file("header")}).exit_code, 1);
}

TEST_F(NodeClient, GivesTheProofAsTextToo) {
  const RunResult proof = ask({"receipt", id_, "--format", "tlog"});
  EXPECT_EQ(proof.exit_code, 0) << proof.err;
  EXPECT_THAT(proof.out, testing::StartsWith("c2sp.org/tlog-proof@v1\n"));
}

TEST_F(NodeClient, SaysThatNobodyIsThere) {
  live_.stop();
  const RunResult result = run_salus({"node", "status", "--node", "http://127.0.0.1:1"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, AllOf(HasSubstr("http://127.0.0.1:1"), HasSubstr("salus node run")));
  EXPECT_EQ(run_salus({"node", "status", "--node", "ftp://x"}).exit_code, 2);
}

}  // namespace
}  // namespace salus::test

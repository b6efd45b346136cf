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

TEST_F(NodeClient, FindsStatementsByWhatTheyHaveInCommon) {
  const auto find = [this](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "statements");
    arguments.insert(arguments.end(), {"--token-file", token_file()});
    return ask(arguments);
  };
  for (const std::vector<std::string>& filter :
       {std::vector<std::string>{"--subject", kLiveSubject},
        {"--type", "senml+cbor"},
        {"--signer", to_hex(live_.device().id())}}) {
    const RunResult result = find(filter);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(line_count(result.out), 3U) << result.out;  // with title and rule
    EXPECT_THAT(result.out, AllOf(HasSubstr(id_), HasSubstr(kLiveSubject)));
  }
  EXPECT_EQ(json::parse(find({"--subject", "a & b = 100 %", "--json"}).out)["statements"].size(),
            0U);
  EXPECT_EQ(json::parse(find({"--to", "1", "--json"}).out)["statements"].size(), 0U);

  const RunResult first = find({"--count", "1"});
  const auto at = first.err.find("--after ");
  ASSERT_NE(at, std::string::npos) << first.err;
  const std::string cursor = first.err.substr(at + 8, first.err.find('\n', at) - at - 8);
  const RunResult rest = find({"--after", cursor, "--json"});
  const json all = json::parse(find({"--json"}).out)["statements"];
  EXPECT_EQ(json::parse(rest.out)["statements"].size(), all.size() - 1) << rest.out;

  EXPECT_EQ(find({"--type", "poem"}).exit_code, 2);
  EXPECT_EQ(find({"--signer", "12"}).exit_code, 2);
  EXPECT_EQ(find({"--signer", to_hex(live_.device().id()), "--subject", "x"}).exit_code, 2);
  EXPECT_THAT(ask({"statements"}).err, HasSubstr("--token-file"));
}

TEST_F(NodeClient, HasABodyErasedByAnAuthority) {
  const auto erase = [this](const std::string& id) {
    return ask({"erase", id, "--key", (live_.folder() / "authority.pem").string()});
  };
  const RunResult erased = erase(id_);
  ASSERT_EQ(erased.exit_code, 0) << erased.err;
  live_.wait_until_mined();
  const RunResult gone = ask({"statement", id_, "--token-file", token_file()});
  EXPECT_THAT(gone.out, HasSubstr("body       erased"));
  const std::string erasure = erased.out.substr(0, 64);
  EXPECT_EQ(ask({"statement", erasure, "--token-file", token_file()}).exit_code, 0);
  const RunResult unknown = erase(std::string(64, 'a'));
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("refused: unknown_target"));
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

// `salus trial prove`, `check`, `update`, `anchor` and `stamp`, from sealing on, as a person runs
// them.
#include <gmock/gmock.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/run_salus.h"
#include "tests/node/live_node.h"

namespace salus::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kRecords =
    "USUBJID,AESEQ,AETERM,AESEV\r\n"
    "01-701,1,NAUSEA,MILD\r\n"
    "01-701,2,\"RASH,\nITCHING\",SEVERE\r\n"
    "01-702,1,NAUSEA,SEVERE\r\n";

class SealedStudy : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write("study/ae.csv", kRecords);
    folder_.write("study/readme.txt", "what this is\n");
    folder_.write("study/sub/notes.txt", "what else there is\n");
    key_.save(file("key.pem"), node::Secret());
    expect_good({"seal", file("study"), "--key", file("key.pem"), "--cells"});
  }

  [[nodiscard]] std::string file(const std::string& name) const { return folder_.path() / name; }
  static RunResult trial(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "trial");
    return run_salus(arguments);
  }
  static std::string expect_good(const std::vector<std::string>& arguments) {
    const RunResult result = trial(arguments);
    EXPECT_EQ(result.exit_code, 0) << arguments.front() << ": " << result.out << result.err;
    return result.out;
  }
  [[nodiscard]] RunResult prove(const std::vector<std::string>& more,
                                const std::string& out) const {
    std::vector<std::string> arguments = {"prove", file("study.seal"), "-o", file(out), "--file"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return trial(arguments);
  }
  [[nodiscard]] RunResult check(const std::string& proof,
                                const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"check", file(proof), "--key",
                                          file("study.seal/signer.pem")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return trial(arguments);
  }
  void flip(const std::string& name, std::size_t at) const {
    std::string content = read_text(file(name));
    content[at] = static_cast<char>(content[at] ^ 1);
    std::ofstream(file(name), std::ios::binary) << content;
  }

  TemporaryFolder folder_;
  LiveNode live_;
  const node::SigningKey& key_ = live_.device();
};

TEST_F(SealedStudy, ProvesEachRecordInBothForms) {
  for (int i = 0; i < 3; ++i) {
    for (const std::string out : {"p.tlog", "p.cose"}) {
      const RunResult made = prove({"ae.csv", "--record", std::to_string(i)}, out);
      ASSERT_EQ(made.exit_code, 0) << made.err;
      const RunResult result = check(out, {"--json", "--record", file("study/ae.csv")});
      ASSERT_EQ(result.exit_code, 0) << result.out << result.err;
      const json found = json::parse(result.out);
      EXPECT_EQ(found["record"]["index"], i);
      EXPECT_EQ(found["record"]["records"], 3);
      EXPECT_EQ(found["record"]["shown"].size(), 4U);
      EXPECT_EQ(found["equal"]["record"], i);
      EXPECT_EQ(found["path"], "ae.csv");
    }
  }
}

TEST_F(SealedStudy, ProvesTheRecordThatIsAskedForAndHidesTheRest) {
  const RunResult made = prove(
      {"ae.csv", "--where", "USUBJID=01-701", "--where", "AESEQ=2", "--show", "USUBJID,AESEV"},
      "p.tlog");
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("2 of 4 variables"));
  const RunResult result = check("p.tlog", {"--record", file("study/ae.csv")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("OK: record 1 of 3 in ae.csv"),
                                HasSubstr("USUBJID = 01-701"), HasSubstr("AESEV = SEVERE"),
                                HasSubstr("2 of 4 variables"), Not(HasSubstr("RASH"))));
  EXPECT_THAT(prove({"ae.csv", "--where", "AETERM=NAUSEA"}, "p").err,
              AllOf(HasSubstr("records 0, 2 are like that"), HasSubstr("--record N")));
  EXPECT_EQ(prove({"ae.csv", "--where", "AETERM=HEADACHE"}, "p").exit_code, 2);
  EXPECT_EQ(prove({"ae.csv", "--where", "NAUSEA"}, "p").exit_code, 2);
  EXPECT_EQ(prove({"ae.csv", "--record", "3"}, "p").err,
            "salus: ae.csv: has 3 records, counted from 0: none is number 3\n");
  EXPECT_EQ(prove({"ae.csv", "--record", "0", "--show", "SEX"}, "p").err,
            "salus: ae.csv: the record has no variable SEX; those that it has are USUBJID, AESEQ, "
            "AETERM, AESEV\n");
  EXPECT_EQ(prove({"readme.txt", "--record", "0"}, "p").exit_code, 2);
  EXPECT_EQ(prove({"nothing", "--record", "0"}, "p").exit_code, 2);
}

TEST_F(SealedStudy, ProvesAWholeFile) {
  const RunResult made = prove({"readme.txt"}, "p.tlog");
  ASSERT_EQ(made.exit_code, 0);
  EXPECT_THAT(made.out, HasSubstr("file    readme.txt\n"));
  const RunResult same = check("p.tlog", {"--file", file("study/readme.txt")});
  EXPECT_EQ(same.exit_code, 0);
  EXPECT_THAT(same.out, HasSubstr("equal      the file given\n"));
  const RunResult other = check("p.tlog", {"--file", file("study/ae.csv")});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.out, HasSubstr("is not the file that was sealed"));
  EXPECT_EQ(check("p.tlog", {"--record", file("study/ae.csv")}).exit_code, 2);
  EXPECT_EQ(check("p.tlog", {"--origin", "salus-trial/other"}).exit_code, 1);
  EXPECT_EQ(prove({"notes.txt"}, "p.tlog").err,
            "salus: notes.txt: the seal has no such file; it has sub/notes.txt\n");
}

TEST_F(SealedStudy, IsProvedByNoHalfWrittenFile) {
  const RunResult made = prove({"ae.csv", "--record", "0"}, "none/p.tlog");
  EXPECT_EQ(made.exit_code, 3);
  EXPECT_EQ(made.out, "");  // nothing is shown where there is no proof
  EXPECT_THAT(check("p.tlog").err, HasSubstr("salus: " + file("p.tlog") + ": cannot open"));
}

TEST_F(SealedStudy, IsNotProvedByAnythingElse) {
  ASSERT_EQ(prove({"ae.csv", "--record", "1"}, "p.cose").exit_code, 0);
  run_salus({"key", "new", "--alg", "ed25519", "--out", file("other.pem"), "--no-passphrase"});
  const RunResult stranger = trial({"check", file("p.cose"), "--key", file("other.pem")});
  EXPECT_EQ(stranger.exit_code, 1);
  EXPECT_THAT(stranger.out, HasSubstr("INVALID: the key that you trust did not sign it"));
  folder_.write("one.csv", "USUBJID,AESEQ,AETERM,AESEV\r\n01-701,2,RASH,SEVERE\r\n");
  EXPECT_EQ(check("p.cose", {"--record", file("one.csv")}).exit_code, 1);
  flip("p.cose", read_text(file("p.cose")).size() - 1);
  EXPECT_EQ(check("p.cose").exit_code, 1);
  folder_.write("p.cose", "not a proof");
  EXPECT_EQ(check("p.cose").exit_code, 2);
}

TEST_F(SealedStudy, IsNotProvedWithoutItsSecretOrItsData) {
  folder_.write("study/ae.csv", "USUBJID,AESEQ,AETERM,AESEV\r\n01-701,1,NAUSEA,SEVERE\r\n");
  EXPECT_EQ(prove({"ae.csv", "--record", "0"}, "p").exit_code, 2);
  fs::remove(file("study.secret"));
  const RunResult result = prove({"ae.csv", "--record", "0"}, "p");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("study.secret"));
  EXPECT_FALSE(fs::exists(file("p")));
}

TEST_F(SealedStudy, ThatGrewProvesThatItOnlyGrew) {
  EXPECT_THAT(expect_good({"update", file("study"), file("study.seal"), "--key", file("key.pem")}),
              HasSubstr("unchanged"));
  folder_.write("study/dm.csv", "USUBJID,SEX\r\n01-701,F\r\n");
  const std::string said =
      expect_good({"update", file("study"), file("study.seal"), "--key", file("key.pem")});
  EXPECT_THAT(said, AllOf(HasSubstr("added    dm.csv"), HasSubstr("grown")));
  const std::string before = read_text(file("study.1.seal/SHA256SUMS"));
  EXPECT_THAT(read_text(file("study.seal/SHA256SUMS")), testing::StartsWith(before));
  expect_good({"verify", file("study"), file("study.seal"), "--key", file("key.pem")});
  ASSERT_EQ(prove({"dm.csv", "--record", "0"}, "p.tlog").exit_code, 0);
  EXPECT_EQ(check("p.tlog").exit_code, 0);
  flip("study.seal/previous", read_text(file("study.seal/previous")).size() / 2);
  const RunResult damaged = trial({"verify", file("study"), file("study.seal")});
  EXPECT_EQ(damaged.exit_code, 1);
  EXPECT_THAT(damaged.err, HasSubstr("study.seal/previous: "));
}

TEST_F(SealedStudy, ThatWasCorrectedSaysWhatWasReplaced) {
  folder_.write("study/readme.txt", "what this was\n");
  folder_.write("study/new.txt", "new\n");
  fs::remove(file("study/ae.csv"));
  const std::string said =
      expect_good({"update", file("study"), file("study.seal"), "--key", file("key.pem")});
  EXPECT_THAT(said, AllOf(HasSubstr("removed  ae.csv"), HasSubstr("changed  readme.txt"),
                          HasSubstr("added    new.txt"), HasSubstr("replaced")));
  expect_good({"verify", file("study"), file("study.seal"), "--key", file("key.pem")});
  EXPECT_EQ(read_text(file("study.seal/previous-SHA256SUMS")),
            read_text(file("study.1.seal/SHA256SUMS")));
  flip("study.seal/previous-SHA256SUMS", 200);
  EXPECT_EQ(trial({"verify", file("study"), file("study.seal")}).exit_code, 1);
}

TEST_F(SealedStudy, IsNotUpdatedForWhatIsNoFile) {
  const std::vector<std::string> update = {"update", file("study"), file("study.seal"), "--key",
                                           file("key.pem")};
  fs::create_symlink("readme.txt", file("study/link"));
  const RunResult result = trial(update);
  EXPECT_EQ(result.exit_code, 2);  // as `seal` does, and `verify` goes on to tell it
  EXPECT_THAT(result.out, HasSubstr("unchanged"));
  EXPECT_THAT(result.err, AllOf(HasSubstr("link: is a symbolic link: not sealed"),
                                HasSubstr("WARNING: 1 file or folder was not sealed in full")));
  EXPECT_FALSE(fs::exists(file("study.1.seal")));

  folder_.write("study/dm.csv", "USUBJID,SEX\r\n01-701,F\r\n");
  const RunResult grown = trial(update);
  EXPECT_EQ(grown.exit_code, 2);
  EXPECT_THAT(grown.out, HasSubstr("added    dm.csv"));
  EXPECT_THAT(grown.err, AllOf(HasSubstr("link: symbolic link: not sealed"), HasSubstr("WARNING")));
}

TEST_F(SealedStudy, IsUpdatedFromWhereCtrlCStoppedIt) {
  const std::vector<std::string> update = {"update", file("study"), file("study.seal"), "--key",
                                           file("key.pem")};
  folder_.write("study/readme.txt", "what this was\n");
  fs::create_symlink("readme.txt", file("study/v"));
  folder_.write("study/zz", "");
  fs::resize_file(file("study/zz"), std::uintmax_t{600} << 20);  // takes a while, and no disk
  std::vector<std::string> arguments = {"trial"};
  arguments.insert(arguments.end(), update.begin(), update.end());
  RunOptions interrupted;
  interrupted.signal = SIGINT;
  interrupted.signal_after = "symbolic link: not sealed";
  const RunResult stopped = run_salus(arguments, interrupted);
  EXPECT_EQ(stopped.exit_code, 128 + SIGINT);
  EXPECT_THAT(stopped.err, HasSubstr("--resume goes on"));
  arguments.emplace_back("--resume");
  const RunResult resumed = run_salus(arguments);
  EXPECT_EQ(resumed.exit_code, 2);  // the link
  EXPECT_THAT(resumed.out, AllOf(HasSubstr("changed  readme.txt"), HasSubstr("added    zz"),
                                 HasSubstr("by the run before")));
  fs::remove(file("study/v"));
  expect_good({"verify", file("study"), file("study.seal"), "--key", file("key.pem")});
}

TEST_F(SealedStudy, WithCellsSealsRecordsOfWhatIsAddedToNone) {
  folder_.write("notes/readme.txt", "no records yet\n");
  expect_good({"seal", file("notes"), "--key", file("key.pem"), "--cells"});
  folder_.write("notes/dm.csv", "USUBJID,SEX\r\n01-701,F\r\n");
  expect_good({"update", file("notes"), file("notes.seal"), "--key", file("key.pem")});
  folder_.write("notes/dm.csv", "USUBJID,SEX\r\n01-701,M\r\n");
  EXPECT_THAT(trial({"verify", file("notes"), file("notes.seal")}).out,
              HasSubstr("USUBJID=01-701: SEX changed"));
}

TEST_F(SealedStudy, OnTheLedgerSaysSinceWhen) {
  live_.start();
  const std::string genesis = live_.folder() / "genesis.toml";
  const std::vector<std::string> anchor = {"anchor",    file("study.seal"), "--node",
                                           live_.url(), "--genesis",        genesis};
  const RunResult unknown = trial(anchor);
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("unknown_signer: the chain does not know the key"));
  const std::vector<std::string> report = {"report", file("study.seal"), "--genesis", genesis,
                                           "-o",     file("r.json")};
  const RunResult nowhere = trial(report);
  EXPECT_EQ(nowhere.exit_code, 1);
  EXPECT_THAT(nowhere.out, HasSubstr("the seal LACKS a proof that was asked for"));
  const json page = json::parse(read_text(file("r.json")));
  EXPECT_EQ(page["proof_chain"][3]["state"], "MISSING");
  EXPECT_THAT(page["proof_chain"][3]["detail"], HasSubstr("salus trial anchor"));
  const std::string body = body_of({live_.registration(1)});
  ASSERT_EQ(HttpClient(live_.port()).send({"POST", "/v1/statements", {}, body}).status, 202U);
  live_.wait_until_mined();
  // The seal is older than the key's registration, which the chain does not take.
  fs::copy(file("study.seal"), file("early.seal"), fs::copy_options::recursive);
  expect_good({"seal", file("study"), "--key", file("key.pem"), "--cells", "--force"});
  EXPECT_THAT(expect_good(anchor), HasSubstr("in block "));
  expect_good(anchor);  // again: the node has it
  const RunResult early = trial({"anchor", file("early.seal"), "--node", live_.url()});
  EXPECT_EQ(early.exit_code, 2);
  EXPECT_THAT(early.err, HasSubstr("seal anew (`salus trial seal --force`)"));

  const std::vector<std::string> verify = {"verify", file("study"), file("study.seal")};
  const auto with = [&verify](std::vector<std::string> more) {
    more.insert(more.begin(), verify.begin(), verify.end());
    return more;
  };
  EXPECT_THAT(expect_good(with({"--node", live_.url(), "--genesis", genesis})),
              AllOf(HasSubstr("ledger  in block "), HasSubstr("blocks above it")));
  LiveNode stranger;
  stranger.start();
  const RunResult off_chain = trial(with({"--node", stranger.url()}));
  EXPECT_EQ(off_chain.exit_code, 1) << off_chain.err;
  EXPECT_THAT(off_chain.out, HasSubstr("NOT on the chain of " + stranger.url()));
  ASSERT_EQ(prove({"ae.csv", "--record", "2"}, "p.tlog").exit_code, 0);
  live_.stop();

  EXPECT_THAT(expect_good(with({"--genesis", genesis})), HasSubstr("ledger  in block "));
  EXPECT_THAT(expect_good(verify), HasSubstr("--genesis says it"));
  expect_good(report);
  const RunResult proof = check("p.tlog", {"--genesis", genesis});
  EXPECT_EQ(proof.exit_code, 0) << proof.out;
  EXPECT_THAT(proof.out, HasSubstr("ledger     in block "));
  const std::string elsewhere = stranger.folder() / "genesis.toml";
  EXPECT_EQ(trial(with({"--genesis", elsewhere})).exit_code, 1);
  EXPECT_EQ(check("p.tlog", {"--genesis", elsewhere}).exit_code, 1);
  for (const std::size_t at : {5U, 200U, 600U}) {
    flip("study.seal/anchor.cbor", at);
    EXPECT_EQ(trial(verify).exit_code, 1) << at;
    flip("study.seal/anchor.cbor", at);
  }
  fs::rename(file("study.seal/anchor.cbor"), file("receipt.cbor"));
  const RunResult without = trial(with({"--genesis", genesis}));
  EXPECT_EQ(without.exit_code, 1);
  EXPECT_THAT(without.out, HasSubstr("NOT on the ledger"));
  EXPECT_THAT(expect_good(with({"--genesis", genesis, "--receipt", file("receipt.cbor")})),
              HasSubstr("ledger  in block "));
  flip("receipt.cbor", 200);
  EXPECT_EQ(trial(with({"--receipt", file("receipt.cbor")})).exit_code, 1);
}

TEST_F(SealedStudy, IsStampedByAnAuthority) {
  expect_good({"stamp", file("study.seal"), "--request", file("request.tsq")});
  EXPECT_GT(fs::file_size(file("request.tsq")), 50U);
  folder_.write("answer.tsr", "nonsense");
  const RunResult result = trial({"stamp", file("study.seal"), "--token", file("answer.tsr")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("nothing was attached"));
  EXPECT_FALSE(fs::exists(file("study.seal/timestamp.tsr")));
  EXPECT_EQ(trial({"stamp", file("study.seal")}).exit_code, 2);
  folder_.write("study.seal/timestamp.tsr", "nonsense");
  folder_.write("study.seal/stranger", "?");
  const RunResult verified = trial({"verify", file("study"), file("study.seal")});
  EXPECT_EQ(verified.exit_code, 1);
  EXPECT_THAT(verified.err, AllOf(HasSubstr("timestamp.tsr: "), HasSubstr("stranger: ")));
}

}  // namespace
}  // namespace salus::test

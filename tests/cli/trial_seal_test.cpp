// `salus trial seal` and `salus trial verify`, as a person uses them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/cli/run_salus.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

/// A study with a table, and a key to seal it with.
class TrialCommand : public testing::Test {
 protected:
  TrialCommand() {
    write("ae.csv",
          "STUDYID,USUBJID,AESEQ,AETERM\r\n"
          "P1,01-701,1,HEADACHE\r\n"
          "P1,01-701,2,NAUSEA\r\n"
          "P1,01-702,1,RASH\r\n");
    write("notes/readme.txt", "no records\n");
    write("large.bin", std::string(3'000'000, 'x'));
    EXPECT_EQ(
        run_salus({"key", "new", "--alg", "ed25519", "--no-passphrase", "-o", key_}).exit_code, 0);
  }

  void write(std::string_view name, std::string_view content) const {
    folder_.write("study/" + std::string(name), content);
  }
  [[nodiscard]] RunResult seal(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"trial", "seal", study_, "--key", key_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_salus(arguments);
  }
  [[nodiscard]] RunResult verify(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"trial", "verify", study_, seal_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_salus(arguments);
  }

  TemporaryFolder folder_;
  std::string study_ = folder_.path("study");
  std::string seal_ = folder_.path("study.seal");
  std::string key_ = folder_.path("sponsor.pem");
};

TEST_F(TrialCommand, SealsAndVerifies) {
  const RunResult sealed = seal();
  ASSERT_EQ(sealed.exit_code, 0) << sealed.err;
  EXPECT_THAT(sealed.out, HasSubstr("sealed  3 files"));
  const RunResult verified = verify({"--key", key_});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  EXPECT_THAT(verified.out, HasSubstr("ae.csv: OK\nlarge.bin: OK\nnotes/readme.txt: OK\n"));
  EXPECT_EQ(verify({"--quiet"}).out, "");
}

TEST_F(TrialCommand, NamesTheChunkThatChanged) {
  ASSERT_EQ(seal().exit_code, 0);
  std::string content(3'000'000, 'x');
  content[1'500'000] = 'y';
  write("large.bin", content);
  const RunResult verified = verify();
  EXPECT_EQ(verified.exit_code, 1);
  EXPECT_THAT(verified.out,
              HasSubstr("large.bin: CHANGED\n  chunk 1 (from byte 1048576) changed\n"));
}

TEST_F(TrialCommand, NamesTheRecordAndTheVariable) {
  const RunResult sealed = seal({"--cells"});
  ASSERT_EQ(sealed.exit_code, 0) << sealed.err;
  EXPECT_THAT(sealed.out, HasSubstr("3 records in 1 of them"));
  EXPECT_THAT(sealed.err, HasSubstr("study.secret is made"));
  write("ae.csv",
        "STUDYID,USUBJID,AESEQ,AETERM\r\n"
        "P1,01-701,1,HEADACHE\r\n"
        "P1,01-701,2,VOMITING\r\n"
        "P1,01-702,1,RASH\r\n");
  const RunResult verified = verify();
  EXPECT_EQ(verified.exit_code, 1);
  EXPECT_THAT(verified.out, HasSubstr("ae.csv: CHANGED"));
  EXPECT_THAT(verified.out, HasSubstr("USUBJID=01-701 AESEQ=2"));
  EXPECT_THAT(verified.out, HasSubstr("AETERM"));
  EXPECT_THAT(verified.out, Not(HasSubstr("01-702")));
}

TEST_F(TrialCommand, TellsOtherBytesWithTheSameRecords) {
  ASSERT_EQ(seal({"--records"}).exit_code, 0);
  write("ae.csv",
        "\"STUDYID\",USUBJID,AESEQ,AETERM\n"
        "P1,\"01-701\",1,HEADACHE\nP1,01-701,2,NAUSEA\nP1,01-702,1,RASH\n");
  const RunResult verified = verify();
  EXPECT_EQ(verified.exit_code, 1);  // exact bytes are what was sealed
  EXPECT_THAT(verified.out, HasSubstr("ae.csv: RECORDS EQUAL"));
}

TEST_F(TrialCommand, SealsAFileWithARaggedRowByItsBytesAndSaysSo) {
  write("bad.csv", "A,B\n1,2\n3\n");
  const RunResult sealed = seal({"--records"});
  EXPECT_EQ(sealed.exit_code, 2);
  EXPECT_THAT(sealed.err, HasSubstr("bad.csv: its records are not sealed: record 1"));
  EXPECT_EQ(verify().exit_code, 0);
}

TEST_F(TrialCommand, SaysHowFarTheRecordsOfADamagedFileCanBeRead) {
  ASSERT_EQ(seal({"--cells"}).exit_code, 0);
  write("ae.csv",
        "STUDYID,USUBJID,AESEQ,AETERM\r\n"
        "P1,01-701,1,DIZZINESS\r\n"
        "P1,01-701,2\r\n"
        "P1,01-702,1,RASH\r\n");
  const RunResult verified = verify();
  EXPECT_EQ(verified.exit_code, 1);
  EXPECT_THAT(verified.out,
              HasSubstr("ae.csv: CHANGED (records: 1 changed, not read to the end) (record 1"));
  EXPECT_THAT(verified.out, HasSubstr("AETERM changed"));
}

TEST_F(TrialCommand, EndsNonZeroWhereSomethingCannotBeSealed) {
  fs::create_symlink("/etc/passwd", study_ + "/link\nname");
  const RunResult sealed = seal();
  EXPECT_EQ(sealed.exit_code, 2);
  EXPECT_THAT(sealed.err, HasSubstr("symbolic link: not sealed"));
  EXPECT_THAT(sealed.err, HasSubstr("1 file or folder"));
  EXPECT_EQ(line_count(sealed.err), 2U);
  EXPECT_EQ(verify().exit_code, 1);  // it is there, and not in the seal
}

TEST_F(TrialCommand, TellsAnotherKeyAndADamagedSeal) {
  ASSERT_EQ(seal({"--cells"}).exit_code, 0);
  const std::string other = folder_.path("other.pem");
  ASSERT_EQ(run_salus({"key", "new", "--alg", "ed25519", "--no-passphrase", "-o", other}).exit_code,
            0);
  EXPECT_EQ(verify({"--key", other}).exit_code, 1);
  // One bit of every file of the seal, at its beginning, middle and end.
  for (const auto& entry : fs::recursive_directory_iterator(seal_)) {
    if (!entry.is_regular_file()) continue;
    const std::string content = read_text(entry.path());
    for (const std::size_t at : {std::size_t{0}, content.size() / 2, content.size() - 2}) {
      std::string flipped = content;
      flipped[at] = static_cast<char>(flipped[at] ^ 4);
      std::ofstream(entry.path(), std::ios::binary) << flipped;
      const RunResult verified = verify();
      EXPECT_NE(verified.exit_code, 0) << entry.path() << " at " << at;
      EXPECT_THAT(verified.err, HasSubstr(seal_)) << entry.path() << " at " << at;
    }
    std::ofstream(entry.path(), std::ios::binary) << content;
  }
  EXPECT_EQ(verify().exit_code, 0);
}

TEST_F(TrialCommand, KeepsTheSecretOutOfTheDataAndTheSeal) {
  EXPECT_EQ(seal({"--records", "--secret", study_ + "/s"}).exit_code, 2);
  ASSERT_EQ(seal({"--records"}).exit_code, 0);
  struct stat status {};
  ASSERT_EQ(stat(folder_.path("study.secret").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  const std::string secret = read_text(folder_.path("study.secret")).substr(0, 64);
  for (const auto& entry : fs::recursive_directory_iterator(seal_)) {
    if (!entry.is_regular_file()) continue;
    EXPECT_THAT(read_text(entry.path()), Not(HasSubstr(secret))) << entry.path();
  }
}

TEST_F(TrialCommand, ReplacesASealOnlyWhenTold) {
  ASSERT_EQ(seal().exit_code, 0);
  const RunResult again = seal();
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.err, HasSubstr("study.seal is there already: --force replaces it"));
  EXPECT_EQ(seal({"--force"}).exit_code, 0);
  EXPECT_EQ(verify().exit_code, 0);
}

TEST_F(TrialCommand, EscapesHostileNames) {
  write("evil\x1b[31m\nname", "x");
  ASSERT_EQ(seal().exit_code, 0);
  fs::remove(study_ + "/evil\x1b[31m\nname");
  const RunResult verified = verify({"--quiet"});
  EXPECT_EQ(verified.out, "evil\\x1b[31m\\x0aname: MISSING\n");
}

TEST_F(TrialCommand, ShowsNamesThatAreNoTextByTheirBytes) {
  ASSERT_EQ(seal().exit_code, 0);
  write("caf\xc3\xa9", "x");
  write("caf\xe9", "x");
  EXPECT_EQ(verify({"--quiet"}).out, "caf\xc3\xa9: ADDED\ncaf\\xe9: ADDED\n");
}

TEST_F(TrialCommand, VerifiesForThoseWhoMayNotReadTheSecret) {
  ASSERT_EQ(seal({"--records"}).exit_code, 0);
  folder_.write("study.secret", "not what it was\n");
  const RunResult verified = verify({"--quiet"});
  EXPECT_EQ(verified.exit_code, 0);
  EXPECT_THAT(verified.err, HasSubstr("WARNING"));
  EXPECT_THAT(verified.err, HasSubstr("records that changed are not named"));
  // Who names one wants it.
  EXPECT_EQ(verify({"--secret", folder_.path("study.secret")}).exit_code, 2);
}

TEST_F(TrialCommand, WarnsOfASealOfNothing) {
  const RunResult sealed = seal({"--exclude", "*"});
  EXPECT_EQ(sealed.exit_code, 0);
  EXPECT_THAT(sealed.err, HasSubstr("nothing is sealed"));
}

TEST_F(TrialCommand, GoesOnWhereCtrlCStoppedIt) {
  write("zz", "");
  fs::resize_file(study_ + "/zz", std::uintmax_t{600} << 20);  // takes a while, and no disk
  const std::vector<std::string> arguments{"trial", "seal", study_, "--key", key_, "--records"};
  RunOptions interrupted;
  interrupted.signal = SIGINT;
  interrupted.signal_after = "study.secret is made";
  const RunResult stopped = run_salus(arguments, interrupted);
  EXPECT_EQ(stopped.exit_code, 128 + SIGINT);
  EXPECT_THAT(stopped.err, HasSubstr("--resume goes on"));
  EXPECT_FALSE(fs::exists(seal_));
  ASSERT_TRUE(fs::exists(seal_ + ".partial"));
  EXPECT_EQ(seal({"--records", "--resume"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(seal_ + ".partial"));
  EXPECT_EQ(verify().exit_code, 0);
}

TEST_F(TrialCommand, RefusesBadRequestsBeforeReadingAnything) {
  EXPECT_EQ(seal({"--origin", "two words"}).exit_code, 2);
  EXPECT_EQ(seal({"-o", study_ + "/inside.seal"}).exit_code, 2);
  EXPECT_EQ(run_salus({"trial", "seal", study_ + "/none", "--key", key_}).exit_code, 2);
  EXPECT_FALSE(fs::exists(seal_ + ".partial"));
  EXPECT_EQ(run_salus({"trial", "verify", study_, study_}).exit_code, 2);
}

}  // namespace
}  // namespace salus::test

// `salus trial report` and `export`, and `verify` against manifests of other tools.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/run_salus.h"
#include "tests/support/places.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

/// A small study of several formats, sealed with records and cells.
class TrialReport : public testing::Test {
 protected:
  TrialReport() {
    write("ae.csv", "USUBJID,AESEQ,AESEV\n01-701,1,MILD\n01-702,1,SEVERE\n");
    write("vs.ndjson",
          "{\"USUBJID\":\"01-701\",\"VSSEQ\":1,\"VSORRES\":120}\n"
          "{\"USUBJID\":\"01-702\",\"VSSEQ\":1,\"VSORRES\":118}\n");
    write("sub/notes, old.txt", "no records\n");
    EXPECT_EQ(
        run_salus({"key", "new", "--alg", "ed25519", "--no-passphrase", "-o", key_}).exit_code, 0);
    const RunResult sealed = run_salus({"trial", "seal", study_, "--key", key_, "--cells"});
    EXPECT_EQ(sealed.exit_code, 0) << sealed.err;
  }

  void write(std::string_view name, std::string_view content) const {
    folder_.write("study/" + std::string(name), content);
  }
  [[nodiscard]] RunResult report(const std::string& out, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"trial", "report", seal_, "-o", folder_.path(out)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_salus(arguments);
  }
  [[nodiscard]] RunResult export_as(const std::string& format,
                                    std::vector<std::string> more) const {
    std::vector<std::string> arguments{"trial", "export", seal_, "--format", format};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_salus(arguments);
  }

  TemporaryFolder folder_;
  std::string study_ = folder_.path("study");
  std::string seal_ = folder_.path("study.seal");
  std::string key_ = folder_.path("sponsor.pem");
};

TEST_F(TrialReport, SaysThatAllIsAsItWasSealed) {
  const RunResult result = report("r.json", {"--data", study_, "--key", key_});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const auto json = nlohmann::json::parse(read_text(folder_.path("r.json")));
  EXPECT_EQ(json["verdict"], "All data is as it was sealed");
  EXPECT_EQ(json["seal"]["records"], 4);
  EXPECT_EQ(json["seal"]["record_files"], 2);
  EXPECT_EQ(json["verification"]["files"]["OK"], 3);
  EXPECT_EQ(json["proof_chain"][1]["state"], "holds");
}

TEST_F(TrialReport, NamesTheVariableAndNoValue) {
  write("vs.ndjson",
        "{\"USUBJID\":\"01-701\",\"VSSEQ\":1,\"VSORRES\":120}\n"
        "{\"USUBJID\":\"01-702\",\"VSSEQ\":1,\"VSORRES\":181}\n");
  for (const char* const out : {"r.html", "r.json", "r.csv"}) {
    EXPECT_EQ(report(out, {"--data", study_}).exit_code, 1);
    const std::string text = read_text(folder_.path(out));
    EXPECT_THAT(text, HasSubstr("record 1: variable VSORRES changed"));
    EXPECT_THAT(text, HasSubstr("The data is NOT all as it was sealed"));
    for (const char* const value : {"01-702", "181", "118"})
      EXPECT_THAT(text, Not(HasSubstr(value)));
  }
}

TEST_F(TrialReport, ListsAsMuchOfAFileAsItIsTold) {
  write("ae.csv", "USUBJID,AESEQ,AESEV\n01-701,1,SEVERE\n01-702,1,MILD\n");
  const auto findings = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"--data", study_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_EQ(report("r.json", arguments).exit_code, 1);
    return nlohmann::json::parse(read_text(folder_.path("r.json")))["verification"]["findings"][0];
  };
  EXPECT_EQ(findings({})["places"].size(), 2U);
  EXPECT_EQ(findings({"--places", "1"})["places"].size(), 1U);
  EXPECT_EQ(findings({"--places", "1"})["more_places"], 1);
}

TEST_F(TrialReport, FindsADamagedSeal) {
  const fs::path checkpoint = fs::path(seal_) / "checkpoint";
  std::string text = read_text(checkpoint);
  text[text.size() - 10] = text[text.size() - 10] == 'A' ? 'B' : 'A';
  std::ofstream(checkpoint, std::ios::binary) << text;
  EXPECT_EQ(report("r.csv").exit_code, 1);
  EXPECT_THAT(read_text(folder_.path("r.csv")), HasSubstr("FAILS"));
}

TEST_F(TrialReport, TakesOnlyKnownForms) {
  EXPECT_EQ(report("r.pdf").exit_code, 2);
  EXPECT_FALSE(fs::exists(folder_.path("r.pdf")));
}

TEST_F(TrialReport, LeavesNoFileBehindWhereThereIsNothingToReport) {
  const RunResult result = report("r.html", {"--data", folder_.path("no such study")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_FALSE(fs::exists(folder_.path("r.html")));
}

TEST_F(TrialReport, SaysWhetherDataWasLookedAt) {
  EXPECT_THAT(report("r.html").out, HasSubstr("the seal is good; no data was verified"));
  EXPECT_THAT(report("r.html", {"--data", study_}).out, testing::EndsWith("r.html: good\n"));
}

TEST_F(TrialReport, ProvesARecordOfJsonByItsPlainText) {
  const std::string proof = folder_.path("p.tlog");
  const RunResult result = run_salus({"trial", "prove", seal_, "--file", "vs.ndjson", "--where",
                                      "USUBJID=01-702", "--show", "VSORRES", "-o", proof});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("record  1 of vs.ndjson"));
}

TEST_F(TrialReport, VerifiesWhatItExportsAndWhatOthersWrite) {
  const auto verify = [&](const std::string& folder, const std::string& manifest) {
    return run_salus({"trial", "verify", folder, manifest});
  };
  const std::string sums = folder_.path("sums");
  EXPECT_EQ(export_as("sha256sum", {"-o", sums}).exit_code, 0);
  EXPECT_EQ(verify(study_, sums).exit_code, 0);
  EXPECT_EQ(
      std::system(("cd '" + study_ + "' && sha256sum -c --strict --quiet '" + sums + "'").c_str()),
      0);

  const std::string deep = folder_.path("deep");
  EXPECT_EQ(export_as("hashdeep", {"-o", deep}).exit_code, 2);
  EXPECT_EQ(export_as("hashdeep", {"--data", study_, "-o", deep}).exit_code, 0);
  EXPECT_EQ(verify(study_, deep).exit_code, 0);

  const std::string bag = folder_.path("bag");
  EXPECT_EQ(export_as("bagit", {"--data", study_, "-o", bag}).exit_code, 0);
  EXPECT_EQ(verify(bag, bag).exit_code, 0);

  const std::string theirs = folder_.path("theirs");
  ASSERT_EQ(
      std::system(
          ("cd '" + study_ + "' && find . -type f -exec sha256sum {} + >'" + theirs + "'").c_str()),
      0);
  EXPECT_EQ(verify(study_, theirs).exit_code, 0);
  write("ae.csv", "changed");
  write("new.txt", "n");
  const RunResult changed = verify(study_, theirs);
  EXPECT_EQ(changed.exit_code, 1);
  EXPECT_THAT(changed.out, HasSubstr("ae.csv: CHANGED\nnew.txt: ADDED\n"));
}

/// A copy of what others published, in this file of the study.
void copy_data(const std::string& name, const fs::path& target) {
  fs::copy_file(fs::path(test_data("trial")) / name, target);
}

TEST_F(TrialReport, TellsLayoutFromContentInPublishedFiles) {
  const fs::path study = folder_.path("published");
  fs::create_directory(study);
  for (const char* const name : {"datasetjson/dm.json", "datasetjson/dm.ndjson",
                                 "odm/repeating.xml", "fhir/bundle-example.json"})
    copy_data(name, study / fs::path(name).filename());
  ASSERT_EQ(run_salus({"trial", "seal", study, "--key", key_, "--cells"}).exit_code, 0);
  const std::string seal = study.string() + ".seal";
  EXPECT_EQ(run_salus({"trial", "verify", study, seal}).exit_code, 0);

  const auto dm = nlohmann::json::parse(read_text(study / "dm.json"));
  std::ofstream(study / "dm.json") << dm.dump(2);
  std::string odm = read_text(study / "repeating.xml");
  const std::string_view sealed = "another heart related problem";
  odm.replace(odm.find(sealed), sealed.size(), "another lung related problem");
  std::ofstream(study / "repeating.xml") << odm;
  const RunResult result = run_salus({"trial", "verify", study, seal, "-q"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("dm.json: RECORDS EQUAL\n"));
  EXPECT_THAT(result.out, HasSubstr("@ItemGroupRepeatKey=3: I.MH.TERM/Value changed\n"));
  EXPECT_THAT(result.out, Not(HasSubstr("bundle-example.json")));
}

TEST_F(TrialReport, DoesNotTakeAManifestForASeal) {
  const std::string sums = folder_.path("sums");
  EXPECT_EQ(export_as("sha256sum", {"-o", sums}).exit_code, 0);
  const std::vector<std::vector<std::string>> only_for_seals = {{"--key", key_},
                                                                {"--resume"},
                                                                {"--genesis", sums},
                                                                {"--node", "http://127.0.0.1:1"},
                                                                {"--ca", sums}};
  for (const auto& more : only_for_seals) {
    std::vector<std::string> arguments{"trial", "verify", study_, sums};
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_EQ(run_salus(arguments).exit_code, 2) << more.front();
  }
}

}  // namespace
}  // namespace salus::test

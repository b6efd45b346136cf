// The report's three forms, from made-up findings: what has to be in them, and what must not.
#include "trial/report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/temporary_folder.h"
#include "trial/report/report_text.h"

namespace salus::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using trial::Finding;
using trial::Outcome;
using trial::Place;
using trial::ProofStep;
using trial::Report;

Report sample() {
  Report report;
  report.written = "2026-11-21T22:30:00Z";
  report.tool = "salus 0.1.0";
  report.header.origin = "salus-trial/cdiscpilot01";
  report.header.sealed = "2026-11-21T22:00:00Z";
  report.header.tool = "salus 0.1.0";
  report.header.note = "database lock <1>";
  report.header.excludes = {"*.tmp"};
  report.sections = {{"2026-11-21T22:00:00Z", 0}, {"2026-11-22T08:00:00Z", 3}};
  report.files = 19;
  report.record_files = 18;
  report.records = 12'345;
  report.head = {"salus-trial/cdiscpilot01", 45, {}};
  report.signer = "00112233445566778899aabbccddeeff";
  report.chain = {{"signatures over the root", ProofStep::State::holds, "key 00112233"},
                  {"anchor in the ledger", ProofStep::State::absent, ""}};
  return report;
}

/// A run that found one of everything.
trial::ReportedRun run() {
  trial::ReportedRun run;
  run.started = "2026-11-21T22:29:58Z";
  run.finished = "2026-11-21T22:29:59Z";
  run.summary.bytes = 9'876'543;
  run.summary.files = {15, 0, 1, 1, 1, 1, 1};
  Finding changed;
  changed.outcome = Outcome::changed;
  changed.path = "sdtm/ae.xpt";
  changed.reason = "records: 1 changed, 1 removed, not read to the end";
  changed.fault = "row 3 says 01-701-1015";
  changed.places = {{Place::Kind::variable, Place::Change::changed, 16,
                     "AE USUBJID=01-701-1015 AESEQ=2", "AESEV"},
                    {Place::Kind::record, Place::Change::removed, 40, "AE USUBJID=01-701-1023", ""},
                    {Place::Kind::chunk, Place::Change::added, 3, "", ""}};
  changed.more_places = 7;
  Finding renamed;
  renamed.outcome = Outcome::renamed;
  renamed.path = "a,\"b\"\n.csv";
  renamed.new_path = "=cmd|x";
  Finding unreadable;
  unreadable.outcome = Outcome::unreadable;
  unreadable.path = "<script>alert(1)</script>\xff";
  unreadable.reason = "Permission denied";
  run.findings = {changed, renamed, unreadable};
  run.more_findings = 2;
  return run;
}

Report full() {
  Report report = sample();
  report.run = run();
  return report;
}

TEST(Report, SaysWhatWhenAndByWhom) {
  for (const std::string& text :
       {trial::report_html(full()), trial::report_json(full()), trial::report_csv(full())}) {
    for (const char* const part : {"salus-trial/cdiscpilot01",
                                   "2026-11-21T22:00:00Z",
                                   "2026-11-21T22:29:59Z",
                                   "00112233445566778899aabbccddeeff",
                                   "salus 0.1.0",
                                   "sdtm/ae.xpt",
                                   "record 16: variable AESEV changed",
                                   "record 40 removed",
                                   "chunk 3 added",
                                   "Permission denied",
                                   "1 changed, 1 removed, not read to the end",
                                   "21 CFR 11.10(a)",
                                   "21 CFR 11.10(c)",
                                   "21 CFR 11.10(e)",
                                   "ICH E6(R3) 4.2",
                                   "ALCOA++",
                                   "Software alone makes nobody compliant",
                                   "The data is NOT all as it was sealed",
                                   "2026-11-22T08:00:00Z",
                                   "*.tmp"})
      EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(Report, HoldsNoDataValues) {
  for (const std::string& text :
       {trial::report_html(full()), trial::report_json(full()), trial::report_csv(full())})
    EXPECT_THAT(text, Not(HasSubstr("01-701")));
}

TEST(Report, IsGoodOnlyWhenNothingIsWrong) {
  Report report = sample();
  EXPECT_TRUE(report.is_good());
  EXPECT_EQ(trial::verdict(report), "The data was not verified for this report");
  report.run.emplace();
  report.run->summary.files = {19, 0, 0, 0, 0, 0, 0};
  EXPECT_TRUE(report.is_good());
  EXPECT_EQ(trial::verdict(report), "All data is as it was sealed");
  report.run->summary.files = {18, 1, 0, 0, 0, 0, 0};
  EXPECT_FALSE(report.is_good());
  report = sample();
  report.chain[1].state = ProofStep::State::fails;
  EXPECT_FALSE(report.is_good());
  EXPECT_EQ(trial::verdict(report), "The seal itself is damaged or not genuine");
}

TEST(Report, IsNotGoodWithoutAProofThatWasAskedFor) {
  Report report = sample();
  report.chain[1].state = ProofStep::State::missing;
  EXPECT_FALSE(report.is_good());
  EXPECT_THAT(trial::verdict(report), HasSubstr("not verified for this report; the seal LACKS"));
  report.run.emplace();
  report.run->summary.files = {19, 0, 0, 0, 0, 0, 0};
  EXPECT_FALSE(report.is_good());
  EXPECT_THAT(trial::verdict(report), HasSubstr("All data is as it was sealed; the seal LACKS"));
  EXPECT_THAT(trial::report_html(report), HasSubstr("MISSING"));
}

TEST(ReportHtml, LetsNamesFromOutsideDoNothing) {
  const std::string html = trial::report_html(full());
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;\\xff"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, HasSubstr("database lock &lt;1&gt;"));
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  EXPECT_THAT(html, Not(HasSubstr("http://")));
  EXPECT_THAT(html, Not(HasSubstr("https://")));
}

TEST(ReportHtml, IsWellFormed) {
  if (std::system("command -v xmllint >/dev/null") != 0) GTEST_SKIP() << "no xmllint here";
  const TemporaryFolder folder;
  const std::string page = folder.write("report.html", trial::report_html(full()));
  EXPECT_EQ(std::system(("xmllint --noout '" + page + "'").c_str()), 0);
}

TEST(ReportJson, IsJsonOfAKnownForm) {
  const auto json = nlohmann::json::parse(trial::report_json(full()));
  EXPECT_EQ(json["report"], "salus-trial-report/1");
  EXPECT_EQ(json["good"], false);
  EXPECT_EQ(json["seal"]["records"], 12'345);
  EXPECT_EQ(json["verification"]["files"]["CHANGED"], 1);
  EXPECT_EQ(json["verification"]["findings"][1]["new_path"], "=cmd|x");
  EXPECT_EQ(json["verification"]["findings"][0]["more_places"], 7);
  EXPECT_EQ(json["proof_chain"][1]["state"], "absent");
  EXPECT_TRUE(nlohmann::json::parse(trial::report_json(sample()))["verification"].is_null());
}

TEST(ReportCsv, QuotesAndDisarmsFields) {
  const std::string csv = trial::report_csv(full());
  EXPECT_THAT(csv, HasSubstr("finding,\"a,\"\"b\"\"\\x0a.csv\",RENAMED,'=cmd|x\r\n"));
  EXPECT_TRUE(csv.starts_with("section,item,value,detail\r\n"));
}

TEST(ReportText, ShowsWhatIsNoText) {
  EXPECT_EQ(trial::plain("a\nb\x7f\xc2\x85\xc3\xa4\xff\xe2\x82"),
            "a\\x0ab\\x7f\\xc2\\x85\xc3\xa4\\xff\\xe2\\x82");
  EXPECT_EQ(trial::plain(""), "");
}

}  // namespace
}  // namespace salus::test

#include <fmt/format.h>

#include "trial/report/report.h"
#include "trial/report/report_text.h"

namespace salus::trial {
namespace {

std::string field(std::string_view text) {
  std::string shown = plain(text);
  if (!shown.empty() && std::string_view("=+-@").find(shown.front()) != std::string_view::npos)
    shown.insert(shown.begin(), '\'');
  if (shown.find_first_of("\",") == std::string::npos) return shown;
  std::string quoted(1, '"');
  for (const char c : shown) {
    if (c == '"') quoted.push_back('"');
    quoted.push_back(c);
  }
  quoted.push_back('"');
  return quoted;
}

class Rows {
 public:
  void add(std::string_view section, std::string_view item, std::string_view value,
           std::string_view detail = {}) {
    text_ +=
        fmt::format("{},{},{},{}\r\n", field(section), field(item), field(value), field(detail));
  }
  std::string text_ = "section,item,value,detail\r\n";
};

void add_run(Rows& rows, const ReportedRun& run) {
  rows.add("verification", "started", run.started);
  rows.add("verification", "finished", run.finished);
  rows.add("verification", "bytes read", std::to_string(run.summary.bytes));
  for (std::size_t i = 0; i < kOutcomes; ++i)
    rows.add("verification", fmt::format("files {}", to_string(static_cast<Outcome>(i))),
             std::to_string(run.summary.files[i]));
  for (const Finding& finding : run.findings) {
    rows.add("finding", finding.path, to_string(finding.outcome),
             finding.outcome == Outcome::renamed ? finding.new_path : finding.reason);
    for (const Place& place : finding.places) rows.add("place", finding.path, place_text(place));
    if (finding.more_places != 0)
      rows.add("place", finding.path, fmt::format("{} more", finding.more_places));
  }
  if (run.more_findings != 0)
    rows.add("finding", "", fmt::format("{} more files", run.more_findings));
}

}  // namespace

std::string report_csv(const Report& report) {
  Rows rows;
  rows.add("report", "verdict", verdict(report));
  rows.add("report", "written", report.written);
  rows.add("report", "by", report.tool);
  rows.add("seal", "origin", report.header.origin);
  rows.add("seal", "sealed", report.header.sealed);
  rows.add("seal", "sealed by", report.header.tool);
  rows.add("seal", "signer", report.signer);
  if (report.header.note) rows.add("seal", "note", *report.header.note);
  for (const std::string& exclude : report.header.excludes) rows.add("seal", "left out", exclude);
  rows.add("seal", "files", std::to_string(report.files));
  rows.add("seal", "files with records", std::to_string(report.record_files));
  rows.add("seal", "records", std::to_string(report.records));
  rows.add("seal", "tree size", std::to_string(report.head.size));
  rows.add("seal", "root", to_hex(report.head.root));
  for (std::size_t i = 1; i < report.sections.size(); ++i)
    rows.add("seal", fmt::format("section {} added", i + 1), report.sections[i].sealed);
  for (const ProofStep& step : report.chain)
    rows.add("proof", step.name, to_string(step.state), step.detail);
  if (report.run) add_run(rows, *report.run);
  for (const Control& control : kControls) rows.add("control", control.reference, control.support);
  rows.add("control", "", kNoCompliance);
  return rows.text_;
}

}  // namespace salus::trial

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "trial/report/report.h"
#include "trial/report/report_text.h"

namespace salus::trial {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(const Finding& finding) {
  ordered_json json = {{"path", plain(finding.path)}, {"outcome", to_string(finding.outcome)}};
  if (!finding.new_path.empty()) json["new_path"] = plain(finding.new_path);
  if (!finding.reason.empty()) json["reason"] = plain(finding.reason);
  for (const Place& place : finding.places) json["places"].push_back(place_text(place));
  if (finding.more_places != 0) json["more_places"] = finding.more_places;
  return json;
}

ordered_json to_json(const ReportedRun& run) {
  ordered_json json = {{"started", run.started},
                       {"finished", run.finished},
                       {"bytes", run.summary.bytes},
                       {"all_unchanged", run.summary.all_unchanged()}};
  for (std::size_t i = 0; i < kOutcomes; ++i)
    json["files"][std::string(to_string(static_cast<Outcome>(i)))] = run.summary.files[i];
  json["findings"] = ordered_json::array();
  for (const Finding& finding : run.findings) json["findings"].push_back(to_json(finding));
  if (run.more_findings != 0) json["more_findings"] = run.more_findings;
  return json;
}

ordered_json seal_json(const Report& report) {
  ordered_json json = {{"origin", plain(report.header.origin)},
                       {"sealed", report.header.sealed},
                       {"tool", plain(report.header.tool)},
                       {"signer", report.signer}};
  if (report.header.note) json["note"] = plain(*report.header.note);
  for (const std::string& exclude : report.header.excludes)
    json["excludes"].push_back(plain(exclude));
  json["files"] = report.files;
  json["chunked_files"] = report.chunked_files;
  json["record_files"] = report.record_files;
  json["records"] = report.records;
  json["tree_size"] = report.head.size;
  json["root"] = to_hex(report.head.root);
  for (std::size_t i = 1; i < report.sections.size(); ++i)
    json["sections_added"].push_back(report.sections[i].sealed);
  return json;
}

}  // namespace

std::string report_json(const Report& report) {
  ordered_json json = {{"report", "salus-trial-report/1"},
                       {"written", report.written},
                       {"tool", plain(report.tool)},
                       {"verdict", verdict(report)},
                       {"good", report.is_good()}};
  json["seal"] = seal_json(report);
  for (const ProofStep& step : report.chain)
    json["proof_chain"].push_back(
        {{"name", step.name}, {"state", to_string(step.state)}, {"detail", plain(step.detail)}});
  json["verification"] = report.run ? to_json(*report.run) : ordered_json(nullptr);
  for (const Control& control : kControls)
    json["controls"].push_back({{"reference", control.reference}, {"support", control.support}});
  json["limits"] = {kNoCompliance, kNoValues};
  return json.dump(2) + "\n";
}

}  // namespace salus::trial

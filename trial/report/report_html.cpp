#include <fmt/format.h>

#include <string>
#include <string_view>

#include "trial/report/report.h"
#include "trial/report/report_text.h"

namespace salus::trial {
namespace {

// Black on white, and words rather than colours: copies and prints lose nothing.
constexpr std::string_view kStyle = R"(
@page { size: A4; margin: 16mm 14mm; }
body { font: 10.5pt/1.45 "Helvetica Neue", Helvetica, Arial, "DejaVu Sans", sans-serif; color: #111;
  background: #fff; max-width: 182mm; margin: 8mm auto; padding: 0 4mm; }
h1 { font-size: 17pt; margin: 0 0 1mm; }
h2 { font-size: 12pt; margin: 7mm 0 2mm; break-after: avoid; }
p { margin: 1.5mm 0; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
th, td { text-align: left; vertical-align: top; padding: 1mm 2mm 1mm 0;
  border-bottom: 0.2mm solid #bbb; overflow-wrap: anywhere; }
thead th { border-bottom: 0.4mm solid #111; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
.findings tr { break-inside: auto; }
tbody th { font-weight: normal; color: #444; width: 42mm; }
.link { width: 46mm; }
.state { width: 24mm; }
.outcome { width: 34mm; }
.verdict { border: 0.5mm solid #111; padding: 2.5mm 4mm; margin: 4mm 0; font-size: 13pt;
  font-weight: bold; }
.bad { border-width: 1.2mm; }
bdi, code { font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 9pt; }
.small { font-size: 9pt; color: #333; }
.signature { margin-top: 12mm; display: flex; gap: 12mm; }
.signature div { flex: 1; border-top: 0.2mm solid #111; padding-top: 1mm; font-size: 9pt; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : plain(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out.push_back(c);
    }
  }
  return out;
}

/// A name from outside: what it holds does not turn the text around it.
std::string name(std::string_view text) { return "<bdi>" + escaped(text) + "</bdi>"; }

std::string row(std::string_view title, const std::string& value) {
  return fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", title, value);
}

std::string seal_section(const Report& report) {
  const SealHeader& header = report.header;
  std::string out = "<h2>The seal</h2>\n<table><tbody>\n";
  out += row("Study", name(header.origin));
  out += row("Sealed (UTC)", escaped(header.sealed));
  out += row("Sealed with", escaped(header.tool));
  out += row("Signed by key", report.signer.empty() ? "not known" : name(report.signer));
  if (header.note) out += row("Note", escaped(*header.note));
  for (const std::string& exclude : header.excludes) out += row("Left out", name(exclude));
  out += row("Files",
             fmt::format("{}, {} of them also by chunks", report.files, report.chunked_files));
  out += row("Records", fmt::format("{} in {} files", report.records, report.record_files));
  for (std::size_t i = 1; i < report.sections.size(); ++i)
    out += row(fmt::format("Added (part {})", i + 1), escaped(report.sections[i].sealed));
  out += row("Root of the tree", fmt::format("{}<br/>over {} lines of SHA256SUMS",
                                             name(to_hex(report.head.root)), report.head.size));
  return out + "</tbody></table>\n";
}

std::string chain_section(const Report& report) {
  std::string out =
      "<h2>What proves it</h2>\n<table><thead><tr><th class=\"link\">Link</th><th "
      "class=\"state\">State</th>"
      "<th>What it says</th></tr></thead><tbody>\n";
  for (const ProofStep& step : report.chain)
    out += fmt::format("<tr><td>{}</td><td class=\"state\">{}</td><td>{}</td></tr>\n",
                       escaped(step.name), to_string(step.state), escaped(step.detail));
  return out + "</tbody></table>\n";
}

std::string finding_row(const Finding& finding) {
  std::string what = name(finding.path);
  if (finding.outcome == Outcome::renamed) what += "<br/>now " + name(finding.new_path);
  if (!finding.reason.empty()) what += "<br/>" + escaped(finding.reason);
  for (const Place& place : finding.places) what += "<br/>" + escaped(place_text(place));
  if (finding.more_places != 0) what += fmt::format("<br/>and {} more places", finding.more_places);
  return fmt::format("<tr><td class=\"outcome\">{}</td><td>{}</td></tr>\n",
                     to_string(finding.outcome), what);
}

std::string run_section(const ReportedRun& run) {
  std::string out = "<h2>Verification of the data</h2>\n<table><tbody>\n";
  out += row("Started (UTC)", escaped(run.started));
  out += row("Finished (UTC)", escaped(run.finished));
  out += row("Read", fmt::format("{} bytes", run.summary.bytes));
  for (std::size_t i = 0; i < kOutcomes; ++i)
    out += row(fmt::format("Files {}", to_string(static_cast<Outcome>(i))),
               std::to_string(run.summary.files[i]));
  out += "</tbody></table>\n<h2>What is not as it was sealed</h2>\n";
  if (run.findings.empty()) return out + "<p>Nothing.</p>\n";
  out +=
      "<table class=\"findings\"><thead><tr><th class=\"outcome\">Finding</th><th>File and "
      "place</th></tr></thead>"
      "<tbody>\n";
  for (const Finding& finding : run.findings) out += finding_row(finding);
  out += "</tbody></table>\n";
  if (run.more_findings != 0)
    out += fmt::format("<p>and {} more files, which are not listed here.</p>\n", run.more_findings);
  return out;
}

std::string control_section() {
  std::string out =
      "<h2>Controls that this supports</h2>\n<table><thead><tr><th style=\"width:34mm\">"
      "Requirement</th><th>How</th></tr></thead><tbody>\n";
  for (const Control& control : kControls)
    out += fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", control.reference,
                       escaped(control.support));
  return out +
         fmt::format("</tbody></table>\n<p><strong>{}</strong></p>\n<p class=\"small\">{}</p>\n",
                     escaped(kNoCompliance), escaped(kNoValues));
}

}  // namespace

std::string report_html(const Report& report) {
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\"/>\n<meta name=\"viewport\" content=\"width=device-width\"/>\n"
      "<title>Seal report: {}</title>\n<style>{}</style></head>\n<body>\n",
      escaped(report.header.origin), kStyle);
  out += fmt::format(
      "<h1>Report on sealed trial data</h1>\n<p>{}</p>\n<p class=\"small\">Written {} (UTC) by "
      "{}.</p>\n<p class=\"verdict{}\">{}</p>\n",
      name(report.header.origin), escaped(report.written), escaped(report.tool),
      report.is_good() ? "" : " bad", escaped(verdict(report)));
  out += seal_section(report);
  out += chain_section(report);
  if (report.run) out += run_section(*report.run);
  out += control_section();
  return out +
         "<div class=\"signature\"><div>Reviewed "
         "by</div><div>Date</div><div>Signature</div></div>\n"
         "</body></html>\n";
}

}  // namespace salus::trial

#include "cli/trial/finding_text.h"

#include <fmt/format.h>

#include "cli/trial/study_options.h"
#include "cli/units.h"
#include "trial/report/report_text.h"
#include "trial/seal/seal.h"

namespace salus::cli {
namespace {

using trial::Outcome;
using trial::Place;
using trial::plain;

void append_place(std::string& out, const Place& place) {
  std::string key;
  if (!place.key.empty()) key.append(" ").append(plain(place.key));
  switch (place.kind) {
    case Place::Kind::chunk:
      out += fmt::format("  chunk {} (from byte {}) {}\n", place.index,
                         place.index * trial::kChunkBytes, to_string(place.change));
      break;
    case Place::Kind::record:
      out += fmt::format("  record {}{} {}\n", place.index, key, to_string(place.change));
      break;
    case Place::Kind::variable:
      out += fmt::format("  record {}{}: {} {}\n", place.index, key, plain(place.variable),
                         to_string(place.change));
      break;
  }
}

}  // namespace

void append_finding(std::string& out, const trial::Finding& finding) {
  out += plain(finding.path);
  out += ": ";
  out += to_string(finding.outcome);
  if (finding.outcome == Outcome::renamed) out.append(" to ").append(plain(finding.new_path));
  if (!finding.reason.empty()) out.append(" (").append(plain(finding.reason)).append(")");
  if (!finding.fault.empty()) out.append(" (").append(plain(finding.fault)).append(")");
  out.push_back('\n');
  for (const Place& place : finding.places) append_place(out, place);
  if (finding.more_places != 0)
    out += fmt::format("  and {} more place{}\n", finding.more_places,
                       finding.more_places == 1 ? "" : "s");
}

std::string summary_text(const trial::VerifySummary& summary) {
  std::string out = "files   ";
  bool first = true;
  for (std::size_t i = 0; i < trial::kOutcomes; ++i) {
    if (summary.files[i] == 0) continue;
    out += fmt::format("{}{} {}", first ? "" : ", ", summary.files[i],
                       to_string(static_cast<Outcome>(i)));
    first = false;
  }
  if (first) out += "none";
  out += fmt::format("; {} read", format_amount(static_cast<double>(summary.bytes), Unit::bytes));
  out += resumed_text(summary.resumed, summary.resumed_bytes);
  out.push_back('\n');
  return out;
}

}  // namespace salus::cli

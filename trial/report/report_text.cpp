#include "trial/report/report_text.h"

#include <fmt/format.h>

#include "engine/cbor_cursor.h"

namespace salus::trial {
namespace {

/// How many bytes at the beginning are one character of UTF-8 that may be shown; 0 for none.
std::size_t shown_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7f ? 1 : 0;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  const bool is_c1_control =
      lead == 0xc2 && text.size() > 1 && static_cast<unsigned char>(text[1]) < 0xa0;
  if (text.size() < length || is_c1_control || !is_utf8(text.substr(0, length))) return 0;
  return length;
}

std::string_view verdict_on_data(const Report& report) {
  if (!report.run) return "The data was not verified for this report";
  if (report.run->summary.all_unchanged()) return "All data is as it was sealed";
  return "The data is NOT all as it was sealed";
}

}  // namespace

const std::array<Control, 5> kControls = {{
    {"21 CFR 11.10(a)",
     "The ability to discern altered records: every byte of every file is held against the seal, "
     "and "
     "a change is placed in its file, chunk, record or variable."},
    {"21 CFR 11.10(c)",
     "Protection of records throughout their retention: the seal can be checked at any later time, "
     "also with sha256sum and other tools of other makers. Keeping the data itself is up to "
     "whoever "
     "keeps it."},
    {"21 CFR 11.10(e)",
     "Changes do not obscure what was there: a seal that follows another proves that it only grew, "
     "or "
     "lists what was replaced. Who changed a value, and why, is in the audit trail of the system "
     "that it was entered in."},
    {"ICH E6(R3) 4.2",
     "Data life cycle: data sets are fixed before analysis (4.2.6), shown to be unchanged after a "
     "transfer or migration (4.2.5), and while they are retained (4.2.7)."},
    {"ALCOA++",
     "Original, accurate, complete, consistent, enduring and traceable from the time of sealing "
     "on. "
     "Whether a value was right when it was entered, no seal can say."},
}};

const std::string_view kNoCompliance =
    "Software alone makes nobody compliant: validated use, procedures, training and oversight do, "
    "and are the sponsor's and investigator's.";

const std::string_view kNoValues =
    "There are no data values on this page. Records and chunks are named by number, counted from "
    "0, "
    "and variables by name; names of files stand as they are.";

std::string plain(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = shown_character(text);
    if (length == 0)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    else
      out += text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string place_text(const Place& place) {
  const std::string_view kind = place.kind == Place::Kind::chunk ? "chunk" : "record";
  std::string out = fmt::format("{} {}", kind, place.index);
  if (place.kind == Place::Kind::variable) out += ": variable " + plain(place.variable);
  return out + " " + std::string(to_string(place.change));
}

std::string_view to_string(ProofStep::State state) {
  switch (state) {
    case ProofStep::State::holds: return "holds";
    case ProofStep::State::unchecked: return "unchecked";
    case ProofStep::State::fails: return "FAILS";
    case ProofStep::State::missing: return "MISSING";
    case ProofStep::State::absent: return "absent";
  }
  return "";
}

std::string verdict(const Report& report) {
  if (report.has_step(ProofStep::State::fails)) return "The seal itself is damaged or not genuine";
  std::string out(verdict_on_data(report));
  if (report.has_step(ProofStep::State::missing))
    out += "; the seal LACKS a proof that was asked for";
  return out;
}

}  // namespace salus::trial

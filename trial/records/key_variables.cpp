#include "trial/records/key_variables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace salus::trial {
namespace {

// Identifiers and natural keys of the models that trial data comes in: SDTM and SEND (general
// classes, SUPP--, RELREC, trial design), ADaM, ODM-XML, FHIR, REDCap.
constexpr std::array kKeyNames = std::to_array<std::string_view>({"USUBJID",
                                                                  "SUBJID",
                                                                  "POOLID",
                                                                  "RDOMAIN",
                                                                  "IDVAR",
                                                                  "IDVARVAL",
                                                                  "QNAM",
                                                                  "RELID",
                                                                  "VISITNUM",
                                                                  "ETCD",
                                                                  "TAETORD",
                                                                  "ARMCD",
                                                                  "IETESTCD",
                                                                  "TSPARMCD",
                                                                  "PARAMCD",
                                                                  "AVISITN",
                                                                  "ADT",
                                                                  "ADTM",
                                                                  "StudyOID",
                                                                  "SubjectKey",
                                                                  "StudyEventOID",
                                                                  "StudyEventRepeatKey",
                                                                  "FormOID",
                                                                  "FormRepeatKey",
                                                                  "ItemGroupOID",
                                                                  "ItemGroupRepeatKey",
                                                                  "fullUrl",
                                                                  "resource.id",
                                                                  "id",
                                                                  "_id",
                                                                  "record_id",
                                                                  "redcap_event_name",
                                                                  "redcap_repeat_instrument",
                                                                  "redcap_repeat_instance"});

/// "--SEQ" of CDISC: a sequence number within a subject, "AESEQ", "ASEQ".
bool is_sequence(std::string_view name) {
  return name.size() >= 4 && name.size() <= 8 && name.ends_with("SEQ");
}

bool is_key(std::string_view name) {
  if (name.starts_with('@')) name.remove_prefix(1);  // where a record stands in an ODM file
  return is_sequence(name) || std::ranges::find(kKeyNames, name) != kKeyNames.end();
}

constexpr std::size_t kLongestShown = 80;

void append_shown(std::string& out, std::string_view text) {
  const bool cut = text.size() > kLongestShown;
  for (const char c : text.substr(0, kLongestShown)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f)
      out += fmt::format("\\x{:02x}", byte);
    else
      out += c;
  }
  if (cut) out += "...";
}

}  // namespace

std::vector<std::uint32_t> key_variables(std::span<const Cell> record) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < record.size(); ++i)
    if (is_key(record[i].name)) out.push_back(i);
  return out;
}

std::string describe_key(std::string_view dataset, std::span<const Cell> record,
                         std::span<const std::uint32_t> key) {
  std::string out;
  append_shown(out, dataset);
  for (const std::uint32_t i : key) {
    if (!out.empty()) out += ' ';
    append_shown(out, record[i].name);
    out += '=';
    append_shown(out, record[i].value);
  }
  return out;
}

}  // namespace salus::trial

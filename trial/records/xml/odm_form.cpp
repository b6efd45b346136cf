// Whether a file is ODM with data, by how it begins.
#include <algorithm>
#include <string>

#include "trial/records/xml/odm_records.h"

namespace salus::trial {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

std::string_view xml_form_of(std::string_view path, std::string_view beginning) {
  constexpr std::string_view extension = ".xml";
  if (path.size() <= extension.size()) return {};
  std::string end(path.substr(path.size() - extension.size()));
  std::transform(end.begin(), end.end(), end.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (end != extension) return {};
  // The outermost element's tag stands within the first bytes; Define-XML names its namespace
  // there.
  const std::size_t odm = std::min(beginning.find("<ODM"), beginning.find(":ODM"));
  if (odm == std::string_view::npos) return {};
  const std::string_view tag = beginning.substr(odm, beginning.find('>', odm) - odm);
  if (!contains(tag, "http://www.cdisc.org/ns/odm/")) return {};
  if (contains(tag, "http://www.cdisc.org/ns/def/")) return {};
  return kOdmForm;
}

}  // namespace salus::trial

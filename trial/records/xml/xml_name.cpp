#include "trial/records/xml/xml_name.h"

#include <fmt/format.h>

namespace salus::trial {
namespace {

constexpr std::string_view kOdmNamespaces = "http://www.cdisc.org/ns/odm/";

}  // namespace

std::string cell_name_of(std::string_view expanded_name) {
  const std::size_t blank = expanded_name.rfind(kNamespaceSeparator);
  if (blank == std::string_view::npos) return std::string(expanded_name);
  const std::string_view uri = expanded_name.substr(0, blank);
  const std::string_view local = expanded_name.substr(blank + 1);
  if (uri.starts_with(kOdmNamespaces)) return std::string(local);
  return fmt::format("{{{}}}{}", escaped_in_name(uri), local);
}

std::string escaped_in_name(std::string_view text) {
  constexpr std::string_view special = "~/@#}";
  std::string out;
  for (const char c : text) {
    const std::size_t number = special.find(c);
    if (number == std::string_view::npos)
      out.push_back(c);
    else
      out.append("~").append(std::to_string(number));
  }
  return out;
}

}  // namespace salus::trial

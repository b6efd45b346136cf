// Which JSON format a file has, by how it begins.
#include <algorithm>
#include <array>
#include <optional>

#include "trial/records/json/json_records.h"

namespace salus::trial {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool has_extension(std::string_view path, std::string_view extension) {
  if (path.size() <= extension.size()) return false;
  return std::equal(extension.rbegin(), extension.rend(), path.rbegin(), [](char want, char have) {
    return want == (have >= 'A' && have <= 'Z' ? static_cast<char>(have - 'A' + 'a') : have);
  });
}

/// Where the string that begins at `at` ends, behind its quote; npos when it is cut off.
std::size_t string_end(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      return at + 1;
  }
  return std::string_view::npos;
}

/// Calls `visit` with each name of the outermost object's members, quotes and all, and with what
/// stands behind its colon, as far as `text` goes.
template <typename Visit>
void visit_members(std::string_view text, const Visit& visit) {
  int depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      const std::size_t end = string_end(text, at);
      if (end == std::string_view::npos) return;
      std::size_t next = end;
      while (next < text.size() && is_blank(text[next])) ++next;
      if (depth == 1 && next < text.size() && text[next] == ':') {
        do ++next;
        while (next < text.size() && is_blank(text[next]));
        visit(text.substr(at, end - at), text.substr(next));
      }
      at = end;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth == 0 && !is_blank(c)) return;
    ++at;
  }
}

}  // namespace

bool is_json_form(std::string_view canonical_form) {
  return canonical_form == kNdjsonForm || canonical_form == kDatasetJsonForm ||
         canonical_form == kDatasetNdjsonForm || canonical_form == kFhirBundleForm;
}

std::string_view json_form_of(std::string_view path, std::string_view beginning) {
  const bool lines = has_extension(path, ".ndjson") || has_extension(path, ".jsonl");
  if (!lines && !has_extension(path, ".json")) return {};
  if (beginning.starts_with("\xEF\xBB\xBF")) beginning.remove_prefix(3);
  const auto first = std::find_if_not(beginning.begin(), beginning.end(), is_blank);
  if (first == beginning.end() || *first != '{') return {};

  bool dataset = false;
  bool bundle = false;
  visit_members(beginning, [&](std::string_view name, std::string_view value) {
    dataset |= name == "\"datasetJSONVersion\"";
    bundle |= name == "\"resourceType\"" && value.starts_with("\"Bundle\"");
  });
  if (lines) return dataset ? kDatasetNdjsonForm : kNdjsonForm;
  return dataset ? kDatasetJsonForm : bundle ? kFhirBundleForm : std::string_view{};
}

}  // namespace salus::trial

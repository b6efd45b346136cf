// Bags, as RFC 8493 describes them.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "engine/error.h"
#include "trial/manifest/manifest_lines.h"

namespace salus::trial {
namespace {

namespace fs = std::filesystem;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// RFC 8493, 2.1.3: of a path, only line feed, carriage return and percent are encoded.
std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view code = text.substr(i, 3);
    const char decoded = code == "%0A" || code == "%0a"   ? '\n'
                         : code == "%0D" || code == "%0d" ? '\r'
                         : code == "%25"                  ? '%'
                                                          : '\0';
    if (decoded != '\0') i += 2;
    out.push_back(decoded != '\0' ? decoded : text[i]);
  }
  return out;
}

void read_declaration(const fs::path& file) {
  ManifestLines lines(file);
  const auto version = lines.next();
  if (!version || !version->starts_with("BagIt-Version: "))
    lines.refuse("BagIt-Version is expected");
  const auto encoding = lines.next();
  if (!encoding || *encoding != "Tag-File-Character-Encoding: UTF-8")
    lines.refuse("names in it are not in UTF-8");
}

void read_lines(const fs::path& file, const fs::path& base, bool payload, Manifest& out) {
  ManifestLines lines(file);
  while (const auto line = lines.next()) {
    if (line->empty()) continue;
    const auto blank = std::find_if(line->begin(), line->end(), is_blank);
    const auto name = std::find_if_not(blank, line->end(), is_blank);
    const auto digest = digest_from_hex({line->begin(), blank});
    if (!digest || name == line->end()) lines.refuse("not a line of a bag's manifest");
    std::string_view encoded(name, line->end());
    // Bags of old versions mark binary mode as sha256sum does.
    if (encoded.starts_with('*')) encoded.remove_prefix(1);
    auto path = path_in_folder(percent_decoded(encoded), base, "");
    if (!path || path->starts_with(kBagPayload) != payload)
      lines.refuse(fmt::format("{} is no path of the bag's {}", shown_name(encoded),
                               payload ? "payload" : "tag files"));
    out.files.push_back({std::move(*path), *digest, std::nullopt});
  }
}

/// Payload-Oxum names bytes and files of the payload: a manifest that lost lines shows by it. A
/// file that is listed twice is one.
void check_count(const fs::path& file, const std::vector<ManifestFile>& payload) {
  constexpr std::string_view oxum = "Payload-Oxum: ";
  std::error_code error;
  if (!fs::exists(file, error)) return;
  std::unordered_set<std::string_view> paths;
  for (const ManifestFile& one : payload) paths.insert(one.path);
  ManifestLines lines(file);
  while (const auto line = lines.next()) {
    if (!line->starts_with(oxum)) continue;
    const std::size_t dot = line->rfind('.');
    if (dot == std::string_view::npos || line->substr(dot + 1) != std::to_string(paths.size()))
      lines.refuse(fmt::format("the manifest has {} files", paths.size()));
  }
}

}  // namespace

void read_bag(const fs::path& base, Manifest& out) {
  out.kind = ManifestKind::bagit;
  out.scope = kBagPayload;
  read_declaration(base / kBagDeclaration);
  std::error_code error;
  if (!fs::exists(base / kBagManifest, error))
    throw Error(ErrorKind::input,
                fmt::format("{}: a bag without {}: its digests are of another kind",
                            shown_name(base.string()), kBagManifest));
  read_lines(base / kBagManifest, base, true, out);
  check_count(base / kBagInfo, out.files);
  if (fs::exists(base / kBagTagManifest, error))
    read_lines(base / kBagTagManifest, base, false, out);
}

}  // namespace salus::trial

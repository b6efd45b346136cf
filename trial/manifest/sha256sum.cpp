// sha256sum's format, which engine/manifest knows line by line.
#include <fmt/format.h>

#include "engine/error.h"
#include "engine/manifest/line.h"
#include "trial/manifest/manifest_lines.h"

namespace salus::trial {

void read_sha256sum(ManifestLines& lines, std::optional<std::string_view> first,
                    const std::filesystem::path& folder, Manifest& out) {
  out.kind = ManifestKind::sha256sum;
  manifest::LineParser parser;
  manifest::Entry entry;
  for (auto line = first; line; line = lines.next()) {
    switch (parser.parse(*line, entry)) {
      case manifest::LineKind::ignored: break;
      case manifest::LineKind::malformed:
        lines.refuse("neither a digest with a name nor a comment");
      case manifest::LineKind::entry: {
        auto path = path_in_folder(entry.name, folder, "");
        if (!path)
          lines.refuse(fmt::format("{} is no path within the folder", shown_name(entry.name)));
        out.files.push_back({std::move(*path), entry.digest, std::nullopt});
      }
    }
  }
  if (out.files.empty()) lines.refuse("no digest in it");
}

std::string sha256sum_text(std::span<const ManifestFile> files) {
  std::string text;
  for (const ManifestFile& file : files) manifest::append_line(text, file.digest, file.path, {});
  return text;
}

}  // namespace salus::trial

// hashdeep 4's format:
//
//   %%%% HASHDEEP-1.0
//   %%%% size,md5,sha256,filename
//   ## Invoked from: /folder
//   ## $ hashdeep ...
//   ##
//   3,9001...,ba78...,/folder/name
//
// Names are the rest of their line, whatever is in them; hashdeep writes them without any escapes.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/error.h"
#include "trial/manifest/manifest_lines.h"

namespace salus::trial {
namespace {

constexpr std::string_view kColumns = "%%%% ";
constexpr std::string_view kInvokedFrom = "## Invoked from: ";
constexpr std::size_t kMaxColumns = 16;

/// Up to the next comma, which is taken, too; nothing when there is none.
std::optional<std::string_view> take_field(std::string_view& line) {
  const std::size_t comma = line.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  const std::string_view field = line.substr(0, comma);
  line.remove_prefix(comma + 1);
  return field;
}

/// Where size and digest stand among the fields in front of the name.
struct Columns {
  std::size_t count = 0;
  std::size_t sha256 = 0;
};

Columns read_columns(const ManifestLines& lines, std::string_view line) {
  if (!line.starts_with(kColumns)) lines.refuse("hashdeep's columns are expected");
  line.remove_prefix(kColumns.size());
  Columns columns;
  for (auto name = take_field(line); name; name = take_field(line)) {
    if (columns.count == 0 && *name != "size") lines.refuse("the first column is not size");
    if (*name == "sha256") columns.sha256 = columns.count;
    if (++columns.count > kMaxColumns) lines.refuse("too many columns");
  }
  if (line != "filename") lines.refuse("the last column is not filename");
  if (columns.sha256 == 0) lines.refuse("no sha256 among its columns: run hashdeep -c sha256");
  return columns;
}

/// Whether the line is well formed; its name is left in `line`.
bool take_fields(std::string_view& line, const Columns& columns, ManifestFile& out) {
  for (std::size_t i = 0; i < columns.count; ++i) {
    const auto field = take_field(line);
    if (!field) return false;
    if (i == 0) {
      std::uint64_t bytes = 0;
      const char* const end = field->data() + field->size();
      const auto [stopped, error] = std::from_chars(field->data(), end, bytes);
      if (error != std::errc{} || stopped != end) return false;
      out.bytes = bytes;
    } else if (i == columns.sha256) {
      const std::optional<Digest> digest = digest_from_hex(*field);
      if (!digest) return false;
      out.digest = *digest;
    }
  }
  return true;
}

}  // namespace

void read_hashdeep(ManifestLines& lines, const std::filesystem::path& folder, Manifest& out) {
  out.kind = ManifestKind::hashdeep;
  const auto header = lines.next();
  if (!header) lines.refuse("hashdeep's columns are expected");
  const Columns columns = read_columns(lines, *header);
  std::string invoked_from;
  while (auto line = lines.next()) {
    if (line->starts_with(kInvokedFrom)) invoked_from = line->substr(kInvokedFrom.size());
    if (line->empty() || line->starts_with('#')) continue;
    ManifestFile file;
    std::string_view name = *line;
    if (!take_fields(name, columns, file)) lines.refuse("not a line of hashdeep");
    auto path = path_in_folder(name, folder, invoked_from);
    if (!path) lines.refuse(fmt::format("{} is no path within the folder", shown_name(name)));
    file.path = std::move(*path);
    out.files.push_back(std::move(file));
  }
  if (out.files.empty()) lines.refuse("no file in it");
}

std::string hashdeep_text(std::span<const ManifestFile> files) {
  std::string text(kHashdeepMagic);
  text +=
      "\n%%%% size,sha256,filename\n## Written by salus; names are relative: use hashdeep -l\n##\n";
  for (const ManifestFile& file : files) {
    if (!file.bytes)
      throw Error(ErrorKind::usage, shown_name(file.path) + ": hashdeep needs its size");
    if (file.path.find('\n') != std::string::npos)
      throw Error(ErrorKind::usage,
                  shown_name(file.path) + ": hashdeep cannot write a name with a line feed");
    text += fmt::format("{},{},./{}\n", *file.bytes, to_hex(file.digest), file.path);
  }
  return text;
}

}  // namespace salus::trial

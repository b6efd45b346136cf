#include "trial/manifest/manifest_lines.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "engine/error.h"
#include "trial/seal/sums.h"

namespace salus::trial {
namespace {

namespace fs = std::filesystem;

files::Descriptor open_file(const fs::path& path) {
  files::Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open())
    throw Error(ErrorKind::system, shown_name(path.string()) + ": " + std::strerror(errno));
  return file;
}

/// What of an absolute name stands behind `base` and a slash.
std::optional<std::string_view> below(std::string_view name, std::string_view base) {
  if (base.ends_with('/')) base.remove_suffix(1);
  if (base.empty() || !name.starts_with(base)) return std::nullopt;
  name.remove_prefix(base.size());
  if (!name.starts_with('/')) return std::nullopt;
  return name.substr(1);
}

}  // namespace

ManifestLines::ManifestLines(const fs::path& path)
    : name_(shown_name(path.string())),
      file_(open_file(path)),
      lines_(file_.number(), kMaxManifestLine) {}

std::optional<std::string_view> ManifestLines::next() {
  const auto line = lines_.next();
  if (!line) {
    if (lines_.error() != 0)
      throw Error(ErrorKind::system, name_ + ": " + std::strerror(lines_.error()));
    return std::nullopt;
  }
  if (line->truncated) refuse(fmt::format("longer than {} bytes", kMaxManifestLine));
  std::string_view text = line->text;
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

void ManifestLines::refuse(std::string_view reason) const {
  if (lines_.line_number() == 0) throw Error(ErrorKind::input, fmt::format("{}: is empty", name_));
  throw Error(ErrorKind::input,
              fmt::format("{}: line {}: {}", name_, lines_.line_number(), reason));
}

std::optional<std::string> path_in_folder(std::string_view name, const fs::path& folder,
                                          std::string_view invoked_from) {
  if (name.starts_with('/')) {
    std::error_code error;
    auto inside = below(name, fs::canonical(folder, error).string());
    if (!inside) inside = below(name, invoked_from);
    if (!inside) return std::nullopt;
    name = *inside;
  }
  while (name.starts_with("./")) name.remove_prefix(2);
  if (!is_sealable_path(name)) return std::nullopt;
  return std::string(name);
}

std::string shown_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f)
      out += fmt::format("\\x{:02x}", byte);
    else
      out.push_back(c);
  }
  return out;
}

}  // namespace salus::trial

#include "trial/proof/proved_line.h"

#include "engine/error.h"
#include "trial/seal/sums.h"

namespace salus::trial {
namespace {

/// The least that SHA256SUMS begins with.
constexpr std::string_view kHeader =
    "# salus-trial-seal/1\n# origin -\n# sealed 1970-01-01T00:00:00Z\n# tool -\n";
constexpr std::string_view kNoDigest =
    "0000000000000000000000000000000000000000000000000000000000000000";
constexpr std::string_view kBeforePath = "  ";

/// The file's own line that a `# chunks` or `# records` line has to stand below.
std::string line_above(std::string_view line) {
  const std::size_t at = line.find(kBeforePath);
  if (at == std::string_view::npos) return {};
  const std::string_view path = line.substr(at + kBeforePath.size());
  const bool escaped = path.find('\\') != std::string_view::npos;
  return std::string(escaped ? "\\" : "").append(kNoDigest).append(kBeforePath).append(path) + "\n";
}

/// Reads the smallest seal that has this line, so that one reader alone says what a line is.
std::optional<SealedFile> read_alone(std::string_view line) {
  std::string text(kHeader);
  if (line.starts_with("# ")) text += line_above(line);
  text.append(line).push_back('\n');
  try {
    Seal seal = read_sums(text);
    if (seal.files.size() != 1) return std::nullopt;
    return std::move(seal.files.front());
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<ProvedLine> read_proved_line(std::string_view line) {
  auto file = read_alone(line);
  if (!file || line.find('\n') != std::string_view::npos) return std::nullopt;
  ProvedLine out;
  out.path = std::move(file->path);
  if (file->chunks) {
    out.kind = ProvedLine::Kind::chunks;
    out.chunks = *file->chunks;
  } else if (file->records) {
    out.kind = ProvedLine::Kind::records;
    out.records = *file->records;
  } else if (!line.starts_with('#')) {
    out.digest = file->digest;
  } else {
    return std::nullopt;
  }
  return out;
}

}  // namespace salus::trial

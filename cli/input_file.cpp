#include "cli/input_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/error_context.h"
#include "cli/output.h"
#include "engine/byte_source.h"

namespace salus::cli {

std::string input_name(const std::string& path) {
  return path == "-" ? "(stdin)" : printable(path);
}

std::vector<std::uint8_t> read_up_to(const std::string& path, std::size_t limit) {
  constexpr std::size_t kFirstPiece = std::size_t{1} << 14;
  return in_context(input_name(path), [&] {
    FileSource source(path);
    std::vector<std::uint8_t> out(std::min(limit, kFirstPiece));
    std::size_t filled = 0;
    while (filled < limit) {
      if (filled == out.size()) out.resize(std::min(limit, 2 * filled));
      const std::size_t size = source.read(std::span(out).subspan(filled));
      if (size == 0) break;
      filled += size;
    }
    out.resize(filled);
    return out;
  });
}

std::vector<std::uint8_t> read_all(const std::string& path, std::size_t limit) {
  std::vector<std::uint8_t> out = read_up_to(path, limit + 1);
  if (out.size() > limit)
    throw Error(ErrorKind::input, fmt::format("{}: longer than {} bytes", input_name(path), limit));
  return out;
}

}  // namespace salus::cli

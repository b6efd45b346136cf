#include "trial/records/json/json_lines.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "engine/error.h"

namespace salus::trial {

JsonLines::JsonLines(files::Descriptor file, std::size_t max_line)
    : file_(std::move(file)), max_line_(max_line), lines_(file_.number(), max_line) {
  if (lseek(file_.number(), 0, SEEK_SET) < 0) throw Error(ErrorKind::system, std::strerror(errno));
}

std::optional<std::string_view> JsonLines::next() {
  while (const auto line = lines_.next()) {
    if (line->truncated)
      throw Error(ErrorKind::input,
                  fmt::format("line {}: more than {} MiB", line_number(), max_line_ >> 20));
    std::string_view text = line->text;
    if (line_number() == 1 && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (text.find_first_not_of(" \t\r") != std::string_view::npos) return text;
  }
  if (lines_.error() != 0) throw Error(ErrorKind::system, std::strerror(lines_.error()));
  return std::nullopt;
}

}  // namespace salus::trial

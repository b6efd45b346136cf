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

bool JsonLines::seek(std::uint64_t offset) {
  if (offset != 0) {
    char before = 0;
    if (pread(file_.number(), &before, 1, static_cast<off_t>(offset - 1)) != 1 || before != '\n')
      return false;
  }
  if (lseek(file_.number(), static_cast<off_t>(offset), SEEK_SET) < 0) return false;
  lines_ = manifest::LineReader(file_.number(), max_line_);
  offset_ = offset;
  return true;
}

std::optional<std::string_view> JsonLines::next() {
  while (const auto line = lines_.next()) {
    if (line->truncated)
      throw Error(ErrorKind::input,
                  fmt::format("line {}: more than {} MiB", line_number(), max_line_ >> 20));
    std::string_view text = line->text;
    const bool is_first = offset_ == 0;
    offset_ += text.size() + 1;
    if (is_first && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (text.find_first_not_of(" \t\r") != std::string_view::npos) return text;
  }
  if (lines_.error() != 0) throw Error(ErrorKind::system, std::strerror(lines_.error()));
  return std::nullopt;
}

}  // namespace salus::trial

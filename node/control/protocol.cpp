#include "node/control/protocol.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace salus::node {
namespace {

constexpr std::array kKinds = {
    std::pair{ErrorKind::usage, "usage"},
    std::pair{ErrorKind::input, "input"},
    std::pair{ErrorKind::device, "device"},
    std::pair{ErrorKind::system, "system"},
};

/// Cuts the next line off the front.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos)
    throw Error(ErrorKind::input, "control socket: what came is cut short");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

[[noreturn]] void refuse() {
  throw Error(ErrorKind::input, "control socket: what came is not understood");
}

std::uint64_t number_of(std::string_view line) {
  std::uint64_t number = 0;
  const auto result = std::from_chars(line.data(), line.data() + line.size(), number);
  if (result.ec != std::errc() || result.ptr != line.data() + line.size()) refuse();
  return number;
}

}  // namespace

std::string to_text(const BackupRequest& request) {
  return std::string("backup\n") + (request.with_keys ? "keys\n" : "no-keys\n") +
         request.out.string();
}

std::string to_text(const ControlAnswer& answer) {
  if (const auto* report = std::get_if<BackupReport>(&answer))
    return "ok\n" + std::to_string(report->height) + '\n' + std::to_string(report->bytes) + '\n';
  const auto& failure = std::get<ControlFailure>(answer);
  const auto* const kind =
      std::ranges::find_if(kKinds, [&](const auto& k) { return k.first == failure.kind; });
  return std::string("error\n") + kind->second + '\n' + failure.text;
}

BackupRequest parse_request(std::string_view text) {
  if (take_line(text) != "backup") refuse();
  const std::string_view keys = take_line(text);
  if (keys != "keys" && keys != "no-keys") refuse();
  const std::filesystem::path out(text);
  if (!out.is_absolute()) refuse();
  return {keys == "keys", out};
}

ControlAnswer parse_answer(std::string_view text) {
  const std::string_view what = take_line(text);
  if (what == "ok") {
    BackupReport report;
    report.height = number_of(take_line(text));
    report.bytes = number_of(take_line(text));
    if (!text.empty()) refuse();
    return report;
  }
  if (what != "error") refuse();
  const std::string_view name = take_line(text);
  const auto* const kind =
      std::ranges::find_if(kKinds, [&](const auto& k) { return k.second == name; });
  if (kind == kKinds.end()) refuse();
  return ControlFailure{kind->first, std::string(text)};
}

}  // namespace salus::node

#include "cli/simulate/recording.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>

#include "cli/error_context.h"
#include "cli/input_file.h"
#include "engine/error.h"

namespace salus::cli::simulate {
namespace {

constexpr double kMaxHertz = 100'000;

struct Row {
  std::optional<double> milliseconds;
  double value = 0;
};

std::optional<double> number_of(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [behind, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || behind != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<Row> row_of(std::string_view line) {
  const std::size_t comma = line.find(',');
  if (comma == std::string_view::npos) {
    const auto value = number_of(line);
    if (!value) return std::nullopt;
    return Row{{}, *value};
  }
  const auto time = number_of(line.substr(0, comma));
  const auto value = number_of(line.substr(comma + 1));
  if (!time || !value) return std::nullopt;
  return Row{time, *value};
}

std::string_view next_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

double rate_of(const std::vector<double>& samples, double first, double last) {
  constexpr double kMillisecondsPerSecond = 1000;
  if (last <= first) throw Error(ErrorKind::input, "its times do not rise");
  return static_cast<double>(samples.size() - 1) * kMillisecondsPerSecond / (last - first);
}

}  // namespace

Recording parse_recording(std::string_view csv, double hertz) {
  Recording recording;
  std::optional<double> first;
  std::optional<double> last;
  for (std::size_t number = 1; !csv.empty(); ++number) {
    const std::string_view line = next_line(csv);
    if (line.empty()) continue;
    const auto row = row_of(line);
    if (!row && number == 1) continue;  // titles
    if (!row || (!recording.samples.empty() && row->milliseconds.has_value() != last.has_value()))
      throw Error(ErrorKind::input,
                  fmt::format("line {} is neither a number nor a time and a number, as the others "
                              "are",
                              number));
    if (!first) first = row->milliseconds;
    last = row->milliseconds;
    recording.samples.push_back(row->value);
  }
  if (recording.samples.size() < 2)
    throw Error(ErrorKind::input, "a recording has two samples at least");
  if (first && hertz != 0)
    throw Error(ErrorKind::usage, "the recording has times of its own: leave --hertz out");
  if (!first && hertz == 0)
    throw Error(ErrorKind::usage, "the recording has no times: say its rate with --hertz");
  recording.hertz = first ? rate_of(recording.samples, *first, *last) : hertz;
  if (!(recording.hertz > 0 && recording.hertz <= kMaxHertz))
    throw Error(ErrorKind::input, "a recording has a rate of at most 100 kHz");
  return recording;
}

Recording read_recording(const std::string& path, double hertz) {
  const std::vector<std::uint8_t> content = read_all(path, kMaxRecordingBytes);
  return in_context(input_name(path), [&] {
    return parse_recording({reinterpret_cast<const char*>(content.data()), content.size()}, hertz);
  });
}

}  // namespace salus::cli::simulate

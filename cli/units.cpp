#include "cli/units.h"

#include <fmt/format.h>

#include <cmath>

namespace salus::cli {
namespace {

const char* name_of(Unit unit) {
  switch (unit) {
    case Unit::hashes: return "H";
    case Unit::bytes: return "B";
    case Unit::leaves: return "leaves";
    case Unit::files: return "files";
    case Unit::headers: return "headers";
    case Unit::signatures: return "sigs";
    case Unit::blocks: return "blocks";
    case Unit::statements: return "statements";
    case Unit::records: return "records";
  }
  return "";
}

/// Three significant digits without an exponent, for 0 <= x < 1000.
std::string three_digits(double x) {
  if (x >= 99.95) return fmt::format("{:.0f}", x);
  if (x >= 9.995) return fmt::format("{:.1f}", x);
  return fmt::format("{:.2f}", x);
}

}  // namespace

std::string format_amount(double amount, Unit unit) {
  static constexpr const char* kPrefixes[] = {"", "k", "M", "G", "T", "P", "E", "Z"};
  std::size_t prefix = 0;
  while (amount >= 999.5 && prefix + 1 < std::size(kPrefixes)) {
    amount /= 1000;
    ++prefix;
  }
  const bool whole = prefix == 0 && amount == std::floor(amount);
  return fmt::format("{} {}{}", whole ? fmt::format("{:.0f}", amount) : three_digits(amount),
                     kPrefixes[prefix], name_of(unit));
}

std::string format_rate(double per_second, Unit unit) {
  return format_amount(per_second, unit) + "/s";
}

std::string format_memory(std::uint64_t bytes) {
  static constexpr const char* kPrefixes[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  auto amount = static_cast<double>(bytes);
  std::size_t prefix = 0;
  while (amount >= 1024 && prefix + 1 < std::size(kPrefixes)) {
    amount /= 1024;
    ++prefix;
  }
  return prefix == 0 ? fmt::format("{} B", bytes)
                     : fmt::format("{:.1f} {}", amount, kPrefixes[prefix]);
}

std::string format_duration(double seconds) {
  constexpr double kMinute = 60;
  constexpr double kHour = 60 * kMinute;
  constexpr double kDay = 24 * kHour;
  constexpr double kYear = 365.25 * kDay;
  if (!(seconds < 1e4 * kYear)) return fmt::format("{:.1e} years", seconds / kYear);
  if (seconds >= 2 * kYear) return fmt::format("{:.0f} years", seconds / kYear);
  if (seconds >= 2 * kDay) return fmt::format("{:.0f} days", seconds / kDay);
  if (seconds < 0.0000995) return fmt::format("{:.1f} us", seconds * 1e6);
  if (seconds < 0.0995) return fmt::format("{:.1f} ms", seconds * 1000);
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<long>(std::lround(seconds));
  if (whole < 120) return fmt::format("{} s", whole);
  if (whole < 7200) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace salus::cli

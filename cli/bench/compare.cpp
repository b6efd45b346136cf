#include "cli/bench/compare.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "cli/bench/statistics.h"
#include "cli/table.h"
#include "engine/error.h"

namespace salus::cli::bench {
namespace {

/// Medians by key.
std::map<std::string, double> medians(const nlohmann::json& result) {
  std::map<std::string, double> by_key;
  try {
    for (const nlohmann::json& row : result.at("rows"))
      by_key[row.at("key").get<std::string>()] = row.at("rate").at("median").get<double>();
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::input, fmt::format("the earlier result is malformed: {}", error.what()));
  }
  return by_key;
}

}  // namespace

Comparison compare(const SuiteResult& now, const nlohmann::json& earlier,
                   double tolerance_percent) {
  using Align = Table::Align;
  std::map<std::string, double> before = medians(earlier);
  Table table(
      {{"row"}, {"before", Align::right}, {"now", Align::right}, {"change", Align::right}, {""}});
  Comparison comparison;
  std::string unmatched;
  for (const Row& row : now.rows) {
    const auto match = before.find(row.key());
    if (match == before.end() || !(match->second > 0)) {
      unmatched += fmt::format("not in the earlier result: {}\n", row.key());
      continue;
    }
    const double rate = median(row.samples);
    const double change = 100 * (rate / match->second - 1);
    const bool slower = change < -tolerance_percent;
    ++comparison.compared;
    comparison.slower += slower ? 1 : 0;
    table.add_row({row.key(), format_rate(match->second, row.unit), format_rate(rate, row.unit),
                   fmt::format("{:+.1f} %", change), slower ? "SLOWER" : ""});
    before.erase(match);
  }
  comparison.text = table.text() + unmatched;
  return comparison;
}

}  // namespace salus::cli::bench

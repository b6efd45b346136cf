#include "cli/bench/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "cli/bench/statistics.h"
#include "cli/output.h"
#include "cli/table.h"

namespace salus::cli::bench {
namespace {

constexpr std::size_t kShownChecksumDigits = 16;

std::string device_text(const SubjectInfo& subject) {
  if (subject.threads == 0) return subject.device;
  return fmt::format("{}, {} thread{}", subject.device, subject.threads,
                     subject.threads == 1 ? "" : "s");
}

std::string limit_text(const Row& row) {
  if (!row.limit) return "";
  return fmt::format("{:.0f} %", 100 * median(row.samples) / row.limit->per_second);
}

std::string batch_text(const Row& row) {
  const std::optional<double> seconds = row.batch_seconds();
  return seconds ? format_duration(*seconds) : "";
}

std::string watts_text(const Row& row) {
  return row.power && row.power->watts ? fmt::format("{:.0f} W", *row.power->watts) : "";
}

std::string temperature_text(const Row& row) {
  if (!row.power || !row.power->telemetry.temperature_celsius) return "";
  return fmt::format("{} C", *row.power->telemetry.temperature_celsius);
}

std::string per_joule_text(const Row& row) {
  if (!row.power || !row.power->watts || *row.power->watts <= 0) return "";
  return format_amount(median(row.samples) / *row.power->watts, row.unit) + "/J";
}

/// A column of the report; one that is empty in every row is left out.
struct ReportColumn {
  Table::Column column;
  std::function<std::string(const Row&)> cell;
};

std::vector<ReportColumn> report_columns(bool checksums) {
  constexpr auto kRight = Table::Align::right;
  std::vector<ReportColumn> columns = {
      {{"work"}, [](const Row& row) { return row.workload; }},
      {{"device"}, [](const Row& row) { return device_text(row.subject); }},
      {{"kernel"}, [](const Row& row) { return printable(row.kernel); }},
      {{"median", kRight},
       [](const Row& row) { return format_rate(median(row.samples), row.unit); }},
      {{"+-", kRight},
       [](const Row& row) { return fmt::format("{:.1f} %", 100 * spread(row.samples)); }},
      {{"OpenSSL, 1 core", kRight},
       [](const Row& row) { return format_rate(median(row.reference_samples), row.unit); }},
      {{"ratio", kRight},
       [](const Row& row) {
         return fmt::format("{:.1f}x", median(row.samples) / median(row.reference_samples));
       }},
      {{"a batch takes", kRight}, batch_text},
      {{"of limit", kRight}, limit_text},
      {{"power", kRight}, watts_text},
      {{"temperature", kRight}, temperature_text},
      {{"per joule", kRight}, per_joule_text}};
  if (checksums)
    columns.push_back({{"checksum"}, [](const Row& row) {
                         return to_hex(row.checksum).substr(0, kShownChecksumDigits);
                       }});
  return columns;
}

bool empty_everywhere(const ReportColumn& column, const std::vector<Row>& rows) {
  return std::all_of(rows.begin(), rows.end(),
                     [&](const Row& row) { return column.cell(row).empty(); });
}

}  // namespace

std::string report_text(const SuiteResult& result, bool checksums) {
  std::vector<ReportColumn> shown = report_columns(checksums);
  std::erase_if(shown,
                [&](const ReportColumn& column) { return empty_everywhere(column, result.rows); });
  std::vector<Table::Column> titles;
  for (const ReportColumn& column : shown) titles.push_back(column.column);
  Table table(titles);
  for (const Row& row : result.rows) {
    std::vector<std::string> line;
    for (const ReportColumn& column : shown) line.push_back(column.cell(row));
    table.add_row(std::move(line));
  }
  return table.text();
}

}  // namespace salus::cli::bench

#include "cli/bench/sample_study.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>

#include "cli/output.h"
#include "engine/error.h"

namespace salus::cli::bench {
namespace {

constexpr std::size_t kColumns = 8;
constexpr std::size_t kSequence = 2;  // the column that is a number in a transport file

struct Column {
  std::string_view name;
  std::size_t width;  // in a transport file
};
constexpr std::array<Column, kColumns> kVariables = {{{"STUDYID", 24},
                                                      {"USUBJID", 28},
                                                      {"VSSEQ", 8},
                                                      {"VSTESTCD", 8},
                                                      {"VSORRES", 24},
                                                      {"VSTEST", 40},
                                                      {"VISIT", 36},
                                                      {"VSDTC", 32}}};

using Values = std::array<std::string, kColumns>;

/// Forty records a subject.
Values values_of(std::uint64_t i) {
  constexpr std::array<std::string_view, 4> kTests = {"SYSBP", "DIABP", "PULSE", "TEMP"};
  return {"CDISCPILOT01-EXTENSION-A",
          fmt::format("CDISCPILOT01-01-{:09}", i / 40),
          std::to_string(i % 40 + 1),
          std::string(kTests[i % kTests.size()]),
          fmt::format("{}.{:02} mmHg measured", 60 + i * 7 % 120, i * 31 % 100),
          "Systolic Blood Pressure sitting",
          fmt::format("VISIT {:03} SCHEDULED TREATMENT", i % 40),
          fmt::format("2014-01-{:02}T{:02}:{:02}:{:02}.{:03}+01:00", i % 28 + 1, i % 24, i % 60,
                      i * 7 % 60, i % 1000)};
}

/// A new file that says so when it cannot be written.
class Output {
 public:
  explicit Output(const std::filesystem::path& path)
      : name_(path.string()), file_(path, std::ios::binary) {}
  void write(std::string_view text) {
    file_.write(text.data(), static_cast<std::streamsize>(text.size()));
  }
  void finish() {
    file_.close();
    if (!file_)
      throw Error(ErrorKind::system,
                  printable(name_) + ": cannot be written: " + std::strerror(errno));
  }

 private:
  std::string name_;
  std::ofstream file_;
};

std::string padded(std::string_view text, std::size_t width) {
  std::string out(text.substr(0, width));
  out.resize(width, ' ');
  return out;
}

std::string big_endian(std::uint64_t value, std::size_t bytes) {
  std::string out;
  for (std::size_t i = bytes; i-- > 0;) out += static_cast<char>(value >> (8 * i));
  return out;
}

/// IBM floating point of a small integer, 1 to 255.
std::string ibm_number(std::uint64_t value) {
  const bool one_digit = value < 16;
  return big_endian(one_digit ? 0x41 : 0x42, 1) + big_endian(one_digit ? value << 4 : value, 1) +
         std::string(6, '\0');
}

std::string header_line(std::string_view name, std::string_view numbers) {
  return padded(
      "HEADER RECORD*******" + padded(name, 8) + "HEADER RECORD!!!!!!!" + std::string(numbers), 80);
}

std::string namestr(std::size_t number, std::size_t position) {
  const Column& column = kVariables[number];
  std::string out =
      big_endian(number == kSequence ? 1 : 2, 2) + big_endian(0, 2) + big_endian(column.width, 2) +
      big_endian(number + 1, 2) + padded(column.name, 8) + padded(column.name, 40) + padded("", 8) +
      std::string(8, '\0') + padded("", 8) + std::string(4, '\0') + big_endian(position, 4);
  out.resize(140, '\0');
  return out;
}

/// The headers of SAS technical note TS-140 up to the first observation.
std::string transport_header() {
  constexpr std::string_view kZeros = "000000000000000000000000000000";
  const std::string made = padded("SAS     SAS     SASLIB  9.4     Linux", 64) + "01JAN14:00:00:00";
  std::string out = header_line("LIBRARY", kZeros) + made + padded("01JAN14:00:00:00", 80) +
                    header_line("MEMBER", "000000000000000001600000000140") +
                    header_line("DSCRPTR", kZeros) +
                    padded("SAS     VS      SASDATA 9.4     Linux", 64) + "01JAN14:00:00:00" +
                    padded("01JAN14:00:00:00", 80) +
                    header_line("NAMESTR", fmt::format("{:010}{:020}", kColumns, 0));
  std::string variables;
  std::size_t position = 0;
  for (std::size_t i = 0; i < kColumns; ++i) {
    variables += namestr(i, position);
    position += kVariables[i].width;
  }
  variables.resize((variables.size() + 79) / 80 * 80, ' ');
  return out + variables + header_line("OBS", kZeros);
}

}  // namespace

void write_sample_csv(const std::filesystem::path& path, std::uint64_t records) {
  Output file(path);
  std::string line;
  for (const Column& column : kVariables) line += std::string(column.name) + ',';
  line.back() = '\n';
  file.write(line);
  for (std::uint64_t i = 0; i < records; ++i) {
    line.clear();
    for (const std::string& value : values_of(i)) line += value + ',';
    line.back() = '\n';
    file.write(line);
  }
  file.finish();
}

void write_sample_xpt(const std::filesystem::path& path, std::uint64_t records) {
  Output file(path);
  file.write(transport_header());
  std::uint64_t bytes = 0;
  for (std::uint64_t i = 0; i < records; ++i) {
    const Values values = values_of(i);
    std::string observation;
    for (std::size_t k = 0; k < kColumns; ++k)
      observation +=
          k == kSequence ? ibm_number(i % 40 + 1) : padded(values[k], kVariables[k].width);
    file.write(observation);
    bytes += observation.size();
  }
  file.write(std::string((80 - bytes % 80) % 80, ' '));
  file.finish();
}

}  // namespace salus::cli::bench

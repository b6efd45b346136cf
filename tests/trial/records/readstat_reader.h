// Transport files read and written by ReadStat, which is what other programs use.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace salus::test {

/// Text, a number, or a missing value with its mark ("." or a letter).
using SasValue = std::variant<std::string, double, char>;

struct SasTable {
  std::vector<std::string> names;
  std::vector<std::vector<SasValue>> rows;
};

/// Fails the test where ReadStat cannot.
SasTable readstat_read(const std::string& path);

/// Text columns are as wide as their longest value. `version` is 5 or 8.
void readstat_write(const std::string& path, const SasTable& table, int version);

}  // namespace salus::test

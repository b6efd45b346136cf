// What stands beside the rows of a CDISC Dataset-JSON file and is needed to read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trial/records/batched_reader.h"
#include "trial/records/json/canonical_json.h"

namespace salus::trial {

class DatasetHeader {
 public:
  /// Takes note of a member of the outermost object, whose text is `value`. Throws `Error` (input)
  /// for what is no Dataset-JSON 1.1.
  void take(std::string_view member, std::string_view value);
  /// The same for all members that `json` was parsed to.
  void take_all(const CanonicalJson& json);

  /// Throws `Error` (input) unless there were a version and columns.
  void require_complete() const;
  [[nodiscard]] const std::string& dataset() const { return dataset_; }
  [[nodiscard]] bool has_columns() const { return !columns_.empty(); }

  /// Adds the row that `json` was parsed to. Throws `Error` (input) when it is not an array of as
  /// many values as there are columns.
  void add_row(const CanonicalJson& json, BatchBuilder& builder) const;

  /// Throws `Error` (input) when the file speaks of another number of rows than it has.
  void require_rows(std::uint64_t rows) const;

 private:
  void take_columns(std::string_view value);

  bool has_version_ = false;
  std::string dataset_;  ///< "AE"
  std::vector<std::string> columns_;
  std::optional<std::uint64_t> records_;
};

}  // namespace salus::trial

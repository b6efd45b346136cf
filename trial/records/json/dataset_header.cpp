#include "trial/records/json/dataset_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/error.h"

namespace salus::trial {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxColumns = 65'536;

[[noreturn]] void refuse(const std::string& reason) { throw Error(ErrorKind::input, reason); }

json parsed(std::string_view text) {
  json value = json::parse(text, nullptr, false);
  if (value.is_discarded()) refuse("not JSON");
  return value;
}

}  // namespace

void DatasetHeader::take(std::string_view member, std::string_view value) {
  if (member == "datasetJSONVersion") {
    const json version = parsed(value);
    if (!version.is_string() || !version.get_ref<const std::string&>().starts_with("1.1"))
      refuse("datasetJSONVersion is not 1.1");
    has_version_ = true;
  } else if (member == "records") {
    const json records = parsed(value);
    if (!records.is_number_unsigned()) refuse("records is not a number of rows");
    records_ = records.get<std::uint64_t>();
  } else if (member == "name") {
    const json name = parsed(value);
    if (!name.is_string()) refuse("name is not a string");
    dataset_ = name.get<std::string>();
  } else if (member == "columns") {
    take_columns(value);
  }
}

void DatasetHeader::take_all(const CanonicalJson& json) {
  if (json.kind() != CanonicalJson::Kind::object) refuse("not an object");
  for (const auto& [name, value] : json.parts()) take(name, value);
  require_complete();
}

void DatasetHeader::take_columns(std::string_view value) {
  const json columns = parsed(value);
  if (!columns.is_array() || columns.empty() || columns.size() > kMaxColumns)
    refuse(fmt::format("columns is not an array of 1 to {} columns", kMaxColumns));
  std::set<std::string> names;
  for (const json& column : columns) {
    const auto name = column.is_object() ? column.find("name") : column.end();
    if (name == column.end() || !name->is_string()) refuse("a column has no name");
    columns_.push_back(name->get<std::string>());
    if (!names.insert(columns_.back()).second) refuse("two columns have the same name");
  }
}

void DatasetHeader::require_complete() const {
  if (!has_version_) refuse("datasetJSONVersion is missing");
  if (columns_.empty()) refuse("columns is missing");
}

void DatasetHeader::add_row(const CanonicalJson& json, BatchBuilder& builder) const {
  if (json.kind() != CanonicalJson::Kind::array) refuse("not an array");
  const auto values = json.parts();
  if (values.size() != columns_.size())
    refuse(fmt::format("{} values for {} columns", values.size(), columns_.size()));
  for (std::size_t i = 0; i < values.size(); ++i) builder.add_cell(columns_[i], values[i].value);
  builder.end_record();
}

void DatasetHeader::require_rows(std::uint64_t rows) const {
  if (records_ && *records_ != rows)
    refuse(fmt::format("{} rows, where records says {}", rows, *records_));
}

}  // namespace salus::trial

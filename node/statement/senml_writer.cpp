#include <cmath>

#include "engine/cbor_writer.h"
#include "node/statement/senml.h"
#include "node/statement/senml_labels.h"

namespace salus::node {
namespace {

namespace labels = senml_labels;

/// Writes the fields of one record that are there, in the order of deterministic CBOR.
class RecordWriter {
 public:
  explicit RecordWriter(std::vector<std::uint8_t>& out) : writer_(out) {}

  void write(const SenmlRecord& record) {
    writer_.map(count(record));
    text(labels::kName, record.name);
    text(labels::kUnit, record.unit);
    value(record.value);
    number(labels::kSum, record.sum);
    number(labels::kTime, record.time);
    number(labels::kUpdateTime, record.update_time);
    if (const Bytes* const data = std::get_if<Bytes>(&record.value)) {
      writer_.integer(labels::kDataValue);
      writer_.byte_string(*data);
    }
    if (record.base_version) {
      writer_.integer(labels::kBaseVersion);
      writer_.unsigned_integer(*record.base_version);
    }
    base_text(labels::kBaseName, record.base_name);
    number(labels::kBaseTime, record.base_time);
    base_text(labels::kBaseUnit, record.base_unit);
    number(labels::kBaseValue, record.base_value);
    number(labels::kBaseSum, record.base_sum);
  }

 private:
  static std::uint64_t count(const SenmlRecord& record) {
    const auto one = [](bool is_there) { return std::uint64_t{is_there}; };
    return one(!record.name.empty()) + one(!record.unit.empty()) +
           one(!std::holds_alternative<std::monostate>(record.value)) +
           one(record.sum.has_value()) + one(record.time.has_value()) +
           one(record.update_time.has_value()) + one(record.base_version.has_value()) +
           one(record.base_name.has_value()) + one(record.base_time.has_value()) +
           one(record.base_unit.has_value()) + one(record.base_value.has_value()) +
           one(record.base_sum.has_value());
  }

  void number(double number) {
    constexpr double kExact = 9007199254740992;  // 2^53: up to here doubles hold all integers
    const bool is_whole = std::fabs(number) <= kExact && number == std::floor(number);
    // -0 has no integer.
    if (is_whole && !(number == 0 && std::signbit(number)))
      writer_.integer(static_cast<std::int64_t>(number));
    else
      writer_.floating_point(number);
  }
  void number(std::int64_t label, const std::optional<double>& value) {
    if (!value) return;
    writer_.integer(label);
    number(*value);
  }
  void text(std::int64_t label, std::string_view text) {
    if (text.empty()) return;
    writer_.integer(label);
    writer_.text_string(text);
  }
  void base_text(std::int64_t label, const std::optional<std::string_view>& text) {
    if (!text) return;
    writer_.integer(label);
    writer_.text_string(*text);
  }
  /// All values but bytes, whose label comes later.
  void value(const SenmlValue& value) {
    if (const double* const number_value = std::get_if<double>(&value)) {
      writer_.integer(labels::kValue);
      number(*number_value);
    } else if (const auto* const text_value = std::get_if<std::string_view>(&value)) {
      writer_.integer(labels::kStringValue);
      writer_.text_string(*text_value);
    } else if (const bool* const truth = std::get_if<bool>(&value)) {
      writer_.integer(labels::kBooleanValue);
      writer_.boolean(*truth);
    }
  }

  CborWriter writer_;
};

}  // namespace

void append_senml(std::span<const SenmlRecord> records, std::vector<std::uint8_t>& out) {
  CborWriter(out).array(records.size());
  RecordWriter writer(out);
  for (const SenmlRecord& record : records) writer.write(record);
}

}  // namespace salus::node

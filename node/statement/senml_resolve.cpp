#include "node/statement/senml.h"

namespace salus::node {
namespace {

/// Base fields in force (RFC 8428, 4.1).
struct Bases {
  std::string_view name;
  double time = 0;
  std::string_view unit;
  double value = 0;
  std::optional<double> sum;

  void update(const SenmlRecord& record) {
    name = record.base_name.value_or(name);
    time = record.base_time.value_or(time);
    unit = record.base_unit.value_or(unit);
    value = record.base_value.value_or(value);
    if (record.base_sum) sum = record.base_sum;
  }
};

double absolute_time(double time, std::int64_t issued_at) {
  constexpr double kFirstAbsolute = 1U << 28;  // RFC 8428, 4.5.3
  return time >= kFirstAbsolute ? time : time + static_cast<double>(issued_at);
}

SenmlMeasurement resolved(const SenmlRecord& record, const Bases& bases, std::int64_t issued_at) {
  SenmlMeasurement out;
  out.name.reserve(bases.name.size() + record.name.size());
  out.name.append(bases.name).append(record.name);
  out.unit = record.unit.empty() ? bases.unit : record.unit;
  out.time = absolute_time(bases.time + record.time.value_or(0), issued_at);
  out.value = record.value;
  if (double* const number = std::get_if<double>(&out.value)) *number += bases.value;
  if (record.sum || bases.sum) out.sum = record.sum.value_or(0) + bases.sum.value_or(0);
  out.update_time = record.update_time;
  return out;
}

}  // namespace

std::optional<std::vector<SenmlMeasurement>> resolve_senml(Bytes payload, std::int64_t issued_at) {
  SenmlReader reader(payload);
  std::vector<SenmlMeasurement> out;
  Bases bases;
  while (const SenmlRecord* const record = reader.next()) {
    bases.update(*record);
    if (record->is_measurement()) out.push_back(resolved(*record, bases, issued_at));
  }
  if (!reader.is_complete()) return std::nullopt;
  return out;
}

}  // namespace salus::node

// Figures for Prometheus, as the parts of the node hand them over.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace salus::node::api {

struct MetricSample {
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;
};

enum class MetricKind : std::uint8_t {
  counter,  ///< Only rises; by convention its name ends in "_total".
  gauge,
};

/// All samples of one name, which has only letters, digits and '_'.
struct MetricFamily {
  std::string name;
  std::string help;
  MetricKind kind = MetricKind::gauge;
  std::vector<MetricSample> samples;
};

}  // namespace salus::node::api

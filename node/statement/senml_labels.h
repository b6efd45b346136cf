// Labels of SenML records in CBOR (RFC 8428, table 4).
#pragma once

#include <cstdint>

namespace salus::node::senml_labels {

inline constexpr std::int64_t kBaseSum = -6;
inline constexpr std::int64_t kBaseValue = -5;
inline constexpr std::int64_t kBaseUnit = -4;
inline constexpr std::int64_t kBaseTime = -3;
inline constexpr std::int64_t kBaseName = -2;
inline constexpr std::int64_t kBaseVersion = -1;
inline constexpr std::int64_t kName = 0;
inline constexpr std::int64_t kUnit = 1;
inline constexpr std::int64_t kValue = 2;
inline constexpr std::int64_t kStringValue = 3;
inline constexpr std::int64_t kBooleanValue = 4;
inline constexpr std::int64_t kSum = 5;
inline constexpr std::int64_t kTime = 6;
inline constexpr std::int64_t kUpdateTime = 7;
inline constexpr std::int64_t kDataValue = 8;

inline constexpr std::int64_t kFirst = kBaseSum;
inline constexpr std::int64_t kLast = kDataValue;

}  // namespace salus::node::senml_labels

// Telemetry: SenML packs in CBOR (RFC 8428, section 6), read strictly, resolved and written.
//
// What is demanded beyond the RFC, and why, is in docs/formats.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/cbor_cursor.h"

namespace salus::node {

inline constexpr std::size_t kMaxSenmlNameBytes = 255;  ///< Base name and name together.
inline constexpr std::size_t kMaxSenmlUnitBytes = 63;
inline constexpr std::uint64_t kSenmlVersion = 10;  ///< Newest version that is understood.

/// Nothing (a record that has a sum alone), a number (v), a text (vs), a truth (vb), bytes (vd).
using SenmlValue = std::variant<std::monostate, double, std::string_view, bool, Bytes>;

/// One record as it is written. Text and bytes belong to the payload.
struct SenmlRecord {
  std::optional<std::string_view> base_name;
  std::optional<double> base_time;
  std::optional<std::string_view> base_unit;
  std::optional<double> base_value;
  std::optional<double> base_sum;
  std::optional<std::uint64_t> base_version;
  std::string_view name;
  std::string_view unit;
  SenmlValue value;
  std::optional<double> sum;
  std::optional<double> time;         ///< Seconds.
  std::optional<double> update_time;  ///< Seconds.

  /// A record of base fields alone measures nothing.
  [[nodiscard]] bool is_measurement() const {
    return sum.has_value() || !std::holds_alternative<std::monostate>(value);
  }
};

/// Reads a pack record by record. Allocates nothing, throws nothing.
class SenmlReader {
 public:
  /// The payload must outlive the reader and the records.
  explicit SenmlReader(Bytes payload);

  /// The next record, which stays until the next call; null at the end and where something is
  /// wrong.
  const SenmlRecord* next();

  /// Once `next` gave null: whether that was the end of a pack in which all was right.
  [[nodiscard]] bool is_complete() const { return left_ == 0 && !empty_ && cursor_.finished(); }

 private:
  void read_record();
  void read_field(unsigned& seen);
  void read_known_field(std::int64_t label, unsigned& seen);
  void skip_extension(std::uint64_t label_bytes);
  void read_version();
  double number();
  double decimal_fraction();
  double floating_point(CborHead head);
  std::string_view name_part();
  std::string_view unit();
  std::string_view text();
  bool truth();
  void check_name();
  void fail() { cursor_.fail(CborCursor::Problem::other_type); }

  CborCursor cursor_;
  std::uint64_t left_;
  bool empty_;
  std::string_view base_name_;  ///< In force.
  SenmlRecord record_;
};

/// Whether all of `payload` is one valid pack.
bool is_senml_pack(Bytes payload);

/// A measurement with all that it says by itself (RFC 8428, 4.6).
struct SenmlMeasurement {
  std::string name;
  std::string_view unit;  ///< Belongs to the payload; may be empty.
  double time = 0;        ///< Seconds since 1970 UTC.
  SenmlValue value;
  std::optional<double> sum;
  std::optional<double> update_time;
};

/// The pack with base fields worked into every record and times made absolute: RFC 8428 counts
/// times below 2^28 from now, and for a statement that is the time at which it was issued. Nothing
/// when `payload` is no valid pack.
std::optional<std::vector<SenmlMeasurement>> resolve_senml(Bytes payload, std::int64_t issued_at);

/// Appends a pack of these records: whole numbers as integers, others as the narrowest
/// floating-point number that holds them. What it is given must be valid: it is not checked.
void append_senml(std::span<const SenmlRecord> records, std::vector<std::uint8_t>& out);

}  // namespace salus::node

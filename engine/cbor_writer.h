// CBOR written deterministically (RFC 8949, 4.2.1): heads in their shortest form, definite lengths.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/bytes.h"
#include "engine/cbor_cursor.h"

namespace salus {

/// Appends items to bytes that somebody else owns. Arrays and maps are told how many items or pairs
/// the caller writes next; the keys of a map are written in ascending order of their encodings
/// (0, 1, ..., -1, -2, ..., then text by length), which is for the caller to keep.
class CborWriter {
 public:
  explicit CborWriter(std::vector<std::uint8_t>& out) : out_(out) {}

  void head(CborMajor major, std::uint64_t argument);

  void unsigned_integer(std::uint64_t value) { head(CborMajor::unsigned_integer, value); }
  void integer(std::int64_t value);
  void byte_string(Bytes bytes);
  void text_string(std::string_view text);
  void array(std::uint64_t items) { head(CborMajor::array, items); }
  void map(std::uint64_t pairs) { head(CborMajor::map, pairs); }
  void tag(std::uint64_t number) { head(CborMajor::tag, number); }
  void boolean(bool value) { head(CborMajor::simple, value ? kCborTrue : kCborFalse); }

  /// A floating-point number in the narrowest of the three widths that holds it exactly; every NaN
  /// as 0xf97e00.
  void floating_point(double value);

  /// Items that are encoded already.
  void encoded(Bytes items) { out_.insert(out_.end(), items.begin(), items.end()); }

 private:
  void big_endian(std::uint64_t value, unsigned bytes);

  std::vector<std::uint8_t>& out_;
};

}  // namespace salus

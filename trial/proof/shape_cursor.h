// CBOR of a known shape: what must be there is demanded item by item, and looked at once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "engine/cbor_cursor.h"

namespace salus::trial {

/// A cursor that also fails where a value is not the one that must stand there.
class ShapeCursor : public CborCursor {
 public:
  explicit ShapeCursor(Bytes bytes) : CborCursor(bytes) {}

  void require(bool holds) {
    if (!holds) fail(Problem::other_type);
  }
  void require_array(std::uint64_t items) { require(array() == items); }
  void require_map(std::uint64_t pairs) { require(map() == pairs); }
  void require_number(std::uint64_t value) { require(unsigned_integer() == value); }
  void require_text(std::string_view text) { require(text_string() == text); }

  /// A byte string of exactly as many bytes as `out` has.
  template <typename Array>
  void read_into(Array& out) {
    const Bytes bytes = byte_string();
    require(bytes.size() == out.size());
    if (!failed()) std::copy(bytes.begin(), bytes.end(), out.begin());
  }
};

}  // namespace salus::trial

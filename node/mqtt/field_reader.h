// Fields of a packet's body, in order.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/bytes.h"
#include "node/mqtt/text.h"

namespace salus::node::mqtt {

/// Once something is not there or not well-formed, `ok` is false and everything that follows is
/// empty: one check at the end is enough.
class FieldReader {
 public:
  explicit FieldReader(Bytes bytes) : rest_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] Bytes rest() const { return rest_; }

  void fail() {
    ok_ = false;
    rest_ = {};
  }

  std::uint8_t byte() {
    const Bytes field = take(1);
    return field.empty() ? std::uint8_t{0} : field[0];
  }

  /// Two bytes, the higher first (1.5.2).
  std::uint16_t number() {
    const Bytes field = take(2);
    return field.empty() ? std::uint16_t{0} : static_cast<std::uint16_t>(field[0] << 8 | field[1]);
  }

  /// Bytes with their length in front.
  Bytes binary() { return take(number()); }

  /// Text with its length in front (1.5.3).
  std::string_view text() {
    const Bytes field = binary();
    const std::string_view text(reinterpret_cast<const char*>(field.data()), field.size());
    if (!is_mqtt_text(text)) fail();
    return ok_ ? text : std::string_view();
  }

 private:
  Bytes take(std::size_t count) {
    if (count > rest_.size()) {
      fail();
      return {};
    }
    const Bytes field = rest_.first(count);
    rest_ = rest_.subspan(count);
    return field;
  }

  Bytes rest_;
  bool ok_ = true;
};

}  // namespace salus::node::mqtt

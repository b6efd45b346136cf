// A bounded cursor over bytes that nobody vouches for.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/bytes.h"

namespace salus::bitcoin {

/// Takes fields from the front of a span. Every method throws `Error` (input) rather than read past
/// the end; `what` names the field in its message.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : bytes_(bytes) {}

  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - position_; }
  /// The bytes taken since `begin`, an earlier position.
  [[nodiscard]] Bytes since(std::size_t begin) const {
    return bytes_.subspan(begin, position_ - begin);
  }

  Bytes take(std::uint64_t size, std::string_view what);
  std::uint8_t byte(std::string_view what) { return take(1, what)[0]; }

  /// A "compact size": 1, 3, 5 or 9 bytes. One that is longer than it need be is refused, as
  /// Bitcoin does: else the same block would have more than one serialisation.
  std::uint64_t compact_size(std::string_view what);

  /// A compact size that announces things of at least `least_size` bytes each. More than the bytes
  /// left can hold are refused, so that a caller may count on it.
  std::uint64_t count(std::size_t least_size, std::string_view what);

  /// A compact size and as many bytes.
  Bytes sized(std::string_view what) { return take(compact_size(what), what); }

 private:
  Bytes bytes_;
  std::size_t position_ = 0;
};

}  // namespace salus::bitcoin

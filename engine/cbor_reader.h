// The heads of CBOR data items (RFC 8949), read strictly, for small structures of known shape.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/bytes.h"

namespace salus {

/// Reads items one after the other from bytes that it does not own. Only the deterministic encoding
/// of heads is taken (RFC 8949, 4.2.1): shortest arguments, definite lengths. Every length is
/// compared with what is left before it is used. Throws `Error` (input) for anything else. Copy it
/// to look ahead.
class CborReader {
 public:
  enum class Major : std::uint8_t {
    unsigned_integer = 0,
    negative_integer = 1,  ///< Stands for -1 - argument.
    byte_string = 2,
    text_string = 3,
    array = 4,
    map = 5,
    tag = 6,
    simple = 7,
  };
  struct Head {
    Major major;
    /// The number, length or count. For `simple` the value (20 false, 21 true), for floating-point
    /// numbers their bits.
    std::uint64_t argument;
  };

  explicit CborReader(Bytes bytes) : rest_(bytes) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  /// The next item's head; what a string holds follows by `take`.
  Head head();

  /// The next `size` bytes.
  Bytes take(std::uint64_t size);

  /// The whole of a byte string; throws when the next item is something else.
  Bytes byte_string();

  /// An integer of either sign that fits; throws when the next item is something else.
  std::int64_t integer();

  /// Passes over one item with everything in it, nested at most `kMaxDepth` deep.
  void skip() { skip(kMaxDepth); }

  static constexpr unsigned kMaxDepth = 8;

 private:
  void skip(unsigned depth);
  std::uint64_t argument(unsigned bytes);

  Bytes rest_;
};

}  // namespace salus

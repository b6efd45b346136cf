// CBOR (RFC 8949) read strictly, without exceptions and without memory of its own: for bytes that
// arrive by the million and of which many may be bad.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "engine/bytes.h"

namespace salus {

enum class CborMajor : std::uint8_t {
  unsigned_integer = 0,
  negative_integer = 1,  ///< Stands for -1 - argument.
  byte_string = 2,
  text_string = 3,
  array = 4,
  map = 5,
  tag = 6,
  simple = 7,
};

struct CborHead {
  CborMajor major = CborMajor::simple;
  /// The number, length or count. For `simple` the value (20 false, 21 true), for floating-point
  /// numbers their bits.
  std::uint64_t argument = 0;
  /// Bytes that the argument takes behind the first one: 0, 1, 2, 4 or 8. A `simple` of 2, 4 or 8
  /// is a floating-point number.
  std::uint8_t width = 0;
};

inline constexpr std::uint64_t kCborFalse = 20;
inline constexpr std::uint64_t kCborTrue = 21;
inline constexpr std::uint64_t kCborNull = 22;

/// Which encodings of heads are taken; of definite length in any case.
enum class CborForm : std::uint8_t {
  deterministic,  ///< The shortest only (RFC 8949, 4.2.1).
  any,            ///< Longer ones, too: for showing what others made.
};

/// Reads items one after the other from bytes that it does not own. Unless it is told otherwise it
/// takes only the deterministic encoding of heads. Every length is compared with what is left
/// before it is used.
///
/// A failure sticks: from then on every call fails, gives zeros and empty views, and nothing is
/// left to read. So a caller may read all that it expects and look at `failed` once, as long as
/// loops over counts stop at a failure. Copy it to look ahead.
class CborCursor {
 public:
  enum class Problem : std::uint8_t {
    none,
    cut_short,
    indefinite_or_reserved,
    not_shortest,
    no_byte_string,
    no_number,
    too_large,
    too_deep,
    other_type,  ///< Another item than the one that was asked for.
  };

  static constexpr unsigned kMaxDepth = 8;

  explicit CborCursor(Bytes bytes, CborForm form = CborForm::deterministic)
      : rest_(bytes), form_(form) {}

  [[nodiscard]] bool failed() const { return problem_ != Problem::none; }
  [[nodiscard]] Problem problem() const { return problem_; }
  /// Whether everything was read, and nothing was wrong.
  [[nodiscard]] bool finished() const { return !failed() && rest_.empty(); }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  /// What was not read yet.
  [[nodiscard]] Bytes rest() const { return rest_; }

  /// The next item's head; what a string holds follows by `take`.
  CborHead head() {
    if (rest_.empty()) return fail(Problem::cut_short), CborHead{};
    const std::uint8_t initial = rest_[0];
    const auto major = static_cast<CborMajor>(initial >> 5);
    const unsigned information = initial & 31U;
    rest_ = rest_.subspan(1);
    if (information < kOneByte) return {major, information, 0};
    return wide_head(major, information);
  }

  /// The next item's head without passing it.
  [[nodiscard]] CborHead peek() const {
    CborCursor ahead = *this;
    return ahead.head();
  }

  /// The next `size` bytes.
  Bytes take(std::uint64_t size) {
    if (size > rest_.size()) return fail(Problem::cut_short), Bytes{};
    const Bytes taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }

  Bytes byte_string() {
    const CborHead next = head();
    if (next.major != CborMajor::byte_string) return fail(Problem::no_byte_string), Bytes{};
    return take(next.argument);
  }

  /// The bytes of a text string. That they are UTF-8 is for the caller to see (`is_utf8`).
  std::string_view text_string() {
    const Bytes text = take(expect(CborMajor::text_string));
    return {reinterpret_cast<const char*>(text.data()), text.size()};
  }

  std::uint64_t unsigned_integer() { return expect(CborMajor::unsigned_integer); }
  /// The number of items that follow.
  std::uint64_t array() { return expect(CborMajor::array); }
  /// The number of pairs that follow.
  std::uint64_t map() { return expect(CborMajor::map); }
  std::uint64_t tag() { return expect(CborMajor::tag); }

  /// An integer of either sign that fits.
  std::int64_t integer() {
    const CborHead next = head();
    if (next.major > CborMajor::negative_integer) return fail(Problem::no_number), 0;
    if (next.argument > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return fail(Problem::too_large), 0;
    const auto value = static_cast<std::int64_t>(next.argument);
    return next.major == CborMajor::negative_integer ? -1 - value : value;
  }

  /// Passes over one item with everything in it, nested at most `kMaxDepth` deep; its bytes.
  Bytes item();

  /// Makes the cursor fail, where the caller finds something wrong with what it read.
  void fail(Problem problem) {
    if (!failed()) problem_ = problem;
    rest_ = {};
  }

 private:
  static constexpr unsigned kOneByte = 24;
  static constexpr unsigned kEightBytes = 27;

  /// The argument of the next head, which must be of this kind.
  std::uint64_t expect(CborMajor major) {
    const CborHead next = head();
    if (next.major != major) return fail(Problem::other_type), 0;
    return next.argument;
  }

  CborHead wide_head(CborMajor major, unsigned information);
  void skip(unsigned depth);

  Bytes rest_;
  Problem problem_ = Problem::none;
  CborForm form_;
};

/// Whether `text` is UTF-8 (RFC 3629): shortest forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace salus

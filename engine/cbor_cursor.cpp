#include "engine/cbor_cursor.h"

namespace salus {
namespace {

/// Bytes that follow the first one of a character, and the least code point that needs them.
struct Utf8Form {
  unsigned following;
  std::uint32_t least;
};

constexpr Utf8Form kNoForm{0, 0xffffffff};

constexpr Utf8Form utf8_form(std::uint8_t first) {
  if (first < 0x80) return {0, 0};
  if (first < 0xc0) return kNoForm;
  if (first < 0xe0) return {1, 0x80};
  if (first < 0xf0) return {2, 0x800};
  return first < 0xf8 ? Utf8Form{3, 0x10000} : kNoForm;
}

/// Written so that compilers make one load and one swap of each.
std::uint64_t big_endian(const std::uint8_t* at, unsigned bytes) {
  const auto two = [](const std::uint8_t* p) { return std::uint64_t{p[0]} << 8 | p[1]; };
  const auto four = [&two](const std::uint8_t* p) { return two(p) << 16 | two(p + 2); };
  switch (bytes) {
    case 1: return at[0];
    case 2: return two(at);
    case 4: return four(at);
    default: return four(at) << 32 | four(at + 4);
  }
}

constexpr bool is_character(std::uint32_t point) {
  constexpr std::uint32_t kFirstSurrogate = 0xd800;
  constexpr std::uint32_t kLastSurrogate = 0xdfff;
  constexpr std::uint32_t kLastCharacter = 0x10ffff;
  return point <= kLastCharacter && (point < kFirstSurrogate || point > kLastSurrogate);
}

}  // namespace

CborHead CborCursor::wide_head(CborMajor major, unsigned information) {
  if (information > kEightBytes) return fail(Problem::indefinite_or_reserved), CborHead{};
  const unsigned bytes = 1U << (information - kOneByte);
  if (bytes > rest_.size()) return fail(Problem::cut_short), CborHead{};
  const std::uint64_t value = big_endian(rest_.data(), bytes);
  rest_ = rest_.subspan(bytes);
  // Wider simple values are floating-point numbers, whose bits may be anything.
  const bool is_float = major == CborMajor::simple && bytes > 1;
  const std::uint64_t least =
      bytes == 1 ? (major == CborMajor::simple ? 32 : kOneByte) : std::uint64_t{1} << (4 * bytes);
  if (!is_float && value < least && form_ == CborForm::deterministic)
    return fail(Problem::not_shortest), CborHead{};
  return {major, value, static_cast<std::uint8_t>(bytes)};
}

void CborCursor::skip(unsigned depth) {
  if (depth == 0) return fail(Problem::too_deep);
  const CborHead next = head();
  switch (next.major) {
    case CborMajor::byte_string:
    case CborMajor::text_string: take(next.argument); return;
    case CborMajor::map:
      // Every item takes a byte at least, so that a wrong count ends soon.
      for (std::uint64_t i = 0; i < next.argument && !failed(); ++i) {
        skip(depth - 1);
        skip(depth - 1);
      }
      return;
    case CborMajor::array:
      for (std::uint64_t i = 0; i < next.argument && !failed(); ++i) skip(depth - 1);
      return;
    case CborMajor::tag: skip(depth - 1); return;
    default: return;
  }
}

Bytes CborCursor::item() {
  const Bytes from = rest_;
  skip(kMaxDepth);
  return failed() ? Bytes{} : from.first(from.size() - rest_.size());
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<std::uint8_t>(text[i++]);
    const Utf8Form form = utf8_form(first);
    if (form.following > text.size() - i) return false;
    std::uint32_t point = form.following == 0 ? first : first & (0x3fU >> form.following);
    for (unsigned k = 0; k < form.following; ++k) {
      const auto next = static_cast<std::uint8_t>(text[i++]);
      if ((next & 0xc0U) != 0x80) return false;
      point = point << 6 | (next & 0x3fU);
    }
    if (point < form.least || !is_character(point)) return false;
  }
  return true;
}

}  // namespace salus

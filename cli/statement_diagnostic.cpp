#include "cli/statement_diagnostic.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "engine/cbor_cursor.h"

namespace salus::cli {
namespace {

/// A number of 2, 4 or 8 bytes (RFC 8949, appendix D, for the first).
double float_value(CborHead head) {
  if (head.width == 8) return std::bit_cast<double>(head.argument);
  if (head.width == 4) return std::bit_cast<float>(static_cast<std::uint32_t>(head.argument));
  const auto exponent = static_cast<int>(head.argument >> 10 & 0x1fU);
  const auto fraction = static_cast<double>(head.argument & 0x3ffU);
  const double size = exponent == 0    ? std::ldexp(fraction, -24)
                      : exponent == 31 ? (fraction == 0 ? INFINITY : NAN)
                                       : std::ldexp(fraction + 1024, exponent - 25);
  return (head.argument & 0x8000U) != 0 ? -size : size;
}

std::string float_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string simple_text(CborHead head) {
  constexpr std::uint64_t kUndefined = 23;
  if (head.width > 1) return float_text(float_value(head));
  switch (head.argument) {
    case kCborFalse: return "false";
    case kCborTrue: return "true";
    case kCborNull: return "null";
    case kUndefined: return "undefined";
    default: return fmt::format("simple({})", head.argument);
  }
}

std::string negative_text(std::uint64_t argument) {
  // -1 - argument needs one bit more than there is for the largest of them.
  if (argument == std::numeric_limits<std::uint64_t>::max()) return "-18446744073709551616";
  return fmt::format("-{}", argument + 1);
}

std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The next item, which is known to be whole and not nested too deep.
std::string item_text(CborCursor& cursor);

std::string items_text(CborCursor& cursor, std::uint64_t count, bool is_map) {
  std::string out;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i != 0) out += ", ";
    out += item_text(cursor);
    if (is_map) out += fmt::format(": {}", item_text(cursor));
  }
  return out;
}

std::string item_text(CborCursor& cursor) {
  const CborHead head = cursor.head();
  switch (head.major) {
    case CborMajor::unsigned_integer: return fmt::format("{}", head.argument);
    case CborMajor::negative_integer: return negative_text(head.argument);
    case CborMajor::byte_string: return diagnostic_bytes(cursor.take(head.argument));
    case CborMajor::text_string: return diagnostic_text(as_text(cursor.take(head.argument)));
    case CborMajor::array: return fmt::format("[{}]", items_text(cursor, head.argument, false));
    case CborMajor::map: return fmt::format("{{{}}}", items_text(cursor, head.argument, true));
    case CborMajor::tag: return fmt::format("{}({})", head.argument, item_text(cursor));
    case CborMajor::simple: break;
  }
  return simple_text(head);
}

/// Whether there is a control character of C1, which some terminals obey.
bool holds_c1(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    if (text[i] == '\xc2' && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  return false;
}

}  // namespace

std::string diagnostic_bytes(Bytes bytes) { return fmt::format("h'{}'", to_hex(bytes)); }

std::string diagnostic_text(std::string_view text) {
  const bool only_ascii = holds_c1(text) || text.find('\x7f') != std::string_view::npos;
  std::string quoted =
      nlohmann::json(text).dump(-1, ' ', only_ascii, nlohmann::json::error_handler_t::replace);
  // JSON leaves DEL as it is.
  for (std::size_t at = quoted.find('\x7f'); at != std::string::npos; at = quoted.find('\x7f'))
    quoted.replace(at, 1, "\\u007f");
  return quoted;
}

std::optional<std::string> diagnostic_notation(Bytes bytes) {
  CborCursor whole(bytes, CborForm::any);
  whole.item();
  if (!whole.finished()) return std::nullopt;
  CborCursor cursor(bytes, CborForm::any);
  return item_text(cursor);
}

}  // namespace salus::cli

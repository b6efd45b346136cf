#include "engine/cbor_reader.h"

#include <limits>
#include <string>

#include "engine/error.h"

namespace salus {
namespace {

using Major = CborReader::Major;

[[noreturn]] void fail(const char* problem) {
  throw Error(ErrorKind::input, std::string("CBOR: ") + problem);
}

}  // namespace

std::uint64_t CborReader::argument(unsigned bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : take(bytes)) value = value << 8 | byte;
  return value;
}

CborReader::Head CborReader::head() {
  constexpr unsigned kOneByte = 24;
  constexpr unsigned kEightBytes = 27;
  const std::uint8_t initial = take(1)[0];
  const auto major = static_cast<Major>(initial >> 5);
  const unsigned information = initial & 31;
  if (information < kOneByte) return {major, information};
  if (information > kEightBytes) fail("an indefinite length or a reserved encoding");
  const unsigned bytes = 1U << (information - kOneByte);
  const std::uint64_t value = argument(bytes);
  // Wider simple values are floating-point numbers, whose bits may be anything.
  const bool is_float = major == Major::simple && bytes > 1;
  const std::uint64_t least =
      bytes == 1 ? (major == Major::simple ? 32 : kOneByte) : std::uint64_t{1} << (4 * bytes);
  if (!is_float && value < least) fail("a number that is not in its shortest form");
  return {major, value};
}

Bytes CborReader::take(std::uint64_t size) {
  if (size > rest_.size()) fail("cut short");
  const Bytes taken = rest_.first(size);
  rest_ = rest_.subspan(size);
  return taken;
}

Bytes CborReader::byte_string() {
  const Head next = head();
  if (next.major != Major::byte_string) fail("something else where a byte string belongs");
  return take(next.argument);
}

std::int64_t CborReader::integer() {
  const Head next = head();
  if (next.major > Major::negative_integer) fail("something else where a number belongs");
  if (next.argument > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    fail("a number that is too large");
  const auto value = static_cast<std::int64_t>(next.argument);
  return next.major == Major::negative_integer ? -1 - value : value;
}

void CborReader::skip(unsigned depth) {
  if (depth == 0) fail("nested too deep");
  const Head next = head();
  switch (next.major) {
    case Major::byte_string:
    case Major::text_string: take(next.argument); return;
    case Major::map:
      // Every item takes a byte at least, so that a wrong count ends soon.
      for (std::uint64_t i = 0; i < next.argument; ++i) {
        skip(depth - 1);
        skip(depth - 1);
      }
      return;
    case Major::array:
      for (std::uint64_t i = 0; i < next.argument; ++i) skip(depth - 1);
      return;
    case Major::tag: skip(depth - 1); return;
    default: return;
  }
}

}  // namespace salus

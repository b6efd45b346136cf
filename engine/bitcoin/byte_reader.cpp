#include "engine/bitcoin/byte_reader.h"

#include <fmt/format.h>

#include "engine/error.h"

namespace salus::bitcoin {
namespace {

// First bytes that say how many more follow; smaller ones are the number itself.
constexpr std::uint8_t kTwoBytes = 0xfd;
constexpr std::uint8_t kFourBytes = 0xfe;

std::uint64_t little_endian(Bytes bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) out = out << 8 | bytes[i];
  return out;
}

}  // namespace

Bytes ByteReader::take(std::uint64_t size, std::string_view what) {
  if (size > left())
    throw Error(ErrorKind::input, fmt::format("{} needs {} bytes, {} left", what, size, left()));
  const Bytes out = bytes_.subspan(position_, static_cast<std::size_t>(size));
  position_ += out.size();
  return out;
}

std::uint64_t ByteReader::compact_size(std::string_view what) {
  const std::uint8_t first = byte(what);
  if (first < kTwoBytes) return first;
  const unsigned width = first == kTwoBytes ? 2 : first == kFourBytes ? 4 : 8;
  const std::uint64_t value = little_endian(take(width, what));
  // What a shorter form could have said.
  const std::uint64_t least = width == 2 ? kTwoBytes : std::uint64_t{1} << (4 * width);
  if (value < least)
    throw Error(ErrorKind::input, fmt::format("{} {} is not in its shortest form", what, value));
  return value;
}

std::uint64_t ByteReader::count(std::size_t least_size, std::string_view what) {
  const std::uint64_t announced = compact_size(what);
  if (announced > left() / least_size)
    throw Error(ErrorKind::input,
                fmt::format("{} {} is more than {} bytes hold", what, announced, left()));
  return announced;
}

}  // namespace salus::bitcoin

#include "engine/bitcoin/hex_source.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/error.h"
#include "engine/pow/header.h"

namespace salus::bitcoin {
namespace {

constexpr std::size_t kPieceSize = std::size_t{64} << 10;
constexpr std::uint64_t kHeaderDigits = 2 * pow::kHeaderSize;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// No block or header is made of printable characters alone: its ids and counts are not.
bool is_text(Bytes bytes) {
  constexpr std::size_t kEnough = 4096;
  return !bytes.empty() &&
         std::ranges::all_of(bytes.first(std::min(bytes.size(), kEnough)), [](std::uint8_t byte) {
           return (byte >= 0x20 && byte < 0x7f) || byte == '\n' || byte == '\r' || byte == '\t';
         });
}

}  // namespace

void HexDecoder::decode(std::string_view text, std::vector<std::uint8_t>& out) {
  for (const char c : text) {
    if (c == '\n')
      end_line();
    else if (!is_blank(c))
      take_digit(c, out);
  }
}

void HexDecoder::take_digit(char c, std::vector<std::uint8_t>& out) {
  const int value = digit_value(c);
  if (value < 0)
    throw Error(ErrorKind::input, c > ' ' && c < '\x7f'
                                      ? fmt::format("line {}: '{}' is no hex digit", line_, c)
                                      : fmt::format("line {}: byte {:#04x} is no hex digit", line_,
                                                    static_cast<unsigned char>(c)));
  if (ragged_line_ != 0)
    throw Error(ErrorKind::input, fmt::format("line {}: {} hex digits where a header has {}",
                                              ragged_line_, ragged_digits_, kHeaderDigits));
  ++digits_;
  if (high_digit_ == kNone) {
    high_digit_ = value;
    return;
  }
  out.push_back(static_cast<std::uint8_t>(high_digit_ * 16 + value));
  high_digit_ = kNone;
}

void HexDecoder::end_line() {
  if (high_digit_ != kNone)
    throw Error(ErrorKind::input,
                fmt::format("line {}: an odd number of hex digits ({})", line_, digits_));
  if (digits_ != 0) {
    if (!first_line_done_) header_lines_ = digits_ == kHeaderDigits;
    first_line_done_ = true;
    if (header_lines_ && digits_ != kHeaderDigits) {
      ragged_line_ = line_;
      ragged_digits_ = digits_;
    }
  }
  digits_ = 0;
  ++line_;
}

void HexOrBinarySource::refill() {
  given_ = 0;
  ready_.clear();
  while (ready_.empty() && !ended_) {
    piece_.resize(kPieceSize);
    piece_.resize(inner_->read(piece_));
    ended_ = piece_.empty();
    if (!started_) hex_ = is_text(piece_);
    started_ = true;
    if (!hex_) {
      std::swap(ready_, piece_);
    } else if (ended_) {
      decoder_.finish();
    } else {
      decoder_.decode({reinterpret_cast<const char*>(piece_.data()), piece_.size()}, ready_);
    }
  }
}

std::size_t HexOrBinarySource::read(std::span<std::uint8_t> out) {
  if (started_ && !hex_ && given_ == ready_.size()) return ended_ ? 0 : inner_->read(out);
  if (given_ == ready_.size()) refill();
  const std::size_t size = std::min(out.size(), ready_.size() - given_);
  std::copy_n(ready_.begin() + static_cast<std::ptrdiff_t>(given_), size, out.begin());
  given_ += size;
  return size;
}

}  // namespace salus::bitcoin

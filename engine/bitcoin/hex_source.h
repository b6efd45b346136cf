// Hex text as a stream of the bytes that it stands for.
#pragma once

#include <memory>
#include <vector>

#include "engine/bitcoin/source.h"

namespace salus::bitcoin {

/// Decodes hex digits. Blanks and line ends may stand between bytes, so one thing a line, or one
/// thing wrapped over many lines, reads alike. Where the first line holds just a header (160
/// digits) all but the last must as well: a lost digit is then found in the line that lost it.
class HexDecoder {
 public:
  /// Appends the bytes of `text`, the next piece. Throws `Error` (input) naming the line.
  void decode(std::string_view text, std::vector<std::uint8_t>& out);
  /// After the last piece.
  void finish() { end_line(); }

 private:
  void take_digit(char c, std::vector<std::uint8_t>& out);
  void end_line();

  static constexpr int kNone = -1;

  std::uint64_t line_ = 1;
  std::uint64_t digits_ = 0;  ///< In this line.
  bool first_line_done_ = false;
  bool header_lines_ = false;      ///< Every line but the last holds one header.
  std::uint64_t ragged_line_ = 0;  ///< Must be the last one; 0 for none.
  std::uint64_t ragged_digits_ = 0;
  int high_digit_ = kNone;  ///< Waits for the second digit of its byte.
};

/// Whatever `inner` has: hex decoded where it begins as text, else as it is.
class HexOrBinarySource : public ByteSource {
 public:
  explicit HexOrBinarySource(std::unique_ptr<ByteSource> inner) : inner_(std::move(inner)) {}
  std::size_t read(std::span<std::uint8_t> out) override;

 private:
  void refill();

  std::unique_ptr<ByteSource> inner_;
  HexDecoder decoder_;
  std::vector<std::uint8_t> piece_;  ///< As read.
  std::vector<std::uint8_t> ready_;  ///< Bytes to hand on, from `given_` on.
  std::size_t given_ = 0;
  bool started_ = false;
  bool ended_ = false;
  bool hex_ = false;
};

}  // namespace salus::bitcoin

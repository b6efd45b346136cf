// SHA-256's padding (FIPS 180-4, 5.1.1) on the host, piece by piece.
#pragma once

#include "engine/bytes.h"

#include <algorithm>
#include <optional>

namespace salus::engine::opencl {

inline constexpr std::size_t kBlockSize = 64;

/// Blocks of a message of `size` bytes with its padding: 0x80 and 8 bytes of length.
constexpr std::size_t padded_blocks(std::size_t size) {
  return (size + 9 + kBlockSize - 1) / kBlockSize;
}

/// prefix || message || padding as a run of blocks that is never held in memory at once.
class PaddedMessage {
 public:
  PaddedMessage(std::optional<std::uint8_t> prefix, Bytes message)
      : prefix_(prefix), message_(message), size_(message.size() + (prefix ? 1 : 0)) {}

  [[nodiscard]] std::size_t blocks() const { return padded_blocks(size_); }

  /// Fills `out`, whole blocks, from block `first_block` on.
  void copy_blocks(std::size_t first_block, std::span<std::uint8_t> out) const {
    const std::size_t begin = first_block * kBlockSize;
    std::size_t at = begin;  // position in prefix || message
    if (prefix_ && at == 0) out[at++] = *prefix_;
    if (at < size_) {
      const std::size_t skipped = at - (prefix_ ? 1 : 0);
      const std::size_t count = std::min(size_ - at, out.size() - (at - begin));
      std::copy_n(message_.begin() + static_cast<std::ptrdiff_t>(skipped), count,
                  out.begin() + static_cast<std::ptrdiff_t>(at - begin));
      at += count;
    }
    at = std::max(at, begin);
    const std::size_t end = begin + out.size();
    if (at < end) pad(at, begin, out);
  }

 private:
  /// Writes what follows the message: from position `at` to the end of `out`, which begins at
  /// `begin`.
  void pad(std::size_t at, std::size_t begin, std::span<std::uint8_t> out) const {
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(at - begin), out.end(), std::uint8_t{0});
    if (at == size_) out[at - begin] = 0x80;
    if (begin + out.size() != blocks() * kBlockSize) return;
    const std::uint64_t bits = std::uint64_t{size_} * 8;
    for (unsigned i = 0; i < 8; ++i) {
      out[out.size() - 1 - i] = static_cast<std::uint8_t>(bits >> (8 * i));
    }
  }

  std::optional<std::uint8_t> prefix_;
  Bytes message_;
  std::size_t size_;
};

}  // namespace salus::engine::opencl

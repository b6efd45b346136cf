// A sliding window over a stream.
#pragma once

#include <vector>

#include "engine/bitcoin/source.h"

namespace salus::bitcoin {

/// Holds the next bytes of a source, at most `capacity` at a time.
class ByteWindow {
 public:
  ByteWindow(ByteSource& source, std::size_t capacity) : source_(source), capacity_(capacity) {}

  /// Forgets the bytes skipped and reads until the window is full or the source ends. Moves the
  /// bytes: views taken before are void.
  void refill();

  /// The bytes not yet skipped. Valid until `refill`.
  [[nodiscard]] Bytes rest() const { return Bytes(buffer_).subspan(begin_, end_ - begin_); }
  void skip(std::size_t size) { begin_ += size; }

  /// Whether nothing follows `rest`.
  [[nodiscard]] bool ended() const { return ended_; }
  /// How many bytes of the stream stand before `rest`.
  [[nodiscard]] std::uint64_t offset() const { return base_ + begin_; }

 private:
  ByteSource& source_;
  std::size_t capacity_;
  std::vector<std::uint8_t> buffer_;
  std::size_t begin_ = 0;  ///< The bytes in use are buffer_[begin_, end_).
  std::size_t end_ = 0;
  std::uint64_t base_ = 0;  ///< Offset of the buffer's first byte in the stream.
  bool ended_ = false;
};

}  // namespace salus::bitcoin

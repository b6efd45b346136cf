// Copies between pageable host memory and the device, through pinned pieces in turn: while one is
// on the wire the host fills or empties the other.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "engine/bytes.h"
#include "engine/cuda/runtime.h"

namespace salus::engine::cuda {

/// Pinned memory, and the event after which the host may touch it again.
struct StagingPiece {
  PinnedMemory memory;
  Event copied;
};

/// Writes a stretch of device memory from the front to the back. Bytes given to `append` may be
/// reused when it returns; they are on the device when `stream()` has come to that point.
class Uploader {
 public:
  explicit Uploader(std::size_t piece_bytes);

  /// Where the next byte goes. What was appended and not flushed is forgotten.
  void begin(std::uint8_t* device);
  void append(Bytes bytes);
  /// Appends zeros up to a multiple of `alignment` from `begin`'s address.
  void align(std::size_t alignment);
  void flush();

  [[nodiscard]] const Stream& stream() const { return stream_; }

 private:
  Stream stream_;
  std::array<StagingPiece, 2> pieces_;
  std::size_t current_ = 0;
  std::size_t filled_ = 0;
  std::uint8_t* to_ = nullptr;
};

/// Copies from the device, a piece at a time.
class Downloader {
 public:
  explicit Downloader(std::size_t piece_bytes);

  /// Fills `to` from device memory; blocks until it is there. Begins after the work queued so far
  /// on `after`.
  void copy(std::span<std::uint8_t> to, const std::uint8_t* device, const Stream& after);

  [[nodiscard]] const Stream& stream() const { return stream_; }

 private:
  Stream stream_;
  Event ready_;
  std::array<StagingPiece, 2> pieces_;
};

}  // namespace salus::engine::cuda

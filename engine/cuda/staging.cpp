#include "engine/cuda/staging.h"

#include <algorithm>
#include <cstring>

namespace salus::engine::cuda {

Uploader::Uploader(std::size_t piece_bytes) {
  for (StagingPiece& piece : pieces_) piece.memory.reserve(piece_bytes);
}

void Uploader::begin(std::uint8_t* device) {
  to_ = device;
  filled_ = 0;
}

void Uploader::append(Bytes bytes) {
  while (!bytes.empty()) {
    StagingPiece& piece = pieces_[current_];
    if (filled_ == 0) piece.copied.synchronize();  // its last copy may still be reading
    const std::size_t count = std::min(bytes.size(), piece.memory.size() - filled_);
    std::memcpy(piece.memory.data() + filled_, bytes.data(), count);
    filled_ += count;
    bytes = bytes.subspan(count);
    if (filled_ == piece.memory.size()) flush();
  }
}

void Uploader::align(std::size_t alignment) {
  static constexpr std::array<std::uint8_t, 64> kZeros{};
  const std::size_t past = (reinterpret_cast<std::uintptr_t>(to_) + filled_) % alignment;
  if (past != 0) append(Bytes(kZeros).first(alignment - past));
}

void Uploader::flush() {
  if (filled_ == 0) return;
  StagingPiece& piece = pieces_[current_];
  copy_to_device(to_, piece.memory.data(), filled_, stream_);
  piece.copied.record(stream_);
  to_ += filled_;
  filled_ = 0;
  current_ = (current_ + 1) % pieces_.size();
}

Downloader::Downloader(std::size_t piece_bytes) {
  for (StagingPiece& piece : pieces_) piece.memory.reserve(piece_bytes);
}

void Downloader::copy(std::span<std::uint8_t> to, const std::uint8_t* device, const Stream& after) {
  ready_.record(after);
  ready_.block(stream_);
  const std::size_t step = pieces_[0].memory.size();
  const std::size_t steps = (to.size() + step - 1) / step;
  // Turn i starts piece i and empties piece i - 1.
  for (std::size_t i = 0; i <= steps; ++i) {
    if (i < steps) {
      StagingPiece& piece = pieces_[i % 2];
      copy_to_host(piece.memory.data(), device + i * step, std::min(step, to.size() - i * step),
                   stream_);
      piece.copied.record(stream_);
    }
    if (i > 0) {
      StagingPiece& piece = pieces_[(i - 1) % 2];
      piece.copied.synchronize();
      const std::size_t at = (i - 1) * step;
      std::memcpy(&to[at], piece.memory.data(), std::min(step, to.size() - at));
    }
  }
}

}  // namespace salus::engine::cuda

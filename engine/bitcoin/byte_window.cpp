#include "engine/bitcoin/byte_window.h"

#include <algorithm>

namespace salus::bitcoin {
namespace {

// The buffer grows to what the source has: a small file needs no large one.
constexpr std::size_t kFirstSize = std::size_t{64} << 10;

}  // namespace

void ByteWindow::refill() {
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
            buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
  base_ += begin_;
  end_ -= begin_;
  begin_ = 0;
  while (!ended_ && end_ < capacity_) {
    if (end_ == buffer_.size()) buffer_.resize(std::min(capacity_, std::max(2 * end_, kFirstSize)));
    const std::size_t size = source_.read(std::span(buffer_).subspan(end_));
    end_ += size;
    ended_ = size == 0;
  }
}

}  // namespace salus::bitcoin

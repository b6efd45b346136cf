// Bytes that were received and not used up yet, in one piece.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

#include "engine/bytes.h"

namespace salus::node::mqtt {

/// Small while little comes, so that thousands of quiet connections cost little; a longer packet,
/// or a full read, makes it grow, and many small reads make it small again.
class ReceiveBuffer {
 public:
  static constexpr std::size_t kSmall = std::size_t{4} << 10;
  static constexpr std::size_t kLarge = std::size_t{64} << 10;  ///< For one read.

  [[nodiscard]] Bytes content() const { return {bytes_.get() + begin_, end_ - begin_}; }
  [[nodiscard]] bool empty() const { return begin_ == end_; }

  /// Where the next bytes go: enough for a packet of `packet_bytes` that the content begins.
  std::span<std::uint8_t> free_space(std::size_t packet_bytes) {
    if (empty() && small_reads_ > kManySmallReads) *this = {};
    std::size_t wanted = std::max({packet_bytes, capacity_, kSmall});
    if (was_filled_) wanted = std::max(wanted, kLarge);
    if (end_ - begin_ == capacity_ && wanted == capacity_) wanted = 2 * capacity_;
    if (wanted > capacity_) {
      move_to(wanted);
    } else if (begin_ > 0 && capacity_ - end_ < capacity_ / 2) {
      std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    return {bytes_.get() + end_, capacity_ - end_};
  }

  /// So many bytes were put into the free space.
  void add(std::size_t count) {
    end_ += count;
    was_filled_ = end_ == capacity_;
    small_reads_ = count < kSmall && capacity_ > kSmall ? small_reads_ + 1 : 0;
  }

  /// So many bytes of the content are used up.
  void remove(std::size_t count) {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }

 private:
  static constexpr int kManySmallReads = 64;

  void move_to(std::size_t capacity) {
    auto bytes = std::make_unique_for_overwrite<std::uint8_t[]>(capacity);
    if (!empty()) std::memcpy(bytes.get(), bytes_.get() + begin_, end_ - begin_);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
    end_ -= begin_;
    begin_ = 0;
  }

  std::unique_ptr<std::uint8_t[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool was_filled_ = false;
  int small_reads_ = 0;  // In a row, while it is larger than they need.
};

}  // namespace salus::node::mqtt

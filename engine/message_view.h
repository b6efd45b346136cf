// Many messages as one argument, without a copy.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>

#include "engine/bytes.h"

namespace salus::engine {

/// A non-owning view of messages that lie side by side with one length, or anywhere with lengths of
/// their own. Kernels take the first shape without gathering; both are hashed alike.
class MessageView {
 public:
  /// `data.size() / length` messages of `length` bytes each. `length` is at least 1 and divides
  /// `data.size()`.
  static MessageView fixed(Bytes data, std::size_t length) {
    assert(length > 0 && data.size() % length == 0);
    return MessageView(data, length, {});
  }
  /// One message for each span.
  static MessageView scattered(std::span<const Bytes> messages) {
    return MessageView({}, 0, messages);
  }

  [[nodiscard]] std::size_t count() const {
    return length_ != 0 ? data_.size() / length_ : messages_.size();
  }
  [[nodiscard]] Bytes operator[](std::size_t i) const {
    return length_ != 0 ? data_.subspan(i * length_, length_) : messages_[i];
  }
  /// The common length in bytes, or 0 when the messages are scattered.
  [[nodiscard]] std::size_t fixed_length() const { return length_; }
  /// All bytes of a fixed view; empty when the messages are scattered.
  [[nodiscard]] Bytes contiguous() const { return data_; }

  /// The `count` messages from `first` on.
  [[nodiscard]] MessageView slice(std::size_t first, std::size_t count) const {
    if (length_ != 0)
      return MessageView(data_.subspan(first * length_, count * length_), length_, {});
    return MessageView({}, 0, messages_.subspan(first, count));
  }

 private:
  MessageView(Bytes data, std::size_t length, std::span<const Bytes> messages)
      : data_(data), length_(length), messages_(messages) {}

  Bytes data_;
  std::size_t length_;
  std::span<const Bytes> messages_;
};

}  // namespace salus::engine

// Signatures collected for verification, with bytes of their own.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/signature/signature.h"

namespace salus::engine::signature {

/// Items in arrays of their own: one for all messages, one after the other, and one each for keys,
/// signatures and the rest. Memory is kept when the batch is cleared and used again.
class SignatureBatch {
 public:
  /// Copies an item's bytes, which may be of any length.
  void add(const Item& item);

  [[nodiscard]] std::size_t size() const { return algorithms_.size(); }
  [[nodiscard]] bool empty() const { return algorithms_.empty(); }
  /// Bytes of all messages.
  [[nodiscard]] std::size_t message_bytes() const { return messages_.size(); }

  /// The items as `Engine::verify_batch` takes them, in the order of `add`. Views of this batch:
  /// the next `add` or `clear` ends them. They have the same verdicts as the originals.
  [[nodiscard]] std::vector<Item> items() const;

  void clear();

 private:
  // Fields of fixed size are cut after one byte too many, which leaves their length wrong.
  static constexpr std::size_t kKeyRoom = kP256KeyBytes + 1;
  static constexpr std::size_t kSignatureRoom = kSignatureBytes + 1;

  std::vector<Algorithm> algorithms_;
  std::vector<std::uint8_t> keys_;  // kKeyRoom each
  std::vector<std::uint8_t> key_sizes_;
  std::vector<std::uint8_t> signatures_;  // kSignatureRoom each
  std::vector<std::uint8_t> signature_sizes_;
  std::vector<std::uint8_t> messages_;
  std::vector<std::size_t> message_ends_;
};

}  // namespace salus::engine::signature

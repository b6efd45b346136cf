// Changes of the state as opaque keys and values, in one buffer: what is stored, and what undoes
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/bytes.h"

namespace salus::node {

/// A list of entries "this key has this value" or "this key is not there". The state after a block,
/// the way back from it, and what a store holds are all such lists.
class StateWrites {
 public:
  static constexpr std::size_t kMaxKeyBytes = 255;
  static constexpr std::size_t kMaxValueBytes = 65534;

  StateWrites() = default;
  /// What `bytes` returned. Throws `Error` (input) for anything else.
  explicit StateWrites(std::vector<std::uint8_t> bytes);

  void put(Bytes key, Bytes value);
  void remove(Bytes key);

  [[nodiscard]] std::size_t size() const { return size_; }
  /// All entries in a form that can be kept.
  [[nodiscard]] const std::vector<std::uint8_t>& bytes() const { return bytes_; }

  /// Calls `visit(Bytes key, std::optional<Bytes> value)` for each entry, in the order of the
  /// calls.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (std::size_t at = 0; at < bytes_.size();) {
      const Entry entry = entry_at(at);
      visit(entry.key, entry.value);
      at = entry.end;
    }
  }

  friend bool operator==(const StateWrites&, const StateWrites&) = default;

 private:
  struct Entry {
    Bytes key;
    std::optional<Bytes> value;
    std::size_t end;
  };
  /// Throws `Error` (input) where the bytes end too early.
  [[nodiscard]] Entry entry_at(std::size_t begin) const;
  void put_key(Bytes key, std::uint16_t value_size);

  std::vector<std::uint8_t> bytes_;
  std::size_t size_ = 0;
};

}  // namespace salus::node

// Which keys have a table of multiples in a device's memory, and where.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/bytes.h"

namespace salus::engine::signature::device {

/// Ed25519 keys and the places of their tables. A bounded number of places; the key whose last use
/// is longest ago makes room. Keys without a table are counted, and forgotten when they become too
/// many. Not thread safe.
class KeyDirectory {
 public:
  using Key = std::array<std::uint8_t, 32>;

  struct Known {
    std::uint64_t uses = 0;
    std::uint64_t last_round = 0;
    std::optional<std::uint32_t> table;
    bool is_no_point = false;  ///< No table can be made.
  };

  /// At most `places` tables. A key has earned one when it was used `uses_for_table` times.
  KeyDirectory(std::size_t places, std::uint64_t uses_for_table);

  /// Begins a round of uses: tables of keys used in it stay where they are until the next one.
  void begin_round();

  /// The key of 32 bytes, one use more. The reference holds until the next round.
  Known& use(Bytes key);

  /// A place for this key's table, which it has from now on; nothing when all places are taken by
  /// keys of this round.
  std::optional<std::uint32_t> give_table(const Key& key);

  /// Keys of this round that have earned a table and lack one, each once.
  std::vector<Key> take_earned();

  [[nodiscard]] std::size_t places() const { return places_; }
  [[nodiscard]] std::size_t tables() const { return owners_.size(); }

 private:
  /// Keys come from anybody; a hash that they could foresee would let them make chains of one
  /// bucket.
  struct Hash {
    std::array<std::uint64_t, 4> secret;
    std::size_t operator()(const Key& key) const;
  };

  void forget_keys_without_table();

  std::size_t places_;
  std::uint64_t uses_for_table_;
  std::uint64_t round_ = 0;
  std::unordered_map<Key, Known, Hash> known_;
  std::vector<Key> owners_;  ///< Of each place that was given away.
  std::vector<Key> earned_;
};

}  // namespace salus::engine::signature::device

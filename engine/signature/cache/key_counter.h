// How often keys were seen, in little memory whatever the keys.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

namespace salus::engine::signature {

/// A count-min sketch with conservative update, each key's counters within one cache line, and
/// aging: counts are halved with every period, so that they tell how often a key comes now (as in
/// TinyLFU; Einziger, Friedman and Manes 2017).
///
/// A flood of keys that occur once each raises no count by more than chance does, and takes no
/// memory. Safe from any thread; a count that two threads raise at once may rise by one only.
class KeyCounter {
 public:
  /// For about `keys` keys of interest; takes 128 bytes for each.
  explicit KeyCounter(std::uint64_t keys);

  /// Counts one more sighting and returns how many there were about, at most 255.
  std::uint32_t count(std::uint64_t hash, std::uint64_t period);

 private:
  static constexpr std::size_t kWords = 7;  // of eight counters each

  struct alignas(64) Line {
    std::atomic<std::uint64_t> period = 0;
    std::array<std::atomic<std::uint64_t>, kWords> words{};
  };

  static void age(Line& line, std::uint64_t period);

  std::vector<Line> lines_;
};

}  // namespace salus::engine::signature

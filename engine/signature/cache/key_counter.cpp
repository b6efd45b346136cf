#include "engine/signature/cache/key_counter.h"

#include <algorithm>
#include <bit>

namespace salus::engine::signature {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr std::uint64_t kLinesPerKey = 2;
constexpr std::size_t kRows = 4;  // counters of one key
constexpr std::uint32_t kMost = 255;

/// Which counter of a line a key has in row `row`: word and bit.
struct Place {
  std::size_t word;
  unsigned shift;
};

Place place_of(std::uint64_t hash, std::size_t row, std::size_t words) {
  const std::uint64_t bits = hash >> (32 + 8 * row) & 0xff;
  return {static_cast<std::size_t>(bits / 8 % words), static_cast<unsigned>(bits % 8 * 8)};
}

std::uint32_t counter(std::uint64_t word, unsigned shift) {
  return static_cast<std::uint32_t>(word >> shift & 0xff);
}

}  // namespace

KeyCounter::KeyCounter(std::uint64_t keys)
    : lines_(static_cast<std::size_t>(
          std::bit_ceil(std::max<std::uint64_t>(keys, 1) * kLinesPerKey))) {}

void KeyCounter::age(Line& line, std::uint64_t period) {
  constexpr std::uint64_t kLowBits = 0x0101010101010101;
  std::uint64_t past = line.period.load(kRelaxed);
  if (past >= period || !line.period.compare_exchange_strong(past, period, kRelaxed)) return;
  const std::uint64_t halvings = std::min<std::uint64_t>(period - past, 8);
  for (auto& word : line.words) {
    std::uint64_t value = word.load(kRelaxed);
    for (std::uint64_t i = 0; i < halvings; ++i) value = value >> 1 & (kLowBits * 0x7f);
    word.store(value, kRelaxed);
  }
}

std::uint32_t KeyCounter::count(std::uint64_t hash, std::uint64_t period) {
  Line& line = lines_[hash & (lines_.size() - 1)];
  if (line.period.load(kRelaxed) != period) age(line, period);
  std::uint32_t least = kMost;
  for (std::size_t row = 0; row < kRows; ++row) {
    const Place place = place_of(hash, row, kWords);
    least = std::min(least, counter(line.words[place.word].load(kRelaxed), place.shift));
  }
  if (least == kMost) return kMost;
  for (std::size_t row = 0; row < kRows; ++row) {
    const Place place = place_of(hash, row, kWords);
    const std::uint64_t word = line.words[place.word].load(kRelaxed);
    if (counter(word, place.shift) == least)
      line.words[place.word].store(word + (std::uint64_t{1} << place.shift), kRelaxed);
  }
  return least + 1;
}

}  // namespace salus::engine::signature

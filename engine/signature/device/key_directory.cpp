#include "engine/signature/device/key_directory.h"

#include <algorithm>
#include <cstring>
#include <random>
#include <utility>

namespace salus::engine::signature::device {
namespace {

/// Keys that are counted at once: some ten megabytes.
constexpr std::size_t kMostKeys = std::size_t{1} << 17;

std::array<std::uint64_t, 4> random_secret() {
  std::random_device random;
  std::array<std::uint64_t, 4> secret;
  for (auto& word : secret) word = std::uint64_t{random()} << 32 | random();
  return secret;
}

}  // namespace

// Sums of products of two words each: pairwise independent over the secret (Black et al., "UMAC",
// 1999, NH). The high half is what is well mixed.
std::size_t KeyDirectory::Hash::operator()(const Key& key) const {
  std::array<std::uint64_t, 4> words;
  std::memcpy(words.data(), key.data(), sizeof words);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < words.size(); i += 2) {
    const auto product =
        static_cast<unsigned __int128>(words[i] + secret[i]) * (words[i + 1] + secret[i + 1]);
    sum += static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
  }
  return sum;
}

KeyDirectory::KeyDirectory(std::size_t places, std::uint64_t uses_for_table)
    : places_(places), uses_for_table_(uses_for_table), known_(0, Hash{random_secret()}) {}

void KeyDirectory::begin_round() {
  ++round_;
  earned_.clear();
  if (known_.size() > kMostKeys + owners_.size()) forget_keys_without_table();
}

void KeyDirectory::forget_keys_without_table() {
  std::erase_if(known_, [](const auto& entry) { return !entry.second.table; });
}

KeyDirectory::Known& KeyDirectory::use(Bytes key) {
  Key bytes;
  std::ranges::copy(key, bytes.begin());
  Known& known = known_[bytes];
  ++known.uses;
  known.last_round = round_;
  if (known.uses == uses_for_table_ && !known.table && !known.is_no_point) earned_.push_back(bytes);
  return known;
}

std::optional<std::uint32_t> KeyDirectory::give_table(const Key& key) {
  Known& known = known_[key];
  if (known.table) return known.table;
  if (owners_.size() < places_) {
    known.table = static_cast<std::uint32_t>(owners_.size());
    owners_.push_back(key);
    return known.table;
  }
  const auto last_use = [this](const Key& owner) { return known_.at(owner).last_round; };
  const auto oldest = std::ranges::min_element(owners_, {}, last_use);
  if (oldest == owners_.end() || last_use(*oldest) == round_) return std::nullopt;
  Known& former = known_.at(*oldest);
  known.table = std::exchange(former.table, std::nullopt);
  former.uses = 0;  // it has to earn one anew
  *oldest = key;
  return known.table;
}

std::vector<KeyDirectory::Key> KeyDirectory::take_earned() { return std::exchange(earned_, {}); }

}  // namespace salus::engine::signature::device

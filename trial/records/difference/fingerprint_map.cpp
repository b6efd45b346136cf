#include "trial/records/difference/fingerprint_map.h"

#include <bit>
#include <cassert>

namespace salus::trial {
namespace {

constexpr std::uint32_t kNone = 0xffff'ffff;

}  // namespace

FingerprintMap::FingerprintMap(std::span<const std::uint64_t> fingerprints,
                               std::optional<std::uint64_t> none)
    : fingerprints_(fingerprints),
      heads_(std::bit_ceil(2 * fingerprints.size() + 1), kNone),
      next_(fingerprints.size(), kNone) {
  assert(fingerprints.size() < kNone);
  for (std::size_t i = fingerprints.size(); i-- > 0;) {  // so that the lowest comes first
    if (fingerprints[i] == none) continue;
    std::uint32_t& head = heads_[slot_of(fingerprints[i])];
    next_[i] = head;
    head = static_cast<std::uint32_t>(i);
  }
}

/// Where the records with this fingerprint are, or would be. Fingerprints are as good as random.
std::size_t FingerprintMap::slot_of(std::uint64_t fingerprint) const {
  const std::size_t mask = heads_.size() - 1;
  std::size_t slot = fingerprint & mask;
  // An emptied list keeps its last record, so that the search for others does not end here.
  while (heads_[slot] != kNone && fingerprints_[heads_[slot]] != fingerprint)
    slot = (slot + 1) & mask;
  return slot;
}

std::optional<std::uint64_t> FingerprintMap::first_free(
    std::uint64_t fingerprint, const std::function<bool(std::uint64_t)>& is_free) {
  std::uint32_t& head = heads_[slot_of(fingerprint)];
  if (head == kNone) return std::nullopt;
  while (!is_free(head)) {
    if (next_[head] == kNone) return std::nullopt;
    head = next_[head];
  }
  return head;
}

}  // namespace salus::trial

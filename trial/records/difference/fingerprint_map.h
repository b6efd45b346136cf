// Which sealed records have a fingerprint: a hash table over fingerprints that are kept elsewhere.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace salus::trial {

/// Finds records by fingerprint, lowest first. Takes 8 to 20 bytes for each.
class FingerprintMap {
 public:
  /// At most 2^32 - 2 fingerprints, which stay in place. Those equal to `none` are left out.
  FingerprintMap(std::span<const std::uint64_t> fingerprints, std::optional<std::uint64_t> none);

  /// The first record with this fingerprint that `is_free`. A record that is not free will never be
  /// again: it is passed over from then on.
  std::optional<std::uint64_t> first_free(std::uint64_t fingerprint,
                                          const std::function<bool(std::uint64_t)>& is_free);

 private:
  [[nodiscard]] std::size_t slot_of(std::uint64_t fingerprint) const;

  std::span<const std::uint64_t> fingerprints_;
  std::vector<std::uint32_t> heads_;  // open addressing: the first record of each fingerprint
  std::vector<std::uint32_t> next_;   // the next one with the same
};

}  // namespace salus::trial

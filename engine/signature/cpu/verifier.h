// Verification on the CPU, with tables for keys that come back.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "engine/cpu/lane_hasher.h"
#include "engine/signature/cache/public_key_cache.h"
#include "engine/signature/cpu/host_tables.h"
#include "engine/signature/cpu/verify_choice.h"
#include "engine/signature/signature.h"

namespace salus::engine::signature::cpu {

/// Verifies on the calling thread. Thread safe: all threads share one cache of keys, and none waits
/// for another.
class Verifier {
 public:
  /// The variants that `options` says (measured at the first call in a process). Tables take up to
  /// `key_cache_bytes`, without it a sixteenth of the memory that this process may use. Throws
  /// `Error` (usage) when the forced variant cannot run here.
  explicit Verifier(const CpuOptions& options,
                    std::optional<std::uint64_t> key_cache_bytes = std::nullopt);

  /// Decides items whose form is right, as `Device::verify_signatures`. Any number of items, best
  /// a few hundred.
  void verify(std::span<const Item> items, std::span<Reason> out);

  /// Makes tables for these keys, on the calling thread.
  void add_keys(std::span<const KeyView> keys) { cache_.add(keys); }

  [[nodiscard]] const VerifyChoice& choice() const { return choice_; }
  [[nodiscard]] PublicKeyCache& cache() { return cache_; }

 private:
  VerifyChoice choice_;
  LaneHasher sha256_;
  HostTables tables_;
  PublicKeyCache cache_;
};

}  // namespace salus::engine::signature::cpu

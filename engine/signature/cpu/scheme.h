// What the two algorithms' verification on the CPU differs in; verifier.cpp has what they share.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "engine/cpu/lane_hasher.h"
#include "engine/signature/cpu/verify_choice.h"
#include "engine/signature/signature.h"

namespace salus::engine::signature::cpu {

/// Items that are verified together: enough for full lanes and a shared inversion, few enough to
/// stay in the caches.
inline constexpr std::size_t kItemsAtOnce = 256;

/// An item's message hashed and made a scalar, or several.
struct Ed25519Prepared {
  const Item* item;
  std::uint64_t k[4];
};

struct P256Prepared {
  const Item* item;
  P256Scalars scalars;
};

/// All functions take at most kItemsAtOnce items.
struct Ed25519Scheme {
  using Prepared = Ed25519Prepared;
  const VerifyChoice& choice;

  /// `items` are in the order of their messages' length.
  void prepare(std::span<const Item* const> items, Prepared* out) const;
  void decide(std::span<const Prepared> items, Reason* out) const;
  void decide_by_tables(int bits, std::span<const Prepared> items,
                        const std::uint64_t* const tables[], Reason* out) const;
};

struct P256Scheme {
  using Prepared = P256Prepared;
  const VerifyChoice& choice;
  const LaneHasher& sha256;

  void prepare(std::span<const Item* const> items, Prepared* out) const;
  void decide(std::span<const Prepared> items, Reason* out) const;
  void decide_by_tables(int bits, std::span<const Prepared> items,
                        const std::uint64_t* const tables[], Reason* out) const;
};

}  // namespace salus::engine::signature::cpu

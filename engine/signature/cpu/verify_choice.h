// Which variant verifies, and which one hashes: by CPUID and a short measurement, or as forced.
#pragma once

#include <string>
#include <vector>

#include "engine/signature/cpu/ed25519_variant.h"
#include "engine/signature/cpu/p256_variant.h"

namespace salus::engine::signature::cpu {

/// Variants of one algorithm: the fastest one for full lanes, and the one that is done first with a
/// single item.
template <class AnyVariant>
struct Variants {
  const AnyVariant* many = nullptr;
  const AnyVariant* single = nullptr;
  std::string reason;  ///< "205 k/s a core; portable 28.6; a single item in 35.3 us by portable"
};

/// How Ed25519's SHA-512 is done. Lanes hash side by side; one that is much longer than its
/// neighbours is hashed alone, by OpenSSL.
struct Sha512Choice {
  double lanes_block = 1;   ///< Time of a block in every lane, in any unit.
  double single_block = 1;  ///< Time of a block of a message that is hashed alone.
  std::string name;
  std::string reason;
};

struct VerifyChoice {
  Variants<Ed25519Variant> ed25519;
  Variants<P256Variant> p256;
  Sha512Choice sha512;
};

/// "ifma", "portable", ...: what can be forced on this machine, fastest first.
std::vector<std::string> verify_variants();

/// Throws `Error` (usage) when nothing on this machine has that name.
void require_variant(const std::string& name);

/// Measured for some milliseconds once a process, unless a variant is forced by name; where an
/// algorithm has none of that name, its portable one is taken. Throws `Error` (usage) when nothing
/// on this machine has that name. Safe from any thread.
VerifyChoice choose_for_verifying(const std::string& forced);

}  // namespace salus::engine::signature::cpu

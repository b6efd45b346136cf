// Ed25519's challenges of many items, each hashed in the way that is fastest for its length.
#pragma once

#include <span>

#include "engine/signature/cpu/ed25519_variant.h"
#include "engine/signature/cpu/verify_choice.h"

namespace salus::engine::signature::cpu {

/// k[i] = SHA-512(R || A || M) mod L of items[i]. Items are in the order of their messages' length.
void make_challenges(const VerifyChoice& choice, std::span<const ChallengeItem> items,
                     std::uint64_t (*k)[4]);

/// The same for one item, by OpenSSL: the fastest single stream.
void challenge_alone(const ChallengeItem& item, std::uint64_t k[4]);

}  // namespace salus::engine::signature::cpu

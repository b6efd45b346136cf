// Verification by comb tables, made for every key on its first appearance.
#pragma once

#include <span>

#include "engine/signature/cpu/ed25519_variant.h"
#include "engine/signature/cpu/p256_variant.h"
#include "engine/signature/signature.h"

namespace salus::engine::signature {

/// By tables with windows of `bits` bits.
Verdicts verify_registered(const cpu::Ed25519Variant& ed25519, const cpu::P256Variant& p256,
                           int bits, std::span<const Item> items, const Policy& policy);

}  // namespace salus::engine::signature

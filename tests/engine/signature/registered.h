// Verification by comb tables, made for every key on its first appearance.
#pragma once

#include <span>

#include "engine/signature/cpu/ed25519_variant.h"
#include "engine/signature/signature.h"

namespace salus::engine::signature {

/// Ed25519 by tables with windows of `bits` bits, everything else by the reference.
Verdicts verify_registered(const cpu::Ed25519Variant& variant, int bits,
                           std::span<const Item> items, const Policy& policy);

}  // namespace salus::engine::signature

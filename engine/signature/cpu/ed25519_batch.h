// From items to lanes and back: what all Ed25519 variants have in common.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/signature/cpu/ed25519_variant.h"
#include "engine/signature/signature.h"

namespace salus::engine::signature::cpu {

/// The fastest variant that this CPU supports.
const Ed25519Variant& best_ed25519_variant();

/// Decides the items at `indices`, all Ed25519 and of the right form, and sets their verdicts.
/// `indices` is put in another order.
void verify_ed25519(const Ed25519Variant& variant, std::span<const Item> items,
                    std::span<std::size_t> indices, Verdicts& verdicts);

}  // namespace salus::engine::signature::cpu

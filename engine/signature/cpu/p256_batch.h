// From items to lanes and back: what all P-256 variants have in common.
#pragma once

#include <cstddef>
#include <span>

#include "engine/signature/cpu/p256_variant.h"
#include "engine/signature/signature.h"

namespace salus::engine::signature::cpu {

/// The fastest variant that this CPU supports.
const P256Variant& best_p256_variant();

/// Decides the items at `indices`, all P-256 and of the right form, and sets their verdicts.
/// `indices` is put in another order.
void verify_p256(const P256Variant& variant, std::span<const Item> items,
                 std::span<std::size_t> indices, Verdicts& verdicts);

}  // namespace salus::engine::signature::cpu

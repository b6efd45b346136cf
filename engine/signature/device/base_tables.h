// Comb tables of the base points as devices read them, and what else differs from the host's form.
#pragma once

#include <cstdint>
#include <span>

#include "engine/bytes.h"

namespace salus::engine::signature::device {

/// The base point's tables, with windows of SALUS_BASE_WINDOW bits.
Bytes ed25519_base_table();
Bytes p256_base_table();

/// Turns rows of P-256 as the host makes them, in Montgomery form with R = 2^260
/// (kernels/fieldp256.h), into those of kernels/gpu/fieldp256.h with R = 2^256. Elements are four
/// words each, below p before and after.
void to_device_form(std::span<std::uint64_t> elements);

}  // namespace salus::engine::signature::device

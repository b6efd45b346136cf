// Many signatures at once, on the calling thread.
#pragma once

#include <span>

#include "engine/signature/signature.h"

namespace salus::engine::signature {

/// One verdict for each item, the same as `verify_reference` gives. Algorithms may be mixed and the
/// batch may be empty. Ed25519 runs on the CPU's widest lanes, P-256 through OpenSSL. Safe from any
/// thread. Throws as `verify_reference` does.
Verdicts verify_batch(std::span<const Item> items, const Policy& policy = {});

}  // namespace salus::engine::signature

// Many signatures at once, on the calling thread.
#pragma once

#include <span>

#include "engine/signature/signature.h"

namespace salus::engine::signature {

/// One verdict for each item, the same as `verify_reference` gives. Algorithms may be mixed and the
/// batch may be empty. Runs on the CPU's widest lanes. Safe from any thread.
Verdicts verify_batch(std::span<const Item> items, const Policy& policy = {});

}  // namespace salus::engine::signature

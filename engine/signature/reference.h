// The reference that every kernel is checked against, and the last fallback: OpenSSL with the
// strict checks in front of it.
#pragma once

#include "engine/signature/signature.h"

namespace salus::engine::signature {

/// Decides one item by OpenSSL. Safe from any thread. Throws `Error` (system) when OpenSSL cannot
/// do its work (no memory); never for what an item holds.
Reason verify_reference(const Item& item, const Policy& policy = {});

}  // namespace salus::engine::signature

// The part of the acceptance rule that is decided by looking at the bytes of one item.
//
// Every backend runs this first, on the host; what is left for it is the key's place on the curve
// and the verification equation.
#pragma once

#include "engine/signature/signature.h"

namespace salus::engine::signature {

/// `Reason::valid` when the item's form is right, which leaves `key_not_on_curve` and `mismatch` to
/// be decided. Lengths are checked before anything is read. Takes tens of nanoseconds.
Reason check_form(const Item& item, const Policy& policy);

}  // namespace salus::engine::signature

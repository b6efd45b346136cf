// Payloads by their type.
#pragma once

#include "node/statement/statement.h"

namespace salus::node {

/// Whether a payload is what its content type says. Types that are not looked into (JSON) may hold
/// anything. Pure.
bool is_well_formed_payload(ContentType type, Bytes payload);

}  // namespace salus::node

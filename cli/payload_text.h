// Payloads of our own types as people read them.
#pragma once

#include <string>

#include "node/statement/statement.h"

namespace salus::cli {

/// What the payload of such a type says, a line for each thing, indented; nothing for types that
/// are not our own, and for payloads that are not what their type says.
std::string own_payload_text(node::ContentType type, Bytes payload);

}  // namespace salus::cli

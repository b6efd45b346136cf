// The part of `salus demo` that runs a node.
#pragma once

#include "cli/command.h"

namespace salus::cli {

/// A node of its own in a temporary folder: virtual devices replay a recording, blocks are mined,
/// what was tampered with and what is replayed is refused, a receipt is checked, and the chain is
/// validated again. Prints all of it. Returns how much was not as it should be.
unsigned demonstrate_node(const Global& global);

}  // namespace salus::cli

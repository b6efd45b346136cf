// Ports for servers that tests start and that cannot choose their own.
#pragma once

#include <cstdint>

namespace salus::test {

/// A port of the loopback that was free a moment ago. Throws std::runtime_error where there is
/// none.
std::uint16_t free_port();

}  // namespace salus::test

// What a key may be used for.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace salus::node {

/// The numbers are those on the wire and never change.
enum class Role : std::uint8_t {
  device = 1,     ///< Telemetry and data.
  validator = 2,  ///< Blocks.
  authority = 3,  ///< Registration, rotation and revocation of keys; erasure.
};

/// "device", "validator", "authority".
std::string_view to_string(Role role);

/// Nothing for a number that stands for no role.
std::optional<Role> role_from_number(std::uint64_t number);
std::optional<Role> role_from_name(std::string_view name);

}  // namespace salus::node

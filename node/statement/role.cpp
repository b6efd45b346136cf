#include "node/statement/role.h"

#include <cstdlib>

namespace salus::node {

std::string_view to_string(Role role) {
  switch (role) {
    case Role::device: return "device";
    case Role::validator: return "validator";
    case Role::authority: return "authority";
  }
  std::abort();  // not one of them: a number cast by mistake
}

std::optional<Role> role_from_number(std::uint64_t number) {
  const bool is_role = number >= static_cast<std::uint64_t>(Role::device) &&
                       number <= static_cast<std::uint64_t>(Role::authority);
  if (!is_role) return std::nullopt;
  return static_cast<Role>(number);
}

std::optional<Role> role_from_name(std::string_view name) {
  for (const Role role : {Role::device, Role::validator, Role::authority})
    if (name == to_string(role)) return role;
  return std::nullopt;
}

}  // namespace salus::node

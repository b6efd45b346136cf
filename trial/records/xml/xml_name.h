// Names of elements and attributes as they stand in the names of cells.
#pragma once

#include <string>
#include <string_view>

namespace salus::trial {

/// Between a namespace and a local name, as the parser gives them. No namespace has a blank in it.
inline constexpr char kNamespaceSeparator = ' ';

/// "NAME" in ODM's namespaces and in none, "{NAMESPACE}NAME" in any other.
std::string cell_name_of(std::string_view expanded_name);

/// Text from the file with what has a meaning in names of cells written as ~0 (~), ~1 (/), ~2 (@),
/// ~3 (#) and ~4 (}), so that two different places never have one name.
std::string escaped_in_name(std::string_view text);

}  // namespace salus::trial

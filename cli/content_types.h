// Types of statements as the command line calls them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "node/statement/statement.h"

namespace salus::cli {

/// What is left of a media type without "application/", "vnd.salus." and, for our own types,
/// "+cbor".
std::string_view short_name(node::ContentType type);

/// A type by its media type or its short name.
std::optional<node::ContentType> type_named(std::string_view name);

/// The short names of all.
std::string known_types();

}  // namespace salus::cli

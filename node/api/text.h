// Small text of HTTP: what header fields and targets are made of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace salus::node::api {

/// ASCII letters only.
bool equals_ignoring_case(std::string_view a, std::string_view b);

/// Without the spaces and tabs around it.
std::string_view trimmed(std::string_view text);

/// What stands before the first `separator`, which is taken off `rest` with it; all of it where
/// there is none.
std::string_view take_until(std::string_view& rest, char separator);

/// A whole decimal number without sign, nothing around it.
std::optional<std::uint64_t> decimal(std::string_view text);

/// The path of a request's target and its query's parameters, in their order, with %XX and + of
/// names and values undone.
struct Target {
  std::string path;  ///< As it is written: no path that the node knows needs an escape.
  std::vector<std::pair<std::string, std::string>> parameters;
};

/// Nothing for a target that does not begin with '/', and for bad escapes.
std::optional<Target> parse_target(std::string_view target);

}  // namespace salus::node::api

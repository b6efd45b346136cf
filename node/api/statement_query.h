// Which statements the parameters of a URL ask for.
#pragma once

#include <string_view>
#include <variant>

#include "node/api/node_reader.h"
#include "node/api/text.h"

namespace salus::node::api {

/// What is wrong with the parameters, for people; repeats nothing of them.
using BadParameters = std::string_view;

inline constexpr BadParameters kBadCursor = "after is what next was on the page before";

/// Of `device`, with from, to, limit and after.
std::variant<StatementQuery, BadParameters> telemetry_query(const Target& target);

/// At most one of signer, subject and type, with the same.
std::variant<StatementQuery, BadParameters> statement_query(const Target& target);

}  // namespace salus::node::api

// Cuts the body of a POST into the statements that are in it.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "node/ingest/statement_sink.h"

namespace salus::node::api {

/// Why a body cannot be cut. Where statements end is not known then, so that none is taken.
enum class BodyFault : std::uint8_t {
  empty,                ///< No statement in it.
  malformed,            ///< Not CBOR in deterministic encoding, or nested too deep.
  too_many_statements,  ///< More than one request may bring.
};

/// "empty_body", "malformed_body", "too_many_statements".
std::string_view to_string(BodyFault fault);

/// Takes one COSE_Sign1, a CBOR sequence of them (RFC 8742) or a CBOR array of them, which an array
/// is whose first item is not a byte string as that of an untagged COSE_Sign1 would be. What is
/// inside a message is not looked at beyond that it is well-formed CBOR in deterministic encoding,
/// at most 8 deep. The submission takes over the body's memory; `done` is left empty. Pure.
std::variant<Submission, BodyFault> split_body(std::vector<std::uint8_t>&& body,
                                               std::size_t max_statements);

}  // namespace salus::node::api

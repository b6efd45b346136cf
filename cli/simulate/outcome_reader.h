// What a node says of statements, read: the answer to a request, and notices by MQTT.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/bytes.h"
#include "node/statement/refusal.h"

namespace salus::cli::simulate {

/// Nothing: accepted.
struct ReadOutcome {
  std::optional<node::Refusal> refusal;
};

std::optional<node::Refusal> refusal_named(std::string_view name);

/// The body of an answer of POST /v1/statements in CBOR (docs/api.md). Nothing where it is not one,
/// or has a reason that we do not know.
std::optional<std::vector<ReadOutcome>> read_outcomes(Bytes cbor);

/// {"id":"9f86...","reason":"bad_signature","packet_id":7} (docs/mqtt.md)
struct RefusedNotice {
  node::Refusal refusal = node::Refusal::malformed;
  std::uint16_t packet_id = 0;
};
std::optional<RefusedNotice> read_refused_notice(Bytes json);

}  // namespace salus::cli::simulate

// What a sender finds on its `refused` topic.
#pragma once

#include <cstdint>
#include <string>

#include "node/ingest/statement_sink.h"

namespace salus::node::mqtt {

/// {"id":"9f86...","reason":"bad_signature","packet_id":7}
/// `id` is null where the statement could not be read; `packet_id` where it came at QoS 0.
std::string refusal_notice(const Digest& id, Refusal refusal, std::uint16_t packet_id);

}  // namespace salus::node::mqtt

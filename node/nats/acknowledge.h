// Answers to the server for what the sink has answered. Internal: includes cnats.
#pragma once

#include "node/nats/batch.h"
#include "node/nats/counting.h"
#include "node/nats/handles.h"
#include "node/nats/options.h"

namespace salus::node::nats {

/// Acknowledges the batch's messages, and says why statements were refused. Nothing is flushed.
/// False where something was overloaded: its messages, which are not acknowledged, are to be
/// recalled (recall.h). Throws `Error` where the connection takes nothing any more.
bool acknowledge(natsConnection* connection, const ConsumerOptions& options, const Batch& batch,
                 Counting& counting);

}  // namespace salus::node::nats

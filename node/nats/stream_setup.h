// The stream and the consumer on the server: looked for, or made. Internal: includes cnats.
#pragma once

#include "node/nats/handles.h"
#include "node/nats/options.h"

namespace salus::node::nats {

/// Leaves when the stream has the subjects and there is a consumer that may be used. Makes the
/// consumer where there is none, and the stream where that is wanted. Throws `Error` that says what
/// is wrong and what to do about it.
void set_up(natsConnection* connection, const ConsumerOptions& options);

}  // namespace salus::node::nats

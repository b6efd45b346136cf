// Messages that were delivered and not acknowledged, asked for again at once. Internal: includes
// cnats.
#pragma once

#include <stop_token>

#include "node/nats/handles.h"
#include "node/nats/options.h"

namespace salus::node::nats {

/// Has the server deliver, before anything newer and in their order, whatever an earlier connection
/// of this consumer was sent and did not acknowledge. By itself the server would wait for
/// `ack_wait` and send what is newer meanwhile; but when a device's newer statement is on the chain
/// its older ones cannot follow. What the sink still has comes twice, which does no harm.
///
/// The server may not have noticed yet that an earlier connection is gone, and still send to it
/// what that one had asked for: first waits until it has, at most for `fetch_timeout`, after which
/// those fetches have ended, or until `stop`. Throws `Error` where the server does not answer.
void recall_unacknowledged(natsConnection* connection, const ConsumerOptions& options,
                           const std::stop_token& stop);

}  // namespace salus::node::nats

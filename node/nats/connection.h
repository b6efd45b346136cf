// A connection to a server. Internal: includes cnats.
#pragma once

#include <string>

#include "node/nats/handles.h"
#include "node/nats/options.h"

namespace salus::node::nats {

/// Settings for a connection to one of the servers. It is not made again by itself once it is lost.
/// Throws `Error` (input), which never repeats a secret, for what cannot be used: files that are
/// not there, a URL that is none or has a password in it.
OptionsHandle connection_options(const ConsumerOptions& options, const std::string& server);

/// Throws `Error` (system) where the server is not there or does not let us in.
ConnectionHandle connect(natsOptions* options);

}  // namespace salus::node::nats

// What every TLS listener of the node has in common. Internal: includes Boost.
#pragma once

#include <boost/asio/ssl/context.hpp>

#include "node/tls/server_files.h"

namespace salus::node::tls {

/// A server's context for TLS 1.2 and later, without compression and renegotiation. Certificates of
/// clients are verified against the authorities; whether one is demanded is up to the caller
/// (`set_verify_mode`), as is whether sessions are resumed. Throws `Error` (input), which names the
/// file that cannot be used and why.
boost::asio::ssl::context make_server_context(const ServerFiles& files);

}  // namespace salus::node::tls

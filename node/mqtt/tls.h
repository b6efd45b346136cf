// TLS for the listener. Internal: includes Boost.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <string>

#include "node/mqtt/options.h"

namespace salus::node::mqtt {

/// As `tls::make_server_context`, for `options.tls`, which is there; sessions of clients that show
/// certificates are not resumed. Throws `Error` (usage) where certificates are required and no
/// authority is named.
boost::asio::ssl::context make_tls_context(const ListenerOptions& options);

/// Common name of the certificate that the other side has shown and that was verified; empty where
/// there is none, or one that is no plain text of at most 255 bytes.
std::string verified_common_name(const SSL* session);

}  // namespace salus::node::mqtt

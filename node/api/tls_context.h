// The server's side of TLS.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <string>

#include "node/api/http_server.h"

namespace salus::node::api {

/// Throws `Error` (input) that names the file which cannot be used.
boost::asio::ssl::context make_tls_context(const TlsOptions& options);

/// The common name of the client's certificate, which was verified by the handshake; empty where it
/// sent none, or one whose subject has not exactly one such name.
std::string client_name(SSL* connection);

}  // namespace salus::node::api

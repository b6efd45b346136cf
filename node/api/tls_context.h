// The server's side of TLS.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <string>

#include "node/tls/server_files.h"

namespace salus::node::api {

/// As `tls::make_server_context`, with sessions that can be resumed.
boost::asio::ssl::context make_tls_context(const tls::ServerFiles& files);

/// The common name of the client's certificate, which was verified by the handshake; empty where it
/// sent none, or one whose subject has not exactly one such name.
std::string client_name(const SSL* connection);

}  // namespace salus::node::api

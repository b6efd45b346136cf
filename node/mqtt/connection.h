// A client's connection: a session (session.h) on a socket. Internal: includes Boost.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "node/mqtt/worker.h"

namespace salus::node::mqtt {

/// A connection over a socket that was accepted for the worker; with TLS where `tls` is there,
/// which may go then: OpenSSL's connection holds what it needs of it. `is_over_limit`: CONNECT is
/// answered with "server unavailable".
std::shared_ptr<Served> make_connection(const std::shared_ptr<Worker>& worker,
                                        boost::asio::ip::tcp::socket socket,
                                        boost::asio::ssl::context* tls, bool is_over_limit);

}  // namespace salus::node::mqtt

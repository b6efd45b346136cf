// TLS for the listener. Internal: includes Boost.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <string>

#include "node/mqtt/options.h"

namespace salus::node::mqtt {

/// TLS 1.2 and later. Throws `Error` of kind `input`, with the file, for what cannot be used.
boost::asio::ssl::context make_tls_context(const TlsOptions& options);

/// Common name of the certificate that the other side has shown and that was verified; empty where
/// there is none, or one that is no plain text of at most 255 bytes.
std::string verified_common_name(SSL* session);

}  // namespace salus::node::mqtt

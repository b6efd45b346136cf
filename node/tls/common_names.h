// Who the other side of a TLS connection is.
#pragma once

#include <openssl/ssl.h>

#include <string>
#include <vector>

namespace salus::node::tls {

/// The common names of the certificate that the other side has shown and that was verified, in the
/// order of its subject, as UTF-8 with whatever characters they have. Empty where it has shown
/// none.
std::vector<std::string> verified_common_names(const SSL* connection);

}  // namespace salus::node::tls

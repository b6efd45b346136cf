// Whom a client trusts, and what it shows of itself, where TLS is spoken.
#pragma once

#include <string>

namespace salus::cli::client {

/// Files in PEM.
struct TlsOptions {
  std::string authorities;  ///< Who may sign the server's certificate; empty: the system's.
  std::string certificate;  ///< The client's, with its chain; empty: none is shown.
  std::string key;          ///< Its private key.
};

}  // namespace salus::cli::client

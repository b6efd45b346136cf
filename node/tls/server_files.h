// What a server of TLS is made of.
#pragma once

#include <filesystem>

namespace salus::node::tls {

/// Files in PEM.
struct ServerFiles {
  std::filesystem::path certificate_chain;
  std::filesystem::path private_key;  ///< Not encrypted: nobody is there to be asked.
  /// Who signs clients' certificates; empty: none are asked for.
  std::filesystem::path client_authorities = {};
};

}  // namespace salus::node::tls

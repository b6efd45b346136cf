// Where a server is: "http://127.0.0.1:8340", "mqtts://node.hospital.example".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace salus::cli::client {

struct Endpoint {
  std::string scheme;  ///< "http", "https", "mqtt" or "mqtts"
  std::string host;    ///< Name or IP address; of IPv6 without brackets.
  std::uint16_t port = 0;

  [[nodiscard]] bool has_tls() const { return scheme == "https" || scheme == "mqtts"; }
  /// Host and port as they stand in an address: "[::1]:8340".
  [[nodiscard]] std::string authority() const;
  /// As it was given: "http://[::1]:8340".
  [[nodiscard]] std::string text() const { return scheme + "://" + authority(); }
};

/// Whether it begins with one of the schemes.
bool is_endpoint(std::string_view text);

/// Reads SCHEME://HOST[:PORT][/]. Without a port the scheme's own (80, 443, 1883, 8883). Throws
/// `Error` (usage) for other schemes, for what is no host or port, and for a path.
Endpoint parse_endpoint(std::string_view text);

}  // namespace salus::cli::client

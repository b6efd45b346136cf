// What settings of several listeners have in common.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bytes.h"
#include "node/config.h"
#include "node/tls/server_files.h"

namespace salus::node {

/// The files of a table's TLS settings, relative to `folder`; nothing where they name none. Throws
/// `Error` (input) where only some of those are named that are needed.
std::optional<tls::ServerFiles> tls_files(const std::filesystem::path& folder,
                                          const TlsConfig& config, std::string_view table);

struct UserEntry {
  std::string name;
  Digest password_sha256{};
};

/// Users as they stand in a setting, "name:SHA-256 of the password in hex" each. Throws `Error`
/// (input) that names `setting` and the entry, and never repeats it.
std::vector<UserEntry> read_users(const std::vector<std::string>& entries,
                                  std::string_view setting);

/// "mqtt://127.0.0.1:1883", "https://[::1]:8340".
std::string url_of(std::string_view scheme, const std::string& address, std::uint16_t port);

}  // namespace salus::node

#include "node/listener_settings.h"

#include <fmt/format.h>

#include "engine/error.h"

namespace salus::node {

std::optional<tls::ServerFiles> tls_files(const std::filesystem::path& folder,
                                          const TlsConfig& config, std::string_view table) {
  const bool has_all = !config.certificate.empty() && !config.key.empty();
  if (!has_all) {
    if (config.certificate.empty() && config.key.empty() && config.client_authority.empty())
      return std::nullopt;
    throw Error(ErrorKind::input,
                fmt::format("configuration: TLS needs {0}.tls_certificate and {0}.tls_key", table));
  }
  tls::ServerFiles files{folder / config.certificate, folder / config.key};
  if (!config.client_authority.empty()) files.client_authorities = folder / config.client_authority;
  return files;
}

std::vector<UserEntry> read_users(const std::vector<std::string>& entries,
                                  std::string_view setting) {
  std::vector<UserEntry> users;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string& entry = entries[i];
    const std::size_t colon = entry.rfind(':');
    const auto digest =
        colon == std::string::npos ? std::nullopt : digest_from_hex(entry.substr(colon + 1));
    if (!digest || colon == 0)
      throw Error(
          ErrorKind::input,
          fmt::format("configuration, {}: entry {} is not a name, a colon and 64 hex digits",
                      setting, i + 1));
    users.push_back({entry.substr(0, colon), *digest});
  }
  return users;
}

std::string url_of(std::string_view scheme, const std::string& address, std::uint16_t port) {
  const bool is_v6 = address.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", scheme, is_v6 ? "[" : "", address, is_v6 ? "]" : "", port);
}

}  // namespace salus::node

#include "node/nats/connection.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <string_view>

#include "engine/error.h"
#include "engine/log.h"
#include "node/statement/secret.h"

namespace salus::node::nats {
namespace {

constexpr std::int64_t kPingInterval = 20'000;  // ms; the second that is not answered ends it
constexpr int kMostPings = 2;
constexpr std::int64_t kWriteDeadline = 5'000;  // ms
constexpr std::size_t kMaxPassword = 4096;

/// Complaints of the server, such as of missing permissions, at most one in this time: there may be
/// one for each message.
constexpr std::chrono::seconds kQuiet{10};

[[noreturn]] void fail(const std::string& problem) {
  throw Error(ErrorKind::input, "configuration, nats: " + problem);
}

void demand(natsStatus status, const std::string& what) {
  if (status != NATS_OK) fail(fmt::format("{}: {}", what, error_text(status)));
}

/// The host of "nats://host:4222" and "tls://[::1]:4222".
std::string host_of(const std::string& server) {
  const std::size_t scheme = server.find("://");
  if (scheme == std::string::npos || server.find('@') != std::string::npos)
    fail("a server is not of the form nats://HOST:PORT, or has a password in it");
  const std::string rest = server.substr(scheme + 3);
  const std::string host =
      rest.starts_with('[') ? rest.substr(1, rest.find(']') - 1) : rest.substr(0, rest.find(':'));
  if (host.empty()) fail("a server is not of the form nats://HOST:PORT");
  return host;
}

/// Called by cnats' own threads; without it cnats writes to stderr.
void on_error(natsConnection* connection, natsSubscription*, natsStatus status, void*) {
  using Clock = std::chrono::steady_clock;
  static std::atomic<Clock::rep> last{0};
  const Clock::rep now = Clock::now().time_since_epoch().count();
  Clock::rep before = last.load();
  if (before != 0 && now - before < Clock::duration(kQuiet).count()) return;
  if (!last.compare_exchange_strong(before, now)) return;
  const char* detail = nullptr;
  natsConnection_GetLastError(connection, &detail);
  logging::warn("nats: {}: {}", natsStatus_GetText(status), detail == nullptr ? "" : detail);
}

void set_tls(natsOptions* options, const TlsOptions& tls, const std::string& host) {
  demand(natsOptions_SetSecure(options, true), "TLS");
  demand(natsOptions_LoadCATrustedCertificates(options, tls.authorities.c_str()),
         tls.authorities.string());
  // cnats compares no name on its own.
  demand(natsOptions_SetExpectedHostname(
             options, tls.server_name.empty() ? host.c_str() : tls.server_name.c_str()),
         "the server's name");
  if (tls.certificate.empty() != tls.private_key.empty())
    fail("tls_certificate and tls_key need each other");
  if (!tls.certificate.empty())
    demand(natsOptions_LoadCertificatesChain(options, tls.certificate.c_str(),
                                             tls.private_key.c_str()),
           tls.certificate.string());
}

void set_user(natsOptions* options, const ConsumerOptions& given) {
  if (!given.credentials.empty()) {
    // Read only when the server asks for it: what is not there is to be noticed now.
    read_secret_file(given.credentials.string(), kMaxPassword * 4);
    demand(natsOptions_SetUserCredentialsFromFiles(options, given.credentials.c_str(), nullptr),
           given.credentials.string());
  }
  if (given.user.empty() != given.password_file.empty())
    fail("user and password_file need each other");
  if (given.user.empty()) return;
  const Secret file = read_secret_file(given.password_file.string(), kMaxPassword);
  const std::string_view text = file.text();
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  std::vector<char> terminated(line.begin(), line.end());
  terminated.push_back('\0');
  const Secret password(std::move(terminated));
  demand(natsOptions_SetUserInfo(options, given.user.c_str(), password.text().data()), "user");
}

}  // namespace

OptionsHandle connection_options(const ConsumerOptions& given, const std::string& server) {
  const std::string host = host_of(server);
  auto options = take<OptionsHandle>("cnats", natsOptions_Create);
  natsOptions* const to = options.get();
  demand(natsOptions_SetURL(to, server.c_str()), "a server is not of the form nats://HOST:PORT");
  if (given.tls) set_tls(to, *given.tls, host);
  set_user(to, given);
  const std::string name = "salus node " + given.durable;
  demand(natsOptions_SetName(to, name.c_str()), "durable");
  demand(natsOptions_SetCustomInboxPrefix(to, given.inbox_prefix.c_str()), "inbox_prefix");
  demand(natsOptions_SetTimeout(to, given.connect_timeout.count()), "connect timeout");
  demand(natsOptions_SetAllowReconnect(to, false), "cnats");
  demand(natsOptions_SetIgnoreDiscoveredServers(to, true), "cnats");
  demand(natsOptions_SetPingInterval(to, kPingInterval), "cnats");
  demand(natsOptions_SetMaxPingsOut(to, kMostPings), "cnats");
  demand(natsOptions_SetWriteDeadline(to, kWriteDeadline), "cnats");
  demand(natsOptions_SetErrorHandler(to, on_error, nullptr), "cnats");
  return options;
}

ConnectionHandle connect(natsOptions* options) {
  return take<ConnectionHandle>("no connection", [options](natsConnection** to) {
    return natsConnection_Connect(to, options);
  });
}

}  // namespace salus::node::nats

#include "node/http_listener.h"

#include <fmt/format.h>

#include <utility>

#include "engine/error.h"
#include "node/api/http_server.h"
#include "node/api/late_node.h"
#include "node/api/token_file.h"
#include "node/listener_settings.h"

namespace salus::node {
namespace {

using std::filesystem::path;

/// "reader ward 3": the role, then the common name.
api::CertificateGrant certificate_grant(const std::string& entry, std::size_t number) {
  const std::size_t blank = entry.find(' ');
  const auto role = api::api_role_from_name(entry.substr(0, blank));
  if (!role || blank == std::string::npos || blank + 1 == entry.size())
    throw Error(ErrorKind::input,
                fmt::format("configuration, http.certificates: entry {} is not a role (reader, "
                            "auditor or operator), a blank and a common name",
                            number));
  return {entry.substr(blank + 1), *role};
}

api::AccessOptions access_of(const path& folder, const HttpConfig& config) {
  api::AccessOptions access;
  if (!config.tokens.empty()) access.tokens = api::read_token_file(folder / config.tokens);
  for (std::size_t i = 0; i < config.certificates.size(); ++i)
    access.certificates.push_back(certificate_grant(config.certificates[i], i + 1));
  if (!access.certificates.empty() && config.tls.client_authority.empty())
    throw Error(ErrorKind::input,
                "configuration: http.certificates needs http.tls_client_authority");
  return access;
}

api::HttpOptions options_of(const path& folder, const HttpConfig& config) {
  api::HttpOptions options = config.server;
  options.tls = tls_files(folder, config.tls, "http");
  options.access = access_of(folder, config);
  return options;
}

}  // namespace

class HttpListener::Impl {
 public:
  Impl(const path& folder, const HttpConfig& config, const api::Getwork* getwork)
      : tokens(config.tokens.empty() ? path() : folder / config.tokens),
        certificate(config.tls.certificate.empty() ? path() : folder / config.tls.certificate),
        address(config.server.address),
        scheme(config.tls.certificate.empty() ? "http" : "https"),
        server(options_of(folder, config), sink, reader, getwork) {}

  std::string reload_tokens() {
    std::vector<api::TokenGrant> grants = api::read_token_file(tokens);
    std::string text =
        fmt::format("bearer tokens of {}: {}", tokens.string(), api::count_by_role(grants));
    server.set_tokens(std::move(grants));
    return text;
  }

  std::string reload_tls() {
    server.reload_tls();
    return fmt::format("TLS certificate of HTTP {}", certificate.string());
  }

  const path tokens;       ///< Empty: there are none.
  const path certificate;  ///< Empty: no TLS.
  std::string address;
  const char* scheme;
  api::LateSink sink;
  api::LateReader reader;
  api::HttpServer server;
};

HttpListener::HttpListener(const path& folder, const HttpConfig& config,
                           const api::Getwork* getwork)
    : impl_(std::make_unique<Impl>(folder, config, getwork)) {}

HttpListener::~HttpListener() = default;

void HttpListener::open(StatementSink& sink, const api::NodeReader& reader) {
  impl_->sink.open(sink);
  impl_->reader.open(reader);
}

void HttpListener::stop() { impl_->server.stop(); }

std::vector<Reloaded> HttpListener::reload() {
  std::vector<Reloaded> all;
  if (!impl_->tokens.empty())
    all.push_back(node::reload([this] { return impl_->reload_tokens(); }));
  if (!impl_->certificate.empty())
    all.push_back(node::reload([this] { return impl_->reload_tls(); }));
  return all;
}

std::string HttpListener::address() const {
  return url_of(impl_->scheme, impl_->address, impl_->server.port());
}

}  // namespace salus::node

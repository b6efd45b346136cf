#include "cli/client/transport.h"

#include <fmt/format.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/error.hpp>
#include <utility>

#include "engine/error.h"

namespace salus::cli::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using ErrorCode = boost::system::error_code;

void require_file(const ErrorCode& error, const char* what, const std::string& file) {
  if (error)
    throw Error(ErrorKind::input, fmt::format("cannot use {} {}: {}", what, file, error.message()));
}

asio::ssl::context client_context(const TlsOptions& options) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_verify_mode(asio::ssl::verify_peer);
  ErrorCode error;
  if (options.authorities.empty()) {
    context.set_default_verify_paths(error);
    require_file(error, "the system's authorities", "");
  } else {
    context.load_verify_file(options.authorities, error);
    require_file(error, "authority", options.authorities);
  }
  if (options.certificate.empty()) return context;
  context.use_certificate_chain_file(options.certificate, error);
  require_file(error, "certificate", options.certificate);
  context.use_private_key_file(options.key, asio::ssl::context::pem, error);
  require_file(error, "private key", options.key);
  return context;
}

std::string reason_of(const ErrorCode& error) {
  if (error == beast::error::timeout) return "no answer in time";
  if (error == asio::error::eof || error == asio::ssl::error::stream_truncated)
    return "the other side closed the connection";
  return error.message();
}

}  // namespace

Transport::Transport(Endpoint endpoint, const TlsOptions& tls) : endpoint_(std::move(endpoint)) {
  if (endpoint_.has_tls()) tls_.emplace(client_context(tls));
}

void Transport::fail(const ErrorCode& error, const char* doing) {
  close();
  throw Error(ErrorKind::system,
              fmt::format("{}: cannot {}: {}", endpoint_.text(), doing, reason_of(error)));
}

void Transport::wait() {
  context_.restart();
  context_.run();
}

void Transport::open(std::chrono::milliseconds timeout) {
  close();
  ErrorCode error;
  asio::ip::tcp::resolver resolver(context_);
  const auto addresses = resolver.resolve(endpoint_.host, std::to_string(endpoint_.port), error);
  if (error) fail(error, "find the host");
  channel_ = std::make_unique<node::tls::Channel>(asio::ip::tcp::socket(context_),
                                                  tls_ ? &*tls_ : nullptr);
  lowest().expires_after(timeout);
  lowest().async_connect(addresses, [&](const ErrorCode& result, const auto&) { error = result; });
  wait();
  if (error) fail(error, "connect");
  lowest().socket().set_option(asio::ip::tcp::no_delay(true), error);
  if (tls_) shake_hands();
  lowest().expires_never();
}

void Transport::shake_hands() {
  node::tls::Channel::Tls& stream = channel_->tls();
  ErrorCode error;
  asio::ip::make_address(endpoint_.host, error);
  // RFC 6066, 3: names alone.
  if (error) SSL_set_tlsext_host_name(stream.native_handle(), endpoint_.host.c_str());
  stream.set_verify_callback(asio::ssl::host_name_verification(endpoint_.host));
  channel_->shake_hands(asio::ssl::stream_base::client,
                        [&](const ErrorCode& result) { error = result; });
  wait();
  if (error) fail(error, "agree on TLS");
}

}  // namespace salus::cli::client

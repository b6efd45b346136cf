// A TCP connection, with TLS where the endpoint says so: what the clients' protocols go over.
//
// Internal to this folder: it includes Boost, which takes its time to compile.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <variant>

#include "cli/client/endpoint.h"
#include "cli/client/tls_options.h"

namespace salus::cli::client {

using PlainStream = boost::beast::tcp_stream;
using TlsStream = boost::beast::ssl_stream<boost::beast::tcp_stream>;

/// One thread at a time.
class Transport {
 public:
  /// Throws `Error` (input) for files that cannot be used.
  Transport(Endpoint endpoint, const TlsOptions& tls);

  /// Resolves the name, connects and shakes hands, all within `timeout` but for the resolver's own
  /// time. A certificate must be in force, of a trusted authority, and have the host's name.
  /// Throws `Error` (system) that names the endpoint.
  void open(std::chrono::milliseconds timeout);
  [[nodiscard]] bool is_open() const { return stream_.has_value(); }
  void close() { stream_.reset(); }

  [[nodiscard]] boost::asio::io_context& context() { return context_; }
  [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }
  /// Of the open connection: timeouts, and the socket itself.
  [[nodiscard]] PlainStream& lowest();

  /// Calls `use` with the open stream, whichever it is.
  template <typename Use>
  decltype(auto) with_stream(const Use& use) {
    return std::visit([&](auto& stream) -> decltype(auto) { return use(*stream); }, *stream_);
  }

  /// Runs what was started until it is through.
  void wait();
  /// Closes the connection and throws `Error` (system): what could not be done, and why.
  [[noreturn]] void fail(const boost::system::error_code& error, const char* doing);

 private:
  void shake_hands(TlsStream& stream);

  Endpoint endpoint_;
  boost::asio::io_context context_{1};
  std::optional<boost::asio::ssl::context> tls_;
  std::optional<std::variant<std::unique_ptr<PlainStream>, std::unique_ptr<TlsStream>>> stream_;
};

}  // namespace salus::cli::client

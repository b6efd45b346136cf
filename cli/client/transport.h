// A TCP connection, with TLS where the endpoint says so: what the clients' protocols go over.
//
// Internal to this folder: it includes Boost, which takes its time to compile.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "cli/client/endpoint.h"
#include "cli/client/tls_options.h"
#include "node/tls/channel.h"

namespace salus::cli::client {

/// One thread at a time.
class Transport {
 public:
  /// Throws `Error` (input) for files that cannot be used.
  Transport(Endpoint endpoint, const TlsOptions& tls);

  /// Resolves the name, connects and shakes hands, all within `timeout` but for the resolver's own
  /// time. A certificate must be in force, of a trusted authority, and have the host's name.
  /// Throws `Error` (system) that names the endpoint.
  void open(std::chrono::milliseconds timeout);
  [[nodiscard]] bool is_open() const { return channel_ != nullptr; }
  void close() { channel_.reset(); }

  [[nodiscard]] boost::asio::io_context& context() { return context_; }
  [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }
  /// The open connection, to read from and to write to.
  [[nodiscard]] node::tls::Channel& channel() { return *channel_; }
  /// Of the open connection: timeouts, and the socket itself.
  [[nodiscard]] boost::beast::tcp_stream& lowest() { return channel_->tcp(); }

  /// Runs what was started until it is through.
  void wait();
  /// Closes the connection and throws `Error` (system): what could not be done, and why.
  [[noreturn]] void fail(const boost::system::error_code& error, const char* doing);

 private:
  void shake_hands();

  Endpoint endpoint_;
  boost::asio::io_context context_{1};
  std::optional<boost::asio::ssl::context> tls_;
  std::unique_ptr<node::tls::Channel> channel_;
};

}  // namespace salus::cli::client

// The HTTP server of the node: statements in, reads out, figures for Prometheus.
//
//   HttpServer server(options, sink, reader);      // listens from now on
//   log(server.port());
//   server.stop();                                 // or the destructor
//
// docs/api.md is its manual, docs/openapi.json its contract with clients.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/api/access.h"
#include "node/api/node_reader.h"
#include "node/ingest/statement_sink.h"
#include "node/tls/server_files.h"

namespace salus::node::api {

class Getwork;

struct HttpOptions {
  std::string address = "127.0.0.1";  ///< IPv4 or IPv6. Others than loopback should use TLS.
  std::uint16_t port = 8340;          ///< 0: any that is free.
  /// Clients without a certificate are served, but bodies only to those with a token.
  std::optional<tls::ServerFiles> tls;
  AccessOptions access;

  unsigned threads = 2;         ///< For the network.
  unsigned reader_threads = 2;  ///< For reads, which may wait for the disk.

  // Limits. All bodies, of requests until they are answered and of answers until they are sent, are
  // bounded together by `max_body_memory`; besides, a connection holds 32 KiB at most.
  std::size_t max_connections = 4096;
  std::size_t max_waiting_reads = 256;
  std::size_t max_header_bytes = std::size_t{8} << 10;
  std::size_t max_body_bytes = std::size_t{16} << 20;
  std::size_t max_body_memory = std::size_t{256} << 20;
  std::size_t max_statements = 10'000;  ///< In one request.

  // Slow clients. Each is for the whole of what it names, not from byte to byte.
  std::chrono::milliseconds handshake_timeout{10'000};
  std::chrono::milliseconds header_timeout{10'000};  ///< From a header's first byte.
  std::chrono::milliseconds body_timeout{60'000};
  std::chrono::milliseconds write_timeout{60'000};
  std::chrono::milliseconds idle_timeout{75'000};  ///< Between requests.
  /// How long `stop` waits for requests that are being answered.
  std::chrono::milliseconds stop_timeout{5'000};
};

/// Thread safe. What it is given outlives it; what the sink still holds of its submissions
/// may be answered or dropped later than that.
class HttpServer {
 public:
  /// With `getwork` miners are given work, too. Throws `Error`: (usage) for an address that is
  /// none, (input) for certificates and keys that cannot be used, (system) when the port cannot be
  /// had.
  HttpServer(const HttpOptions& options, StatementSink& sink, const NodeReader& reader,
             const Getwork* getwork = nullptr);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// The port that it listens on.
  [[nodiscard]] std::uint16_t port() const;

  /// From now on these tokens give roles, and no others; also on connections that are there.
  void set_tokens(std::vector<TokenGrant> tokens);
  /// Reads the files of `HttpOptions::tls` again, for connections to come; does nothing without.
  /// Throws as the constructor; then what was read before stays in use.
  void reload_tls();

  /// Takes no more requests, answers those that it has, and closes everything. Once is enough.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace salus::node::api

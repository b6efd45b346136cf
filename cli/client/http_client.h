// A client for the node's HTTP interface (docs/api.md).
//
//   HttpClient client({.endpoint = parse_endpoint("http://127.0.0.1:8340")});
//   const HttpAnswer answer = client.get("/v1/status");
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "cli/client/endpoint.h"
#include "cli/client/tls_options.h"
#include "engine/bytes.h"

namespace salus::cli::client {

struct HttpClientOptions {
  Endpoint endpoint;
  TlsOptions tls = {};
  std::string bearer_token = {};  ///< Empty: none is sent.
  std::chrono::milliseconds connect_timeout{10'000};
  /// From the first byte of a request to the last one of its answer.
  std::chrono::milliseconds timeout{60'000};
  std::size_t max_answer_bytes = std::size_t{64} << 20;
  std::stop_token stop = {};  ///< Ends what is going on.
};

struct HttpAnswer {
  unsigned status = 0;
  std::string content_type;  ///< Empty where it is not said.
  /// Of `Retry-After`, where that is a number of seconds.
  std::optional<std::chrono::seconds> retry_after;
  std::string body;

  [[nodiscard]] bool is_success() const { return status >= 200 && status < 300; }
};

/// Keeps its connection from one request to the next, and makes a new one when the server has
/// closed it. Follows no redirects, takes no proxy from the environment. One thread at a time.
///
/// Requests throw `Error` (system) that names the endpoint where no answer was had (no connection,
/// too late, too long, not HTTP), and `Cancelled` when `stop` asked for it. An answer of any status
/// is a value.
class HttpClient {
 public:
  /// Does not connect yet. Throws `Error` (input) for TLS files that cannot be used, (usage) for a
  /// scheme that is not HTTP and for a token with characters that no header may have.
  explicit HttpClient(HttpClientOptions options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// `target` is path and query, encoded. Asked once more on a new connection when the one that
  /// was kept turns out to be closed.
  HttpAnswer get(const std::string& target, const std::string& accept = "application/json");

  /// Sent once: whether it may be sent again after an `Error` is for the caller to know.
  HttpAnswer post(const std::string& target, Bytes body, const std::string& content_type,
                  const std::string& accept = "application/json");

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace salus::cli::client

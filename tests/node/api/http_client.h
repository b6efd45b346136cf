// Clients for tests: Boost.Beast's, and a bare socket for what no client would do.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bytes.h"

namespace salus::test {

struct HttpAnswer {
  unsigned status = 0;
  std::map<std::string, std::string> fields;  ///< Names in lower case.
  std::string body;

  /// Empty where there is none.
  [[nodiscard]] std::string field(const std::string& name) const;
};

struct HttpRequest {
  std::string method = "GET";
  std::string target;
  std::map<std::string, std::string> fields;
  std::string body;
};

/// A connection that is kept; made anew when the server has closed it. To 127.0.0.1, without TLS.
class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  HttpAnswer send(const HttpRequest& request);
  HttpAnswer get(const std::string& target) { return send({"GET", target, {}, {}}); }
  HttpAnswer post(Bytes body, const std::string& accept = {});

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// A TCP connection to 127.0.0.1. Reads give up after 20 seconds.
class BareSocket {
 public:
  explicit BareSocket(std::uint16_t port);
  ~BareSocket();
  BareSocket(BareSocket&& other) noexcept;
  BareSocket(const BareSocket&) = delete;
  BareSocket& operator=(const BareSocket&) = delete;

  /// False when the other side has closed.
  bool write(std::string_view text) const;
  /// Up to and with `end`, or all there is before the other side closes.
  [[nodiscard]] std::string read_until(std::string_view end) const;
  /// Until the other side closes.
  [[nodiscard]] std::string read_all() const { return read_until({}); }

 private:
  int descriptor_;
};

}  // namespace salus::test

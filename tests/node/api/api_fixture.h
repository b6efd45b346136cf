// A server over fakes, with a token for a reader.
#pragma once

#include <map>
#include <string>

#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "node/api/http_server.h"
#include "tests/node/api/fakes.h"
#include "tests/node/api/http_client.h"

namespace salus::test {

inline constexpr std::string_view kReaderToken = "a-token-for-a-reader";

/// On any free port of 127.0.0.1.
inline node::api::HttpOptions test_options() {
  node::api::HttpOptions options;
  options.port = 0;
  options.access.tokens = {{openssl_sha256(as_bytes(kReaderToken)), node::api::ApiRole::reader}};
  return options;
}

class Api {
 public:
  explicit Api(const node::api::HttpOptions& options = test_options())
      : server(options, sink, reader), client(server.port()) {}

  /// With the reader's token.
  HttpAnswer get(const std::string& target, const std::string& accept = "*/*") {
    return client.send(
        {"GET",
         target,
         {{"Accept", accept}, {"Authorization", "Bearer " + std::string(kReaderToken)}},
         {}});
  }
  HttpAnswer post(const std::string& body, std::map<std::string, std::string> fields = {}) {
    return client.send({"POST", "/v1/statements", std::move(fields), body});
  }
  [[nodiscard]] std::uint16_t port() const { return server.port(); }

  FakeSink sink;
  FakeNode reader;
  node::api::HttpServer server;
  HttpClient client;
};

/// 18([n]): a message for the splitter, whatever the sink makes of it.
inline std::string small_message(char n = 0) { return {'\xd2', '\x81', n}; }

}  // namespace salus::test

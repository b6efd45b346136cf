// The HTTP client before the node's own server, and before what is none.
#include "cli/client/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "tests/node/api/api_fixture.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using cli::client::HttpClientOptions;
using cli::client::parse_endpoint;
using testing::HasSubstr;
using Client = cli::client::HttpClient;  // the fixture has one of its own
using Answer = cli::client::HttpAnswer;

HttpClientOptions to(std::uint16_t port, const std::string& scheme = "http") {
  return {.endpoint = parse_endpoint(scheme + "://localhost:" + std::to_string(port))};
}

std::string message_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::system);
    return error.what();
  }
  return "nothing was thrown";
}

TEST(HttpClient, GetsAndPostsOnOneConnection) {
  Api api;
  Client client(to(api.port()));
  const Answer status = client.get("/v1/status");
  EXPECT_EQ(status.status, 200U);
  EXPECT_EQ(status.content_type, "application/json");
  EXPECT_THAT(status.body, HasSubstr("\"height\":2"));
  const std::string body = small_message(1) + small_message(2);
  const Answer posted = client.post("/v1/statements", as_bytes(body), "application/cbor-seq");
  EXPECT_EQ(posted.status, 202U);
  EXPECT_TRUE(posted.is_success());
  EXPECT_EQ(api.sink.messages().size(), 2U);
  EXPECT_EQ(client.get("/nowhere").status, 404U);
}

TEST(HttpClient, ShowsItsToken) {
  Api api;
  const std::string path = "/v1/statements/" + to_hex(api.reader.statement_id);
  EXPECT_EQ(Client(to(api.port())).get(path).status, 401U);
  HttpClientOptions options = to(api.port());
  options.bearer_token = kReaderToken;
  EXPECT_EQ(Client(options).get(path, "application/cbor").status, 200U);
  options.bearer_token = "two\r\nlines";
  EXPECT_THROW(Client{options}, Error);
}

TEST(HttpClient, HandsOnWhenToTryAgain) {
  Api api;
  api.sink.full = true;
  Client client(to(api.port()));
  const Answer answer =
      client.post("/v1/statements", as_bytes(small_message()), "application/cose");
  EXPECT_EQ(answer.status, 429U);
  ASSERT_TRUE(answer.retry_after.has_value());
  EXPECT_GE(answer.retry_after->count(), 1);
}

TEST(HttpClient, AsksAgainWhereTheServerHasClosedAKeptConnection) {
  auto options = test_options();
  options.idle_timeout = std::chrono::milliseconds(20);
  Api api(options);
  Client client(to(api.port()));
  EXPECT_EQ(client.get("/healthz").status, 200U);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_EQ(client.get("/healthz").status, 200U);
}

TEST(HttpClient, NamesAServerThatIsNotThere) {
  std::uint16_t port = 0;
  {
    const Api api;
    port = api.port();
  }
  Client client(to(port));
  EXPECT_THAT(message_of([&] { client.get("/v1/status"); }),
              HasSubstr("http://localhost:" + std::to_string(port) + ": cannot connect"));
}

TEST(HttpClient, GivesUpWhereNoAnswerComes) {
  Api api;
  api.sink.hold(true);
  HttpClientOptions options = to(api.port());
  options.timeout = std::chrono::milliseconds(100);
  Client client(options);
  EXPECT_THAT(message_of([&] {
                client.post("/v1/statements", as_bytes(small_message()), "application/cose");
              }),
              HasSubstr("no answer in time"));
  api.sink.hold(false);
  EXPECT_EQ(client.get("/healthz").status, 200U);
}

TEST(HttpClient, ReadsNoMoreThanItMay) {
  Api api;
  HttpClientOptions options = to(api.port());
  options.max_answer_bytes = 10;
  Client client(options);
  EXPECT_THAT(message_of([&] { client.get("/v1/status"); }), HasSubstr("cannot have an answer"));
}

TEST(HttpClient, StopsWhileItWaits) {
  Api api;
  api.sink.hold(true);
  std::stop_source stop;
  HttpClientOptions options = to(api.port());
  options.stop = stop.get_token();
  Client client(options);
  const std::jthread stopper([&] {
    while (api.sink.held() == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    stop.request_stop();
  });
  EXPECT_THROW(client.post("/v1/statements", as_bytes(small_message()), "application/cose"),
               Cancelled);
  EXPECT_THROW(client.get("/healthz"), Cancelled);
  api.sink.hold(false);
}

/// Certificates as `openssl` makes them.
class HttpClientTls : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v openssl >/dev/null 2>&1") != 0) GTEST_SKIP() << "no openssl";
    for (const char* name : {"server", "other"})
      ASSERT_EQ(std::system(("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
                             "-days 2 -subj /CN=server -addext subjectAltName=DNS:localhost "
                             "-keyout " +
                             file(name, ".key") + " -out " + file(name, ".pem") + " 2>/dev/null")
                                .c_str()),
                0);
    auto options = test_options();
    options.tls = {file("server", ".pem"), file("server", ".key"), {}};
    api_.emplace(options);
  }
  [[nodiscard]] std::string file(const std::string& name, const std::string& ending) const {
    return folder_.path(name + ending);
  }

  TemporaryFolder folder_;
  std::optional<Api> api_;
};

TEST_F(HttpClientTls, TrustsWhomItIsToldToTrust) {
  HttpClientOptions options = to(api_->port(), "https");
  options.tls.authorities = file("server", ".pem");
  Client client(options);
  EXPECT_EQ(client.get("/healthz").status, 200U);
  EXPECT_EQ(client.get("/healthz").status, 200U);
}

TEST_F(HttpClientTls, TrustsNobodyElse) {
  HttpClientOptions options = to(api_->port(), "https");
  EXPECT_THAT(message_of([&] { Client(options).get("/healthz"); }), HasSubstr("agree on TLS"));
  options.tls.authorities = file("other", ".pem");
  EXPECT_THAT(message_of([&] { Client(options).get("/healthz"); }), HasSubstr("agree on TLS"));
  options.tls.authorities = folder_.path("missing.pem");
  EXPECT_THROW(Client{options}, Error);
}

TEST_F(HttpClientTls, LooksForTheHostsNameInTheCertificate) {
  HttpClientOptions options = to(api_->port(), "https");
  options.tls.authorities = file("server", ".pem");
  options.endpoint.host = "127.0.0.1";
  EXPECT_THAT(message_of([&] { Client(options).get("/healthz"); }), HasSubstr("agree on TLS"));
}

}  // namespace
}  // namespace salus::test

// Clients that are too large, too many or too slow.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/node/api/api_fixture.h"

namespace salus::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

node::api::HttpOptions tight() {
  auto options = test_options();
  options.max_body_bytes = 10'000;
  options.max_statements = 100;
  return options;
}

node::api::HttpOptions impatient() {
  auto options = test_options();
  options.header_timeout = 200ms;
  options.body_timeout = 200ms;
  options.idle_timeout = 200ms;
  return options;
}

const std::string kPost = "POST /v1/statements HTTP/1.1\r\nHost: x\r\n";

TEST(HttpLimits, RefuseABodyBeforeItIsRead) {
  Api api(tight());
  const BareSocket socket(api.port());
  ASSERT_TRUE(socket.write(kPost + "Content-Length: 1000000000000\r\n\r\n"));
  EXPECT_THAT(socket.read_all(), StartsWith("HTTP/1.1 413"));
}

TEST(HttpLimits, ClientsThatSendAnOversizeBodyAnywayReadTheAnswer) {
  Api api(tight());
  const HttpAnswer answer = api.post(std::string(3'000'000, '\x80'));
  EXPECT_EQ(answer.status, 413U);
  EXPECT_THAT(answer.body, HasSubstr("body_too_large"));
}

TEST(HttpLimits, RefuseAChunkedBodyThatGrowsTooLong) {
  Api api(tight());
  const BareSocket socket(api.port());
  ASSERT_TRUE(socket.write(kPost + "Transfer-Encoding: chunked\r\n\r\n"));
  const std::string chunk = "1000\r\n" + std::string(4096, 'x') + "\r\n";
  for (int i = 0; i < 3; ++i) socket.write(chunk);
  EXPECT_THAT(socket.read_all(), StartsWith("HTTP/1.1 413"));
}

TEST(HttpLimits, RefuseTooManyStatements) {
  Api api(tight());
  std::string body;
  for (int i = 0; i < 100; ++i) body += small_message();
  EXPECT_EQ(api.post(body).status, 202U);
  const HttpAnswer answer = api.post(body + small_message());
  EXPECT_EQ(answer.status, 413U);
  EXPECT_THAT(answer.body, HasSubstr("too_many_statements"));
}

TEST(HttpLimits, RefuseFloodsOfHeaders) {
  Api api(tight());
  std::string many = "GET /healthz HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 5000; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  for (const std::string& flood :
       {many + "\r\n", "GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + std::string(100'000, 'a')}) {
    const BareSocket socket(api.port());
    socket.write(flood);
    EXPECT_THAT(socket.read_all(), StartsWith("HTTP/1.1 431"));
  }
}

TEST(HttpLimits, RefuseWhatIsNotHttp) {
  Api api(tight());
  for (const char* text :
       {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS handshake\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /healthz HTTP/1.1\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET  /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: x\r\nBad Name: x\r\n\r\n",
        "POST /v1/statements HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /v1/statements HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: "
        "2\r\n\r\n"}) {
    const BareSocket socket(api.port());
    ASSERT_TRUE(socket.write(text));
    EXPECT_THAT(socket.read_all(), StartsWith("HTTP/1.1 400")) << text;
  }
}

TEST(HttpLimits, FindNoRequestInABodyThatNobodyReads) {
  Api api(tight());
  const std::string inner = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
  const BareSocket socket(api.port());
  ASSERT_TRUE(socket.write("GET /v1/status HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                           std::to_string(inner.size()) + "\r\n\r\n" + inner));
  const std::string answers = socket.read_all();
  EXPECT_EQ(answers.find("alive"), std::string::npos);
}

TEST(HttpLimits, CloseConnectionsThatDripTheirHeader) {
  Api api(impatient());
  const BareSocket socket(api.port());
  ASSERT_TRUE(socket.write("GET /healthz HTTP/1.1\r\n"));
  bool open = true;
  for (int i = 0; open && i < 2000; ++i) {
    open = socket.write("X: y\r\n");
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_FALSE(open);
}

TEST(HttpLimits, CloseConnectionsThatDripTheirBody) {
  Api api(impatient());
  const BareSocket socket(api.port());
  ASSERT_TRUE(socket.write(kPost + "Content-Length: 100000\r\n\r\n"));
  bool open = true;
  for (int i = 0; open && i < 2000; ++i) {
    open = socket.write("x");
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_FALSE(open);
  EXPECT_TRUE(api.sink.messages().empty());
}

TEST(HttpLimits, CloseSilentConnections) {
  Api api(impatient());
  const BareSocket never(api.port());
  const BareSocket once(api.port());
  ASSERT_TRUE(once.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_EQ(never.read_all(), "");
  EXPECT_THAT(once.read_all(), HasSubstr("alive"));
}

TEST(HttpLimits, ServeAThousandConnectionsAtOnce) {
  constexpr std::size_t kConnections = 1000;
  Api api;
  std::vector<BareSocket> sockets;
  for (std::size_t i = 0; i < kConnections; ++i) sockets.emplace_back(api.port());
  const std::string body = small_message();
  for (const BareSocket& socket : sockets)
    ASSERT_TRUE(socket.write(kPost + "Content-Length: 3\r\n\r\n" + body));
  for (const BareSocket& socket : sockets)
    ASSERT_THAT(socket.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 202"));
  EXPECT_EQ(api.sink.messages().size(), kConnections);
}

TEST(HttpLimits, CloseConnectionsBeyondTheLimitAndTakeOthersLater) {
  auto options = test_options();
  options.max_connections = 2;
  Api api(options);
  {
    const BareSocket first(api.port());
    const BareSocket second(api.port());
    for (const BareSocket* socket : {&first, &second}) {
      ASSERT_TRUE(socket->write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
      EXPECT_THAT(socket->read_until("alive"), HasSubstr("200"));
    }
    const BareSocket third(api.port());
    EXPECT_EQ(third.read_all(), "");
  }
  std::string answer;
  while (answer.empty()) {  // until the server has seen that the others have gone
    const BareSocket later(api.port());
    later.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    answer = later.read_until("alive");
  }
  EXPECT_THAT(answer, HasSubstr("200"));
}

TEST(HttpLimits, BoundTheMemoryOfAllBodiesTogether) {
  auto options = tight();
  options.max_body_memory = 15'000;
  Api api(options);
  api.sink.hold(true);
  const BareSocket first(api.port());
  ASSERT_TRUE(first.write(kPost + "Content-Length: 9000\r\n\r\n" + std::string(3000, 'x')));
  HttpAnswer answer;
  do {  // until the server has read the first one's header
    answer = HttpClient(api.port())
                 .send({"POST", "/v1/statements", {}, "\xff" + std::string(8999, 'x')});
  } while (answer.status == 400);
  EXPECT_EQ(answer.status, 429U);
  EXPECT_EQ(answer.field("Retry-After"), "1");
}

}  // namespace
}  // namespace salus::test

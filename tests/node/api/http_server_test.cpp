#include "node/api/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "tests/node/api/api_fixture.h"

namespace salus::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using node::Refusal;
using testing::HasSubstr;
using testing::Not;

std::string text_of(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

TEST(HttpServer, AnswersEachStatementInOrder) {
  Api api;
  api.sink.judge = [](Bytes message) -> std::optional<Refusal> {
    if (message.back() == 2) return Refusal::sequence_not_risen;
    return std::nullopt;
  };
  const HttpAnswer answer = api.post(small_message(1) + small_message(2) + small_message(3));
  ASSERT_EQ(answer.status, 202U);
  const json outcomes = json::parse(answer.body)["statements"];
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_EQ(outcomes[0]["id"], to_hex(openssl_sha256(as_bytes(small_message(1)))));
  EXPECT_EQ(outcomes[0]["accepted"], true);
  EXPECT_EQ(outcomes[0]["state"], "received");
  EXPECT_EQ(outcomes[1]["accepted"], false);
  EXPECT_EQ(outcomes[1]["reason"], "sequence_not_risen");
  EXPECT_EQ(outcomes[2]["accepted"], true);
}

TEST(HttpServer, SaysTheSameInCbor) {
  Api api;
  api.sink.judge = [](Bytes message) -> std::optional<Refusal> {
    if (message.back() == 2) return Refusal::duplicate;
    return std::nullopt;
  };
  const std::string body = small_message(1) + small_message(2);
  const json as_json = json::parse(api.post(body).body)["statements"];
  const HttpAnswer answer = api.post(body, {{"Accept", "application/cbor"}});
  EXPECT_EQ(answer.field("Content-Type"), "application/cbor");
  const json as_cbor = json::from_cbor(answer.body)["statements"];
  ASSERT_EQ(as_cbor.size(), as_json.size());
  for (std::size_t i = 0; i < as_json.size(); ++i) {
    EXPECT_EQ(to_hex(as_cbor[i]["id"].get_binary()), as_json[i]["id"]);
    EXPECT_EQ(as_cbor[i]["accepted"], as_json[i]["accepted"]);
    EXPECT_EQ(as_cbor[i].value("reason", ""), as_json[i].value("reason", ""));
  }
}

TEST(HttpServer, HandsTheSinkTheVeryMessages) {
  Api api;
  api.post("\x82" + small_message(4) + small_message(5));
  const auto messages = api.sink.messages();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(text_of(messages[0]), small_message(4));
  EXPECT_EQ(text_of(messages[1]), small_message(5));
}

TEST(HttpServer, AnswersNotBeforeTheSinkHasDone) {
  Api api;
  api.sink.hold(true);
  const std::string body = small_message();
  const BareSocket socket(api.port());
  ASSERT_TRUE(socket.write("POST /v1/statements HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                           std::to_string(body.size()) + "\r\n\r\n" + body));
  while (api.sink.held() == 0) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(HttpClient(api.port()).get("/healthz").status, 200U);  // others are served meanwhile
  EXPECT_TRUE(api.sink.messages().empty());
  api.sink.hold(false);
  EXPECT_THAT(socket.read_until("\r\n\r\n"), HasSubstr("HTTP/1.1 202 Accepted"));
}

TEST(HttpServer, SaysNothingWhenTheSinkDropsASubmission) {
  Api api;
  api.sink.hold(true);
  const BareSocket socket(api.port());
  ASSERT_TRUE(socket.write("POST /v1/statements HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n" +
                           small_message('\1')));
  while (api.sink.held() == 0) std::this_thread::sleep_for(1ms);
  api.sink.drop_held();
  EXPECT_EQ(socket.read_all(), "");
}

TEST(HttpServer, TellsToComeBackWhenTheSinkIsFull) {
  Api api;
  api.sink.full = true;
  const HttpAnswer answer = api.post(small_message());
  EXPECT_EQ(answer.status, 429U);
  EXPECT_EQ(answer.field("Retry-After"), "1");
  EXPECT_EQ(json::parse(answer.body)["reason"], "overloaded");
  api.sink.full = false;
  EXPECT_EQ(api.post(small_message()).status, 202U);
}

TEST(HttpServer, TellsToComeBackWhenStatementsWereNotLookedAt) {
  Api api;
  api.sink.judge = [](Bytes message) -> std::optional<Refusal> {
    if (message.back() == 2) return Refusal::overloaded;
    return std::nullopt;
  };
  const HttpAnswer some = api.post(small_message(1) + small_message(2));
  EXPECT_EQ(some.status, 202U);
  EXPECT_EQ(some.field("Retry-After"), "1");
  EXPECT_EQ(api.post(small_message(2)).status, 429U);
}

TEST(HttpServer, CountsARepeatedStatementAsHeld) {
  Api api;
  api.sink.judge = [](Bytes) { return Refusal::duplicate; };
  EXPECT_EQ(api.post(small_message()).status, 202U);
}

TEST(HttpServer, KnowsNoOtherPaths) {
  Api api;
  for (const char* path :
       {"/", "/v1", "/v1/status/", "/v1/statements/", "/v1/blocks/", "/v2/status",
        "/v1/statements/a/b/receipt", "//v1/status", "/v1/Status", "/v1/devices",
        "/v1/statements//receipt", "/v1/%73tatus", "/../etc/passwd"}) {
    const HttpAnswer answer = api.get(path);
    EXPECT_EQ(answer.status, 404U) << path;
    EXPECT_EQ(answer.field("Content-Type"), "application/problem+json");
  }
}

TEST(HttpServer, SaysWhichMethodsAPathHas) {
  Api api;
  const std::string read = "/v1/statements/" + to_hex(api.reader.statement_id);
  for (const std::string& path :
       {read, read + "/receipt", std::string("/v1/status"), std::string("/v1/blocks/1"),
        std::string("/v1/telemetry"), std::string("/v1/devices/1"), std::string("/metrics"),
        std::string("/healthz"), std::string("/readyz")})
    for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"}) {
      const HttpAnswer answer = api.client.send({method, path, {}, {}});
      EXPECT_EQ(answer.status, 405U) << method << " " << path;
      EXPECT_EQ(answer.field("Allow"), "GET, HEAD");
    }
  const HttpAnswer answer = api.client.send({"PUT", "/v1/statements", {}, {}});
  EXPECT_EQ(answer.status, 405U);
  EXPECT_EQ(answer.field("Allow"), "GET, HEAD, POST");
}

TEST(HttpServer, AnswersHeadLikeGetWithoutTheBody) {
  Api api;
  const HttpAnswer get = api.get("/v1/status");
  const HttpAnswer head = api.client.send({"HEAD", "/v1/status", {}, {}});
  EXPECT_EQ(head.status, 200U);
  EXPECT_EQ(head.field("Content-Length"), get.field("Content-Length"));
  EXPECT_TRUE(head.body.empty());
  EXPECT_EQ(api.get("/v1/status").body, get.body);  // the connection is still in step
}

TEST(HttpServer, ShowsBodiesOnlyToThoseWhoMay) {
  Api api;
  const std::string statement = "/v1/statements/" + to_hex(api.reader.statement_id);
  const std::string telemetry = "/v1/telemetry?device=" + to_hex(api.reader.device);
  for (const std::string& path : {statement, telemetry, std::string("/v1/statements")}) {
    for (const char* authorization :
         {"", "Bearer", "Bearer wrong", "Basic YTpi", "Bearer a-token-for-a-reade"}) {
      const HttpAnswer answer =
          api.client.send({"GET", path, {{"Authorization", authorization}}, {}});
      EXPECT_EQ(answer.status, 401U) << authorization;
      EXPECT_THAT(answer.field("WWW-Authenticate"), HasSubstr("Bearer"));
      EXPECT_THAT(answer.body, Not(HasSubstr(std::string(kSecretSubject))));
    }
    const HttpAnswer answer = api.get(path);
    EXPECT_EQ(answer.status, 200U);
    EXPECT_THAT(answer.body, HasSubstr(std::string(kSecretSubject)));
    EXPECT_EQ(answer.field("Cache-Control"), "no-store");
  }
}

TEST(HttpServer, ShowsNoBodyWhereNoTokenIsAsked) {
  Api api;
  const std::string id = to_hex(api.reader.statement_id);
  for (const std::string& path :
       {"/v1/statements/" + id + "/receipt", std::string("/v1/blocks/2"), std::string("/v1/status"),
        "/v1/devices/" + to_hex(api.reader.device), std::string("/metrics")}) {
    const HttpAnswer answer = api.client.get(path);
    EXPECT_EQ(answer.status, 200U) << path;
    EXPECT_THAT(answer.body, Not(HasSubstr(std::string(kSecretSubject)))) << path;
    EXPECT_THAT(answer.body, Not(HasSubstr(to_hex(as_bytes(kSecretSubject))))) << path;
  }
}

TEST(HttpServer, ShowsHowFarAStatementHasCome) {
  Api api;
  const std::string path = "/v1/statements/" + to_hex(api.reader.statement_id);
  for (const std::string& target : {path, path + "/receipt"}) {
    const json document = json::parse(api.get(target).body);
    EXPECT_EQ(document["state"], "in_block");
    EXPECT_EQ(document["position"]["height"], kFakeHeight);
    EXPECT_EQ(document["position"]["block"], to_hex_reversed(api.reader.block_id));
    EXPECT_EQ(document["position"]["blocks_above"], 3);
    EXPECT_EQ(document["position"]["work_above"], std::string(60, '0') + "1000");
  }
}

TEST(HttpServer, ResolvesTelemetry) {
  Api api;
  const json page = json::parse(api.get("/v1/telemetry?device=" + to_hex(api.reader.device)).body);
  ASSERT_EQ(page["statements"].size(), 1U);
  EXPECT_EQ(page["next"], "010203");
  const json measurement = page["statements"][0]["measurements"][0];
  EXPECT_EQ(measurement["name"], "urn:dev:mac:0024befffe804ff1/hr");
  EXPECT_EQ(measurement["unit"], "beat/min");
  EXPECT_EQ(measurement["value"], 72);
  EXPECT_EQ(measurement["time"], 1700000000);
}

TEST(HttpServer, FindsStatementsByWhatTheyHaveInCommon) {
  Api api;
  const auto found = [&api](const std::string& query) {
    return json::parse(api.get("/v1/statements?" + query).body).at("statements").size();
  };
  EXPECT_EQ(found("signer=" + to_hex(api.reader.device)), 1U);
  EXPECT_EQ(found("signer=" + std::string(32, '0')), 0U);
  EXPECT_EQ(found("subject=" + std::string(kSecretSubject)), 1U);
  EXPECT_EQ(found("subject=patient%2D4711"), 1U);
  EXPECT_EQ(found("subject=patient"), 0U);
  EXPECT_EQ(found("type=application/senml%2Bcbor"), 1U);
  EXPECT_EQ(found("type=application/fhir%2Bjson"), 0U);
  EXPECT_EQ(found("from=1700000000&to=1700000000"), 1U);
  EXPECT_EQ(found("from=1700000001"), 0U);
  const json page = json::parse(api.get("/v1/statements?limit=1").body);
  EXPECT_EQ(page["statements"][0]["message"], to_hex(api.reader.message));
  EXPECT_EQ(page["next"], "010203");
  EXPECT_FALSE(json::parse(api.get("/v1/statements?after=010203").body).contains("next"));
}

TEST(HttpServer, GivesTheMessageItself) {
  Api api;
  const std::string path = "/v1/statements/" + to_hex(api.reader.statement_id);
  EXPECT_EQ(json::parse(api.get(path).body)["message"], to_hex(api.reader.message));
  const json document = json::from_cbor(api.get(path, "application/cbor").body);
  EXPECT_EQ(document["message"].get_binary(), api.reader.message);
}

TEST(HttpServer, KeepsWhatFailedToItself) {
  Api api;
  api.reader.broken = true;
  const HttpAnswer answer = api.get("/v1/status");
  EXPECT_EQ(answer.status, 500U);
  EXPECT_THAT(answer.body, Not(HasSubstr("sst")));
}

TEST(HttpServer, IsReadyWhenTheNodeIs) {
  Api api;
  EXPECT_EQ(api.client.get("/readyz").status, 200U);
  api.reader.unready = "replaying the log";
  const HttpAnswer answer = api.client.get("/readyz");
  EXPECT_EQ(answer.status, 503U);
  EXPECT_EQ(json::parse(answer.body)["detail"], "replaying the log");
  EXPECT_EQ(api.client.get("/healthz").status, 200U);
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  Api api;
  const std::string body = small_message(7);
  std::string all;
  constexpr int kRequests = 50;
  for (int i = 0; i < kRequests; ++i)
    all += "POST /v1/statements HTTP/1.1\r\nHost: x\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body + "GET /v1/blocks/" +
           std::to_string(1000 + i) + " HTTP/1.1\r\nHost: x\r\n\r\n" +
           "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
  all += "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  const BareSocket socket(api.port());
  ASSERT_TRUE(socket.write(all));
  const std::string answers = socket.read_all();
  std::string statuses;
  for (std::size_t at = 0; (at = answers.find("HTTP/1.1 ", at)) != std::string::npos; ++at)
    statuses += answers.substr(at + 9, 4);
  std::string expected;
  for (int i = 0; i < kRequests; ++i) expected += "202 404 200 ";
  EXPECT_EQ(statuses, expected + "200 ");
}

TEST(HttpServer, ClosesWhenAsked) {
  Api api;
  for (const char* request : {"GET /healthz HTTP/1.0\r\n\r\n",
                              "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"}) {
    const BareSocket socket(api.port());
    ASSERT_TRUE(socket.write(request));
    EXPECT_THAT(socket.read_all(), HasSubstr("alive"));
  }
}

TEST(HttpServer, AsksForABodyThatWaits) {
  Api api;
  const BareSocket socket(api.port());
  ASSERT_TRUE(
      socket.write("POST /v1/statements HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
                   "Expect: 100-continue\r\n\r\n"));
  EXPECT_EQ(socket.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  ASSERT_TRUE(socket.write(small_message()));
  EXPECT_THAT(socket.read_until("\r\n\r\n"), HasSubstr("HTTP/1.1 202"));
}

TEST(HttpServer, TakesChunkedBodies) {
  Api api;
  const BareSocket socket(api.port());
  ASSERT_TRUE(
      socket.write("POST /v1/statements HTTP/1.1\r\nHost: x\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n"));
  const std::string body = small_message(9);
  for (const char byte : body) ASSERT_TRUE(socket.write(std::string("1\r\n") + byte + "\r\n"));
  ASSERT_TRUE(socket.write("0\r\n\r\n"));
  EXPECT_THAT(socket.read_until("\r\n\r\n"), HasSubstr("HTTP/1.1 202"));
  ASSERT_EQ(api.sink.messages().size(), 1U);
  EXPECT_EQ(text_of(api.sink.messages()[0]), body);
}

TEST(HttpServer, ShowsFiguresThatPrometheusReads) {
  Api api;
  api.sink.judge = [](Bytes message) -> std::optional<Refusal> {
    if (message.back() == 2) return Refusal::malformed;
    return std::nullopt;
  };
  api.post(small_message(1) + small_message(2) + small_message(3));
  api.get("/v1/nothing-of-that-name");
  const HttpAnswer answer = api.get("/metrics");
  EXPECT_EQ(answer.field("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  for (const char* line :
       {"# TYPE salus_http_requests_total counter",
        "salus_http_requests_total{route=\"/v1/statements\",status=\"202\"} 1",
        "salus_http_requests_total{route=\"none\",status=\"404\"} 1",
        "salus_http_statements_total{outcome=\"accepted\"} 2",
        "salus_http_statements_total{outcome=\"refused\"} 1", "salus_http_connections 1",
        "# TYPE salus_chain_height gauge", "salus_chain_height 2", "salus_ready 1",
        "salus_stage_depth{stage=\"verify\"} 3", "salus_mqtt_connections{tls=\"no\"} 4"})
    EXPECT_THAT(answer.body, HasSubstr(line));
}

TEST(HttpServer, AnswersWhatItHasTakenBeforeItStops) {
  Api api;
  api.sink.hold(true);
  const BareSocket idle(api.port());
  const BareSocket busy(api.port());
  ASSERT_TRUE(busy.write("POST /v1/statements HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n" +
                         small_message('\1')));
  while (api.sink.held() == 0) std::this_thread::sleep_for(1ms);
  std::jthread stopper([&] { api.server.stop(); });
  EXPECT_EQ(idle.read_all(), "");
  api.sink.hold(false);
  EXPECT_THAT(busy.read_all(), HasSubstr("HTTP/1.1 202"));
}

TEST(HttpServer, MayBeGoneBeforeTheSinkAnswers) {
  FakeSink sink;
  const FakeNode reader;
  sink.hold(true);
  auto options = test_options();
  options.stop_timeout = 0ms;
  {
    node::api::HttpServer server(options, sink, reader);
    const BareSocket socket(server.port());
    ASSERT_TRUE(
        socket.write("POST /v1/statements HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n" +
                     small_message('\1')));
    while (sink.held() == 0) std::this_thread::sleep_for(1ms);
  }
  sink.hold(false);
  while (sink.messages().empty()) std::this_thread::sleep_for(1ms);
}

ErrorKind kind_of_failure(const node::api::HttpOptions& options) {
  FakeSink sink;
  const FakeNode reader;
  try {
    const node::api::HttpServer server(options, sink, reader);
  } catch (const Error& error) {
    return error.kind();
  }
  throw std::runtime_error("it started");
}

TEST(HttpServer, SaysWhyItCannotStart) {
  auto options = test_options();
  options.address = "localhost";
  EXPECT_EQ(kind_of_failure(options), ErrorKind::usage);

  const Api other;
  options = test_options();
  options.port = other.port();
  EXPECT_EQ(kind_of_failure(options), ErrorKind::system);

  options = test_options();
  options.tls = {
      .certificate_chain = "/nowhere.pem", .private_key = "/nowhere.key", .client_authorities = {}};
  EXPECT_EQ(kind_of_failure(options), ErrorKind::input);
}

}  // namespace
}  // namespace salus::test

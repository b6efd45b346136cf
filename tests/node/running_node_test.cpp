// The HTTP interface of a node that really runs.
#include "node/running_node.h"

#include <gmock/gmock.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "node/api/token_file.h"
#include "node/chain/receipt.h"
#include "node/http_listener.h"
#include "tests/node/api/schema.h"
#include "tests/node/live_node.h"
#include "tests/node/mqtt/mosquitto_broker.h"
#include "tests/node/mqtt/program.h"
#include "tests/node/mqtt/test_client.h"
#include "tests/support/places.h"

namespace salus::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kCbor = "application/cbor";

/// The schema of a path's 200, in this media type.
std::string fault_of(const std::string& path, const HttpAnswer& answer) {
  static const json document = [] {
    std::ifstream file(source_file("docs/openapi.json"));
    return json::parse(file);
  }();
  const std::string type = answer.field("Content-Type");
  const json& response = document["paths"][path]["get"]["responses"]["200"];
  if (!response["content"].contains(type)) return "not of its types: " + type;
  const json value = type == kCbor ? json::from_cbor(answer.body) : json::parse(answer.body);
  return schema_fault(document, response["content"][type]["schema"], value);
}

class RunningNode : public testing::Test {
 protected:
  HttpAnswer get(const std::string& target, const std::string& accept = "application/json") {
    return HttpClient(live.port())
        .send(
            {"GET", target, {{"Accept", accept}, {"Authorization", "Bearer " + live.token()}}, {}});
  }
  HttpAnswer post(const std::vector<Message>& messages) {
    return HttpClient(live.port()).send({"POST", "/v1/statements", {}, body_of(messages)});
  }
  /// With MQTT, too; the port of that.
  std::uint16_t start_with_mqtt() {
    live.config.mqtt.enabled = true;
    live.config.mqtt.port = 0;
    live.start();
    const std::string address = live.running().addresses().back();
    return static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
  }
  /// What starting it throws.
  std::string start_error() {
    try {
      live.start();
      return "nothing";
    } catch (const Error& error) {
      return error.what();
    }
  }

  LiveNode live;
};

TEST_F(RunningNode, AnswersAsItsInterfaceSaysInBothFormats) {
  live.start();
  const Message message = live.telemetry(1);
  ASSERT_EQ(post({live.registration(1), message}).status, 202U);
  live.wait_until_mined();
  const std::string statement = "/v1/statements/" + id_of(message);
  const std::string device = to_hex(live.device().id());
  const std::vector<std::pair<std::string, std::string>> targets = {
      {"/v1/status", "/v1/status"},
      {"/v1/blocks/{id}", "/v1/blocks/0"},
      {"/v1/blocks/{id}", "/v1/blocks/1"},
      {"/v1/statements", std::string("/v1/statements?subject=") + kLiveSubject},
      {"/v1/statements/{id}", statement},
      {"/v1/statements/{id}/receipt", statement + "/receipt"},
      {"/v1/telemetry", "/v1/telemetry?device=" + device},
      {"/v1/devices/{id}", "/v1/devices/" + device}};
  for (const auto& [path, target] : targets)
    for (const char* type : {"application/json", kCbor}) {
      const HttpAnswer answer = get(target, type);
      EXPECT_EQ(answer.status, 200U) << target << answer.body;
      EXPECT_EQ(fault_of(path, answer), "") << target << ' ' << type;
    }
  const json status = json::parse(get("/v1/status").body);
  EXPECT_EQ(status["version"], kLiveVersion);
  EXPECT_EQ(status["ready"], true);
  EXPECT_EQ(status["devices"], json::array({"cpu"}));
  EXPECT_EQ(status["log"]["records"], 2);
  const json shown = json::parse(get(statement).body);
  EXPECT_EQ(shown["subject"], kLiveSubject);
  EXPECT_EQ(shown["message"], to_hex(message));
  EXPECT_THAT(get("/metrics").body, HasSubstr("salus_chain_height"));
}

TEST_F(RunningNode, GivesReceiptsThatHold) {
  live.start();
  const Message message = live.telemetry(1);
  post({live.registration(1), message});
  live.wait_until_mined();
  const json answer =
      json::from_cbor(get("/v1/statements/" + id_of(message) + "/receipt", kCbor).body);
  const auto validator = node::SigningKey::load(live.folder() / "validator.pem");
  const auto checked = node::check_receipt(
      answer["receipt"].get_binary(), message, node::load_genesis(live.folder()).id(),
      [&](const node::KeyId& id) {
        return id == validator.id() ? std::optional(validator.public_key()) : std::nullopt;
      });
  EXPECT_TRUE(std::holds_alternative<node::Receipt>(checked));
}

TEST_F(RunningNode, SendsReceiptsToMqttClientsThatWaitForThem) {
  const std::uint16_t port = start_with_mqtt();
  ASSERT_EQ(post({live.registration(1)}).status, 202U);
  ConnectFields fields;
  fields.client_id = "bed-1";
  const TestClient client = connected_client(port, fields);
  ASSERT_TRUE(client.send(subscribe(1, {"salus/bed-1/receipt"})));
  ASSERT_EQ(client.receive_like(suback(1, {0})), suback(1, {0}));
  const Message message = live.telemetry(1);
  ASSERT_TRUE(client.send(
      publish(2, std::string_view(reinterpret_cast<const char*>(message.data()), message.size()))));
  ASSERT_EQ(client.receive_like(puback(2)), puback(2));
  ASSERT_TRUE(client.is_readable(std::chrono::seconds(10)));
  const Packet published = client.receive(512);  // as much as there is within the client's patience
  const json answer =
      json::from_cbor(get("/v1/statements/" + id_of(message) + "/receipt", kCbor).body);
  const auto receipt = answer["receipt"].get_binary();
  EXPECT_NE(std::ranges::search(published, receipt).begin(), published.end());
}

/// `mosquitto_pub` publishes a statement, with QoS 1; its exit code.
int publish_by_mosquitto(const TemporaryFolder& folder, std::uint16_t port,
                         const Message& message) {
  const std::string file = folder.write("statement", body_of({message}));
  return Program({*find_program("mosquitto_pub"), "-h", "127.0.0.1", "-p", std::to_string(port),
                  "-q", "1", "-t", "salus/ward", "-f", file},
                 folder.path("log"))
      .wait();
}

TEST_F(RunningNode, PutsOnItsChainWhatMosquittoBringsByItselfAndOverABridge) {
  if (!find_program("mosquitto") || !find_program("mosquitto_pub"))
    GTEST_SKIP() << "mosquitto or mosquitto_pub is not installed";
  const std::uint16_t port = start_with_mqtt();
  const TemporaryFolder folder;
  EXPECT_EQ(publish_by_mosquitto(folder, port, live.registration(1)), 0);
  const MosquittoBroker broker(port);
  const Message message = live.telemetry(1);
  EXPECT_EQ(publish_by_mosquitto(folder, broker.port(), message), 0);
  const std::string target = "/v1/statements/" + id_of(message);
  for (int i = 0; i < 600 && get(target).status != 200; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  live.wait_until_mined();
  const json shown = json::parse(get(target).body);
  EXPECT_EQ(shown["state"], "in_block") << shown << broker.log();
  EXPECT_EQ(shown["message"], to_hex(message));
}

TEST_F(RunningNode, ShowsBodiesToWhoHasATokenAlone) {
  live.start();
  const Message message = live.telemetry(1);
  post({live.registration(1), message});
  HttpClient client(live.port());
  const std::string target = "/v1/statements/" + id_of(message);
  EXPECT_EQ(client.get(target).status, 401U);
  for (const char* wrong : {"Bearer x", "Bearer ", "Basic eDp5"})
    EXPECT_EQ(client.send({"GET", target, {{"Authorization", wrong}}, {}}).status, 401U);
  EXPECT_EQ(get(target).status, 200U);
  EXPECT_EQ(client.get(target + "/receipt").status, 200U);
}

TEST_F(RunningNode, TurnsStatementsAwayWhileItIsFull) {
  live.config.mine = false;
  live.config.mempool.max_statements = 1;
  live.start(false);
  EXPECT_EQ(get("/readyz").status, 200U);
  ASSERT_EQ(post({live.registration(1), live.telemetry(1)}).status, 202U);
  const HttpAnswer answer = post({live.telemetry(2)});
  EXPECT_EQ(answer.status, 429U) << answer.body;
  EXPECT_EQ(answer.field("Retry-After"), "1");
  EXPECT_EQ(get("/readyz").status, 503U);
  EXPECT_EQ(get("/healthz").status, 200U);
  EXPECT_EQ(json::parse(get("/v1/status").body)["mempool"]["full"], true);
}

TEST_F(RunningNode, LogsNothingOfABody) {
  std::ostringstream log;
  const auto before = spdlog::default_logger();
  const auto logger =
      std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::ostream_sink_mt>(log));
  logger->set_level(spdlog::level::trace);
  spdlog::set_default_logger(logger);
  live.start();
  const Message message = live.telemetry(1);
  Message forged = message;
  forged.back() ^= 1;
  post({live.registration(1), message, forged, message});
  live.wait_until_mined();
  get("/v1/statements/" + id_of(message));
  get("/v1/telemetry?device=" + to_hex(live.device().id()) + "&from=" + kLiveSubject);
  live.stop();
  spdlog::set_default_logger(before);
  for (const std::string& secret : {std::string(kLiveSubject), std::string(kLiveMeasurement),
                                    to_hex(as_bytes(kLiveSubject)), live.token()})
    EXPECT_THAT(log.str(), Not(HasSubstr(secret)));
}

TEST_F(RunningNode, SaysWhichAddressItCannotHave) {
  live.start();
  LiveNode second;
  second.config.http.server.port = live.port();
  try {
    second.start();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::system);
    EXPECT_THAT(error.what(), HasSubstr("127.0.0.1 port " + std::to_string(live.port())));
  }
}

TEST_F(RunningNode, SaysWhichFileItCannotUse) {
  live.config.http.tls.certificate = "no.pem";
  EXPECT_THAT(start_error(), HasSubstr("http.tls_key"));
  live.config.http.tls.key = "no.key";
  EXPECT_THAT(start_error(), HasSubstr((live.folder() / "no.pem").string()));
  live.config.http.tls = {};
  live.config.http.tokens = "no.tokens";
  EXPECT_THAT(start_error(), HasSubstr((live.folder() / "no.tokens").string()));
  std::ofstream(live.folder() / "bad.tokens") << "# a comment\n\nreader not-a-digest\n";
  std::filesystem::permissions(live.folder() / "bad.tokens", std::filesystem::perms::owner_read);
  live.config.http.tokens = "bad.tokens";
  EXPECT_THAT(start_error(),
              testing::AllOf(HasSubstr("bad.tokens: line 3"), Not(HasSubstr("not-a-digest"))));
  live.config.http.tokens = "";
  live.config.http.certificates = {"reader ward 3"};
  EXPECT_THAT(start_error(), HasSubstr("http.tls_client_authority"));
}

TEST_F(RunningNode, ReadsItsTokensAgainAndSaysHowManyThereAre) {
  live.start();
  const std::string target = "/v1/telemetry?device=" + to_hex(live.device().id());
  EXPECT_EQ(get(target).status, 200U);
  std::ofstream(live.folder() / node::kTokensFile) << "# all are revoked\n";
  const auto taken = live.running().reload();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_TRUE(taken[0].is_taken);
  EXPECT_THAT(taken[0].text, HasSubstr("/tokens: 0 readers, 0 auditors, 0 operators"));
  EXPECT_EQ(get(target).status, 401U);
  std::filesystem::remove(live.folder() / node::kTokensFile);
  const auto kept = live.running().reload();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_FALSE(kept[0].is_taken);
  EXPECT_THAT(kept[0].text, HasSubstr("No such file"));
}

TEST_F(RunningNode, ListensNowhereWhereNothingIsEnabled) {
  live.config.http.enabled = false;
  live.start();
  EXPECT_THAT(live.running().addresses(), testing::IsEmpty());
  EXPECT_THAT(live.running().reload(), testing::IsEmpty());
}

TEST(DevFolder, HasATokenThatItsOwnerAloneCanRead) {
  const LiveNode live;
  struct stat status {};
  for (const char* name : {node::kTokensFile, node::kDevTokenFile}) {
    ASSERT_EQ(::stat((live.folder() / name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U) << name;
  }
  const auto grants = node::api::read_token_file(live.folder() / node::kTokensFile);
  ASSERT_EQ(grants.size(), 1U);
  EXPECT_EQ(grants[0].role, node::api::ApiRole::operator_);
  EXPECT_EQ(grants[0].token_sha256, openssl_sha256(as_bytes(live.token())));
  EXPECT_EQ(live.token().size(), 64U);
  EXPECT_NE(live.token(), LiveNode().token());
}

/// Nothing to read, nowhere to put.
class NobodysSink final : public node::StatementSink {
 public:
  bool submit(node::Submission& submission) override {
    submission.done({});
    submission = {};
    return true;
  }
  void call_when_room(std::function<void()> resume) override { resume(); }
};

TEST(HttpListener, SaysThatTheNodeIsBeingOpenedUntilItIs) {
  const LiveNode live;
  node::HttpConfig config;
  config.server.port = 0;
  node::HttpListener listener(live.folder(), config, nullptr);
  const std::string address = listener.address();
  HttpClient client(static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1))));
  EXPECT_EQ(client.get("/healthz").status, 200U);
  for (const char* target : {"/readyz", "/v1/status", "/v1/blocks/0", "/metrics"}) {
    const HttpAnswer answer = client.get(target);
    EXPECT_EQ(answer.status, 503U) << target;
    EXPECT_EQ(json::parse(answer.body)["reason"], "not_ready") << target;
  }
  EXPECT_EQ(client.send({"POST", "/v1/statements", {}, body_of({live.telemetry(1)})}).status, 429U);
}

/// TLS with curl as the client.
class RunningNodeTls : public RunningNode {
 protected:
  void SetUp() override {
    if (std::system("command -v curl openssl >/dev/null") != 0)
      GTEST_SKIP() << "curl or openssl is missing";
    make_certificate("ca", "-x509 -subj /CN=ca");
    make_certificate("node",
                     "-x509 -subj /CN=node -addext subjectAltName=DNS:localhost " + by_ca());
    make_certificate("ward", "-x509 -subj '/CN=ward 3' " + by_ca());
    live.config.http.tls = {"node.pem", "node.key", "ca.pem"};
    live.config.http.certificates = {"reader ward 3"};
  }
  [[nodiscard]] std::string file(const std::string& name) const { return live.folder() / name; }
  [[nodiscard]] std::string by_ca() const {
    return "-CA " + file("ca.pem") + " -CAkey " + file("ca.key");
  }
  void make_certificate(const std::string& name, const std::string& options) const {
    const std::string command =
        "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 " + options +
        " -keyout " + file(name + ".key") + " -out " + file(name + ".pem") + " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }
  /// The status that curl sees.
  [[nodiscard]] std::string curl(const std::string& target, const std::string& options) const {
    const std::string out = file("status");
    const std::string url = "'https://localhost:" + std::to_string(live.port()) + target + "' ";
    const std::string command = "curl -s -o /dev/null -w '%{http_code}' --cacert " +
                                file("ca.pem") + " " + url + options + " > " + out;
    static_cast<void>(std::system(command.c_str()));
    std::ifstream stream(out);
    std::string status;
    std::getline(stream, status);
    return status;
  }
};

TEST_F(RunningNodeTls, ShowsBodiesToWhoHasACertificate) {
  live.start();
  EXPECT_THAT(live.url(), testing::StartsWith("https://127.0.0.1:"));
  const std::string target = "/v1/telemetry?device=" + to_hex(live.device().id());
  EXPECT_EQ(curl(target, ""), "401");
  EXPECT_EQ(curl(target, "--cert " + file("ward.pem") + " --key " + file("ward.key")), "200");
  EXPECT_EQ(curl(target, "-H 'Authorization: Bearer " + live.token() + "'"), "200");
}

TEST_F(RunningNodeTls, ReadsTokensAndCertificatesAgainEachByItself) {
  live.config.mqtt.enabled = true;
  live.config.mqtt.port = 0;
  live.config.mqtt.tls = live.config.http.tls;
  live.start();
  const auto before = live.running().reload();
  ASSERT_EQ(before.size(), 3U);
  for (const node::Reloaded& each : before) EXPECT_TRUE(each.is_taken) << each.text;
  EXPECT_THAT(before[1].text, HasSubstr("HTTP " + file("node.pem")));
  EXPECT_THAT(before[2].text, HasSubstr("MQTT " + file("node.pem")));
  std::filesystem::remove(file("node.key"));
  const auto after = live.running().reload();
  EXPECT_TRUE(after.at(0).is_taken);
  for (const std::size_t tls : {1U, 2U}) {
    EXPECT_FALSE(after.at(tls).is_taken);
    EXPECT_THAT(after.at(tls).text, HasSubstr(file("node.key")));
  }
  EXPECT_EQ(curl("/healthz", ""), "200");
}

TEST_F(RunningNodeTls, TakesNoKeyForWhichSomebodyWouldHaveToBeAsked) {
  const std::string command = "openssl pkcs8 -topk8 -passout pass:secret -in " + file("node.key") +
                              " -out " + file("locked.key");
  ASSERT_EQ(std::system(command.c_str()), 0);
  live.config.http.tls.key = "locked.key";
  EXPECT_THAT(start_error(), testing::AllOf(HasSubstr(file("locked.key")), HasSubstr("encrypted")));
  live.config.http.tls.key = "ward.key";
  EXPECT_THAT(start_error(), HasSubstr(file("ward.key")));
}

}  // namespace
}  // namespace salus::test

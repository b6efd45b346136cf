// The server configurations of deploy/nats, started by the script that people use: TLS, accounts, a
// cluster of three.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "node/nats/consumer.h"
#include "tests/node/mqtt/judging_sink.h"
#include "tests/node/mqtt/program.h"
#include "tests/node/nats/jetstream.h"
#include "tests/node/nats/nats_server.h"
#include "tests/support/places.h"
#include "tests/support/temporary_folder.h"

namespace salus::node::nats {
namespace {

using namespace std::chrono_literals;
using salus::test::find_program;
using salus::test::JetStream;
using salus::test::JetStreamLogin;
using salus::test::JudgingSink;
using salus::test::Program;

/// A text of CBOR that the sink takes for a statement to accept.
constexpr const char* kStatement = "statement 0000000001";

template <typename Condition>
bool eventually(Condition holds) {
  for (int i = 0; i < 3000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

std::string first_line(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

/// Servers that run until the destructor.
class Servers {
 public:
  explicit Servers(int count)
      : script_({salus::test::source_file("scripts/nats-servers.sh"), std::to_string(count)},
                folder_.path("output")) {
    if (!eventually([this] { return read(); })) throw std::runtime_error("no servers");
  }
  ~Servers() {
    script_.terminate();
    script_.wait();
  }
  Servers(const Servers&) = delete;
  Servers& operator=(const Servers&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const {
    return variables_.at("SALUS_NATS_FOLDER") + "/" + name;
  }
  [[nodiscard]] std::vector<std::string> urls() const {
    std::vector<std::string> urls;
    std::istringstream list(variables_.at("SALUS_NATS_SERVERS"));
    for (std::string url; std::getline(list, url, ',');) urls.push_back(url);
    return urls;
  }
  [[nodiscard]] JetStreamLogin login(const std::string& user) const {
    return {user, first_line(path(user + ".password")), path("ca.pem"), "localhost"};
  }
  [[nodiscard]] ConsumerOptions options(const std::string& user) const {
    ConsumerOptions options;
    options.servers = urls();
    options.tls = TlsOptions{.authorities = path("ca.pem")};
    options.user = user;
    options.password_file = path(user + ".password");
    options.durable = user;
    options.inbox_prefix = "_INBOX_" + user;
    options.create_stream = true;
    options.first_retry = 20ms;
    options.last_retry = 200ms;
    return options;
  }

 private:
  bool read() {
    std::ifstream in(folder_.path("output"));
    for (std::string line; std::getline(in, line);) {
      const std::size_t equals = line.find('=');
      if (equals != std::string::npos && !in.eof())
        variables_[line.substr(0, equals)] = line.substr(equals + 1);
    }
    return variables_.contains("SALUS_NATS_AUTHORITY");
  }

  salus::test::TemporaryFolder folder_;
  std::map<std::string, std::string> variables_;
  Program script_;
};

class NatsDeployment : public testing::Test {
 protected:
  void SetUp() override {
    NEED_NATS_SERVER();
    if (!find_program("openssl")) GTEST_SKIP() << "openssl is not installed";
  }

  static bool is_connected(const Consumer& consumer) {
    return eventually([&] { return consumer.counters().is_connected; });
  }
};

TEST_F(NatsDeployment, LetsEveryUserDoWhatItsPartIsAndNothingElse) {
  const Servers servers(1);
  JudgingSink sink;
  const Consumer consumer(servers.options("validator-1"), sink);
  ASSERT_TRUE(is_connected(consumer));

  JetStream telemetry(servers.urls()[0], servers.login("telemetry"));
  telemetry.listen("salus.refused.*");
  EXPECT_TRUE(telemetry.publish("salus.statements.ward-1", kStatement));
  EXPECT_TRUE(sink.wait_for(1));
  EXPECT_TRUE(telemetry.publish("salus.statements.ward-1", "\xFF"));
  EXPECT_THAT(telemetry.next().second, testing::HasSubstr("malformed_body"));

  // It may not look at streams, let alone remove them.
  EXPECT_FALSE(telemetry.has_stream("SALUS", 150ms));
  jsOptions soon;
  jsOptions_Init(&soon);
  soon.Wait = 150;
  for (const char* user : {"telemetry", "validator-1"}) {
    const JetStream other(servers.urls()[0], servers.login(user));
    EXPECT_NE(js_DeleteStream(other.context(), "SALUS", &soon, nullptr), NATS_OK) << user;
    EXPECT_NE(js_PurgeStream(other.context(), "SALUS", &soon, nullptr), NATS_OK) << user;
  }
  JetStream manager(servers.urls()[0], servers.login("operator"));
  EXPECT_TRUE(manager.has_stream("SALUS"));
  const auto state = [&] { return manager.state("SALUS", "validator-1"); };
  EXPECT_TRUE(eventually([&] { return state().unacknowledged == 0; }));
}

TEST_F(NatsDeployment, GivesEachValidatorAPlaceOfItsOwn) {
  const Servers servers(1);
  JudgingSink one;
  JudgingSink other;
  const Consumer first(servers.options("validator-1"), one);
  ASSERT_TRUE(is_connected(first));
  const Consumer second(servers.options("validator-2"), other);
  ASSERT_TRUE(is_connected(second));
  JetStream telemetry(servers.urls()[0], servers.login("telemetry"));
  ASSERT_TRUE(telemetry.publish("salus.statements.ward-1", kStatement));
  EXPECT_TRUE(one.wait_for(1));
  EXPECT_TRUE(other.wait_for(1));
  // With the other's name it gets nothing.
  ConsumerOptions intruding = servers.options("validator-2");
  intruding.durable = "validator-1";
  intruding.request_timeout = 200ms;
  JudgingSink nothing;
  const Consumer third(intruding, nothing);
  std::this_thread::sleep_for(500ms);
  EXPECT_FALSE(third.counters().is_connected);
}

TEST_F(NatsDeployment, IsNotConnectedToByWhoIsNotToBe) {
  const Servers servers(1);
  JudgingSink sink;
  ConsumerOptions without_tls = servers.options("validator-1");
  without_tls.tls.reset();
  ConsumerOptions wrong_name = servers.options("validator-1");
  wrong_name.tls->server_name = "elsewhere.example";
  ConsumerOptions wrong_authority = servers.options("validator-1");
  wrong_authority.tls->authorities = "/etc/ssl/certs/ca-certificates.crt";
  if (!std::filesystem::exists(wrong_authority.tls->authorities)) wrong_authority = wrong_name;
  ConsumerOptions wrong_password = servers.options("validator-1");
  wrong_password.password_file = servers.path("telemetry.password");
  const Consumer consumers[] = {
      {without_tls, sink}, {wrong_name, sink}, {wrong_authority, sink}, {wrong_password, sink}};
  std::this_thread::sleep_for(1s);
  for (const Consumer& consumer : consumers) EXPECT_EQ(consumer.counters().connections, 0U);
}

TEST_F(NatsDeployment, CarriesAStreamOnThreeServers) {
  const Servers servers(3);
  JudgingSink sink;
  ConsumerOptions replicated = servers.options("validator-1");
  replicated.new_stream.replicas = 3;
  const Consumer consumer(replicated, sink);
  ASSERT_TRUE(is_connected(consumer));
  JetStream manager(servers.urls()[2], servers.login("operator"));
  EXPECT_EQ(manager.replicas_of("SALUS"), 3);
  JetStream telemetry(servers.urls()[1], servers.login("telemetry"));
  for (int i = 0; i < 50; ++i)
    ASSERT_TRUE(telemetry.publish("salus.statements.ward-1", kStatement));
  EXPECT_TRUE(sink.wait_for(50));
  EXPECT_TRUE(
      eventually([&] { return manager.state("SALUS", "validator-1").unacknowledged == 0; }));
}

}  // namespace
}  // namespace salus::node::nats

// What others wrote publishes to the node: mosquitto_pub, a mosquitto broker that bridges, and
// programs on libmosquitto, also by TLS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "node/mqtt/listener.h"
#include "tests/node/mqtt/judging_sink.h"
#include "tests/node/mqtt/mosquitto_broker.h"
#include "tests/node/mqtt/program.h"
#include "tests/node/mqtt/public_client.h"
#include "tests/node/mqtt/test_client.h"
#include "tests/support/certificate.h"
#include "tests/support/temporary_folder.h"

namespace salus::node::mqtt {
namespace {

using namespace std::chrono_literals;
using test::find_program;
using test::JudgingSink;
using test::Program;
using test::PublicClient;
using test::TemporaryFolder;
using testing::HasSubstr;
using testing::SizeIs;

#define NEED_PROGRAM(name) \
  if (!find_program(name)) GTEST_SKIP() << "skipped: " << (name) << " is not installed"

ListenerOptions on_port(std::uint16_t port) {
  ListenerOptions options;
  options.port = port;
  options.threads = 2;
  return options;
}

std::string content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// `count` lines, all different.
std::string numbered_lines(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += "statement " + std::to_string(i) + "\n";
  return lines;
}

std::set<std::string> distinct(const JudgingSink& sink) {
  const std::vector<std::string> messages = sink.messages();
  return {messages.begin(), messages.end()};
}

TEST(MqttPublicClient, GetsAllItsPublishesAcknowledged) {
  JudgingSink sink({.delay = 1ms});
  const Listener listener(on_port(0), sink, nullptr);
  PublicClient client("monitor-3");
  ASSERT_EQ(client.connect(listener.port()), 0);
  constexpr int kCount = 2000;
  for (int i = 0; i < kCount; ++i) client.publish("salus/ward/ecg", std::to_string(i));
  EXPECT_TRUE(client.wait_for_completed(kCount));
  EXPECT_THAT(distinct(sink), SizeIs(kCount));
  EXPECT_EQ(listener.counters().acknowledged, static_cast<std::uint64_t>(kCount));
}

TEST(MqttPublicClient, LearnsWhatIsRefusedAndMayNotListenToOthers) {
  JudgingSink sink;
  const Listener listener(on_port(0), sink, nullptr);
  PublicClient client("monitor-3");
  ASSERT_EQ(client.connect(listener.port()), 0);
  EXPECT_EQ(client.subscribe("salus/monitor-4/refused"), 128);
  EXPECT_EQ(client.subscribe("salus/monitor-3/refused"), 0);
  client.publish("salus/x", "bad");
  const auto messages = client.wait_for_messages(1);
  ASSERT_THAT(messages, SizeIs(1));
  EXPECT_EQ(messages[0].first, "salus/monitor-3/refused");
  EXPECT_THAT(messages[0].second, HasSubstr("bad_signature"));
  EXPECT_TRUE(client.wait_for_completed(1));
}

TEST(MqttPublicClient, DeliversAgainAfterTheListenerWasGone) {
  JudgingSink never({.delay = -1us});
  std::optional<Listener> first(std::in_place, on_port(0), never, nullptr);
  const std::uint16_t port = first->port();
  PublicClient client("monitor-3");
  ASSERT_EQ(client.connect(port), 0);
  client.publish("salus/x", "one");
  client.publish("salus/x", "two");
  ASSERT_TRUE(never.wait_for(2));
  first.reset();
  EXPECT_EQ(client.completed(), 0U);
  JudgingSink sink;
  const Listener second(on_port(port), sink, nullptr);
  EXPECT_TRUE(client.wait_for_completed(2));
  EXPECT_THAT(sink.messages(), testing::ElementsAre("one", "two"));
}

TEST(MqttPublicClient, IsToldThatItsPasswordIsWrong) {
  JudgingSink sink;
  const PasswordAuthenticator users({{"ward", openssl_sha256(as_bytes("right"))}});
  const Listener listener(on_port(0), sink, &users);
  PublicClient client("monitor-3");
  client.log_in("ward", "wrong");
  EXPECT_EQ(client.connect(listener.port()), 4);
  PublicClient other("monitor-3");
  other.log_in("ward", "right");
  EXPECT_EQ(other.connect(listener.port()), 0);
}

/// An authority, the server's certificate for 127.0.0.1, a client's, and a client's that nobody
/// knows.
class MqttTls : public testing::Test {
 protected:
  void SetUp() override {
    NEED_PROGRAM("openssl");
    make_certificate("ca", "/CN=ca", {});
    make_certificate("server", "/CN=node",
                     {"-CA", folder.path("ca.pem"), "-CAkey", folder.path("ca.key"), "-addext",
                      "subjectAltName=IP:127.0.0.1"});
    make_certificate("pump", "/CN=pump-7",
                     {"-CA", folder.path("ca.pem"), "-CAkey", folder.path("ca.key")});
    make_certificate("stranger", "/CN=pump-7", {});
    options.tls = tls::ServerFiles{.certificate_chain = folder.path("server.pem"),
                                   .private_key = folder.path("server.key"),
                                   .client_authorities = folder.path("ca.pem")};
    options.require_client_certificate = true;
  }

  void make_certificate(const std::string& name, const std::string& subject,
                        const std::vector<std::string>& more) const {
    std::vector<std::string> command = test::certificate_command(folder, name, subject, more);
    command.front() = *find_program("openssl");
    ASSERT_EQ(Program(command, folder.path("openssl.log")).wait(), 0)
        << content_of(folder.path("openssl.log"));
  }

  [[nodiscard]] test::PublicClientTls shows(const std::string& name) const {
    if (name.empty()) return {folder.path("ca.pem"), "", ""};
    return {folder.path("ca.pem"), folder.path(name + ".pem"), folder.path(name + ".key")};
  }

  TemporaryFolder folder;
  JudgingSink sink;
  PasswordAuthenticator users{{}};
  ListenerOptions options = on_port(0);
};

TEST_F(MqttTls, LetsAClientInByItsCertificate) {
  const Listener listener(options, sink, &users);
  PublicClient client("pump-7", shows("pump"));
  ASSERT_EQ(client.connect(listener.port()), 0);
  const std::string big(60'000, 'x');
  for (int i = 0; i < 50; ++i) client.publish("salus/pump-7", big + std::to_string(i));
  EXPECT_TRUE(client.wait_for_completed(50));
  EXPECT_THAT(distinct(sink), SizeIs(50));
}

TEST_F(MqttTls, RefusesWhoShowsNoCertificateOrAStrangers) {
  const Listener listener(options, sink, &users);
  EXPECT_EQ(PublicClient("pump-7", shows("stranger")).connect(listener.port()), -1);
  EXPECT_EQ(PublicClient("pump-7", shows("")).connect(listener.port()), -1);
  EXPECT_EQ(PublicClient("pump-7").connect(listener.port()), -1);
  EXPECT_EQ(listener.counters().publishes, 0U);
}

TEST_F(MqttTls, ReadsItsCertificateAgainForConnectionsToCome) {
  Listener listener(options, sink, &users);
  PublicClient early("early", shows("pump"));
  ASSERT_EQ(early.connect(listener.port()), 0);
  make_certificate("other-ca", "/CN=other-ca", {});
  make_certificate("server", "/CN=node",
                   {"-CA", folder.path("other-ca.pem"), "-CAkey", folder.path("other-ca.key"),
                    "-addext", "subjectAltName=IP:127.0.0.1"});
  EXPECT_EQ(PublicClient("before", shows("pump")).connect(listener.port()), 0);
  listener.reload_tls();
  auto trusts_other = shows("pump");
  trusts_other.authorities = folder.path("other-ca.pem");
  EXPECT_EQ(PublicClient("after", trusts_other).connect(listener.port()), 0);
  early.publish("salus/pump-7", "one");
  EXPECT_TRUE(early.wait_for_completed(1));
  folder.write("server.pem", "no certificate");
  EXPECT_THROW(listener.reload_tls(), Error);
  EXPECT_EQ(PublicClient("still", trusts_other).connect(listener.port()), 0);
}

TEST_F(MqttTls, LetsClientsComeByPasswordWhereCertificatesAreNotRequired) {
  options.require_client_certificate = false;
  const PasswordAuthenticator ward({{"ward", openssl_sha256(as_bytes("right"))}});
  const Listener listener(options, sink, &ward);
  EXPECT_EQ(PublicClient("a", shows("")).connect(listener.port()), 5);
  PublicClient client("a", shows(""));
  client.log_in("ward", "right");
  EXPECT_EQ(client.connect(listener.port()), 0);
}

TEST(MosquittoPub, PublishesAFileAndLines) {
  NEED_PROGRAM("mosquitto_pub");
  const TemporaryFolder folder;
  JudgingSink sink;
  const Listener listener(on_port(0), sink, nullptr);
  const std::string port = std::to_string(listener.port());
  const std::string statement = folder.write("statement", "one\0two");
  const std::string lines = folder.write("lines", numbered_lines(300));
  const auto publish = [&](const std::vector<std::string>& more, const std::string& input) {
    std::vector<std::string> command = {
        *find_program("mosquitto_pub"), "-h", "127.0.0.1", "-p", port, "-t", "salus/ward/x"};
    command.insert(command.end(), more.begin(), more.end());
    return Program(command, folder.path("log"), input).wait();
  };
  EXPECT_EQ(publish({"-q", "1", "-f", statement}, "/dev/null"), 0);
  EXPECT_EQ(publish({"-q", "1", "-l", "-i", "ward-7"}, lines), 0);
  EXPECT_EQ(publish({"-q", "0", "-f", statement}, "/dev/null"), 0);
  EXPECT_TRUE(sink.wait_for(302)) << content_of(folder.path("log"));
  EXPECT_THAT(distinct(sink), SizeIs(301));
}

class MosquittoBridge : public testing::Test {
 protected:
  void SetUp() override {
    NEED_PROGRAM("mosquitto");
    NEED_PROGRAM("mosquitto_pub");
  }

  void publish_lines(int count) const {
    const std::vector<std::string> command = {*find_program("mosquitto_pub"),
                                              "-h",
                                              "127.0.0.1",
                                              "-p",
                                              std::to_string(broker->port()),
                                              "-q",
                                              "1",
                                              "-t",
                                              "salus/ward/pump",
                                              "-l"};
    EXPECT_EQ(
        Program(command, folder.path("log"), folder.write("lines", numbered_lines(count))).wait(),
        0);
  }

  TemporaryFolder folder;
  std::optional<test::MosquittoBroker> broker;
};

TEST_F(MosquittoBridge, BringsWhatIsPublishedToTheBroker) {
  JudgingSink sink;
  const Listener listener(on_port(0), sink, nullptr);
  broker.emplace(listener.port());
  publish_lines(500);
  EXPECT_TRUE(sink.wait_for(500)) << broker->log();
  EXPECT_THAT(distinct(sink), SizeIs(500));
  const Counters counters = listener.counters();
  EXPECT_EQ(counters.accepted, 1U)
      << broker->log();             // At once, with the bridge's own protocol level.
  EXPECT_GE(counters.ignored, 1U);  // What it tells of its state.
}

TEST_F(MosquittoBridge, BringsEverythingThoughTheListenerWasGone) {
  JudgingSink never({.delay = -1us});
  std::optional<Listener> first(std::in_place, on_port(0), never, nullptr);
  const std::uint16_t port = first->port();
  broker.emplace(port);
  publish_lines(60);
  ASSERT_TRUE(never.wait_for(1)) << broker->log();
  first.reset();
  JudgingSink sink;
  const Listener second(on_port(port), sink, nullptr);
  ASSERT_TRUE(sink.wait_for(60)) << broker->log();
  EXPECT_THAT(distinct(sink), SizeIs(60));
}

}  // namespace
}  // namespace salus::node::mqtt

// The MQTT publisher: its packets as the node's strict reader sees them, and itself before a broker
// that others wrote.
#include "cli/client/mqtt_client.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <fstream>
#include <set>
#include <thread>

#include "cli/client/mqtt_packets.h"
#include "engine/error.h"
#include "engine/files/descriptor.h"
#include "node/mqtt/packet.h"
#include "node/mqtt/packet_writer.h"
#include "tests/node/mqtt/program.h"
#include "tests/support/free_port.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using namespace std::chrono_literals;
using cli::client::MqttBytes;
using cli::client::MqttClient;
using cli::client::MqttClientOptions;
using cli::client::read_server_packet;
using cli::client::ReadState;
using Type = cli::client::ServerPacket::Type;

node::mqtt::Frame frame_of(const MqttBytes& bytes) {
  const node::mqtt::FrameResult result = node::mqtt::read_frame(bytes, 1 << 20);
  EXPECT_EQ(result.state, node::mqtt::FrameState::whole);
  EXPECT_EQ(result.frame.size, bytes.size());
  return result.frame;
}

TEST(MqttPackets, AreWhatAServerReads) {
  MqttBytes bytes;
  cli::client::append_connect({"a-client", 60, "ward", "secret"}, bytes);
  const auto connect = node::mqtt::parse_connect(frame_of(bytes).body);
  ASSERT_TRUE(connect && connect->is_supported);
  EXPECT_TRUE(connect->clean_session);
  EXPECT_EQ(connect->client_id, "a-client");
  EXPECT_EQ(connect->keep_alive_seconds, 60);
  EXPECT_EQ(connect->username, "ward");
  EXPECT_EQ(to_hex(*connect->password), to_hex(as_bytes(std::string_view("secret"))));

  for (const std::size_t size : {0U, 1U, 100U, 127U, 128U, 16'383U, 20'000U}) {
    bytes.clear();
    const std::vector<std::uint8_t> payload(size, 7);
    cli::client::append_publish(0x1234, "salus/x", payload, size == 1, bytes);
    const node::mqtt::Frame frame = frame_of(bytes);
    const auto publish = node::mqtt::parse_publish(frame.flags, frame.body);
    ASSERT_TRUE(publish);
    EXPECT_EQ(publish->qos, 1);
    EXPECT_EQ(publish->is_duplicate, size == 1);
    EXPECT_EQ(publish->packet_id, 0x1234);
    EXPECT_EQ(publish->topic, "salus/x");
    EXPECT_EQ(publish->payload.size(), size);
  }

  bytes.clear();
  cli::client::append_subscribe(1, "salus/a/refused", bytes);
  auto filters = node::mqtt::FilterList::parse_subscribe(frame_of(bytes).body);
  ASSERT_TRUE(filters);
  EXPECT_EQ(filters->next()->text, "salus/a/refused");

  bytes.clear();
  cli::client::append_pingreq(bytes);
  EXPECT_EQ(frame_of(bytes).type, node::mqtt::PacketType::pingreq);
}

TEST(MqttPackets, OfAServerAreReadWholeOrNotAtAll) {
  std::vector<std::uint8_t> bytes;
  node::mqtt::append_connack(node::mqtt::ConnectCode::bad_credentials, bytes);
  node::mqtt::append_puback(0xabcd, bytes);
  node::mqtt::append_suback(1, std::vector<std::uint8_t>{0x80}, bytes);
  node::mqtt::append_pingresp(bytes);
  const std::vector<std::uint8_t> payload(200, 'p');
  node::mqtt::append_publish("salus/a/refused", payload, bytes);
  Bytes rest = bytes;
  std::vector<Type> types;
  while (!rest.empty()) {
    for (std::size_t size = 0;; ++size) {
      const auto result = read_server_packet(rest.first(size), 1000);
      ASSERT_NE(result.state, ReadState::malformed);
      if (result.state == ReadState::incomplete) continue;
      types.push_back(result.packet.type);
      if (result.packet.type == Type::puback) {
        EXPECT_EQ(result.packet.packet_id, 0xabcd);
      }
      if (result.packet.type == Type::connack) {
        EXPECT_EQ(result.packet.code, 4);
      }
      if (result.packet.type == Type::suback) {
        EXPECT_EQ(result.packet.code, 0x80);
      }
      if (result.packet.type == Type::publish) {
        EXPECT_EQ(result.packet.topic, "salus/a/refused");
        EXPECT_EQ(result.packet.payload.size(), payload.size());
      }
      rest = rest.subspan(result.packet.size);
      break;
    }
  }
  EXPECT_THAT(types, testing::ElementsAre(Type::connack, Type::puback, Type::suback, Type::pingresp,
                                          Type::publish));
}

TEST(MqttPackets, ThatAPublisherCannotGetAreMalformed) {
  const std::vector<MqttBytes> wrong = {
      {0x00, 0x00},                          // reserved
      {0x10, 0x00},                          // CONNECT
      {0x40, 0x03, 0, 1, 0},                 // PUBACK, too long
      {0x32, 0x05, 0, 1, 'a', 0, 1},         // QoS 1
      {0x30, 0x01, 0},                       // no topic
      {0x30, 0x03, 0, 9, 'a'},               // topic beyond the end
      {0x40, 0xff, 0xff, 0xff, 0xff, 0x01},  // five bytes of length
      {0x30, 0xff, 0x7f},                    // longer than permitted
  };
  for (const MqttBytes& bytes : wrong)
    EXPECT_EQ(read_server_packet(bytes, 1000).state, ReadState::malformed) << to_hex(bytes);
}

/// A mosquitto of its own.
class PublicBroker : public testing::Test {
 protected:
  void SetUp() override {
    const auto mosquitto = find_program("mosquitto");
    if (!mosquitto) GTEST_SKIP() << "mosquitto is not installed";
    port_ = free_port();
    const std::string config =
        folder_.write("mosquitto.conf",
                      "listener " + std::to_string(port_) + " 127.0.0.1\nallow_anonymous true\n");
    broker_.emplace(std::vector<std::string>{*mosquitto, "-c", config}, folder_.path("log"));
  }

  /// As soon as the broker listens.
  std::unique_ptr<MqttClient> connect(cli::client::MqttHandlers handlers) const {
    const MqttClientOptions options{.endpoint = {"mqtt", "127.0.0.1", port_},
                                    .client_id = "salus-test"};
    for (int attempt = 0;; ++attempt) {
      try {
        return std::make_unique<MqttClient>(options, handlers);
      } catch (const Error&) {
        if (attempt == 200) throw;
        std::this_thread::sleep_for(50ms);
      }
    }
  }

  TemporaryFolder folder_;
  std::uint16_t port_ = 0;
  std::optional<Program> broker_;
};

TEST_F(PublicBroker, AcknowledgesWhatIsPublishedAndSendsWhatIsSubscribed) {
  constexpr std::uint16_t kPublishes = 500;
  std::set<std::uint16_t> acknowledged;
  std::size_t received = 0;
  const auto client = connect({.acknowledged = [&](std::uint16_t id) { acknowledged.insert(id); },
                               .received =
                                   [&](std::string_view topic, Bytes payload) {
                                     EXPECT_EQ(topic, "salus/test");
                                     EXPECT_EQ(payload.size(), 1000U);
                                     ++received;
                                   }});
  EXPECT_TRUE(client->subscribe("salus/test"));
  const std::vector<std::uint8_t> payload(1000, 'x');
  for (std::uint16_t id = 2; id < 2 + kPublishes; ++id)
    client->publish(id, "salus/test", payload, false);
  for (int i = 0; i < 1000 && (acknowledged.size() < kPublishes || received < kPublishes); ++i)
    client->exchange(100ms);
  EXPECT_EQ(acknowledged.size(), kPublishes);
  EXPECT_EQ(received, kPublishes);
  EXPECT_EQ(client->unsent(), 0U);
}

TEST_F(PublicBroker, IsMissedWhenItGoes) {
  const auto client = connect({.acknowledged = [](std::uint16_t) {}, .received = {}});
  broker_.reset();
  EXPECT_THROW(
      {
        for (int i = 0; i < 100; ++i) client->exchange(100ms);
      },
      Error);
}

TEST(MqttClient, NamesAServerThatIsNotThere) {
  try {
    MqttClient({.endpoint = {"mqtt", "127.0.0.1", free_port()}, .client_id = "x"}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::system);
    EXPECT_THAT(error.what(), testing::HasSubstr("cannot connect"));
  }
}

}  // namespace
}  // namespace salus::test

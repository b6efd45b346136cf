// Reading packets: what the standard says, and every way in which bytes can be something else.
#include "node/mqtt/packet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/mqtt/text.h"
#include "node/mqtt/topics.h"
#include "tests/node/mqtt/packet_bytes.h"

namespace salus::node::mqtt {
namespace {

using test::operator+;
using test::Packet;
using test::packet;
using test::text;

constexpr std::size_t kMax = 1 << 20;

Frame frame_of(const Packet& bytes) {
  const FrameResult result = read_frame(bytes, kMax);
  EXPECT_EQ(result.state, FrameState::whole);
  return result.frame;
}

TEST(MqttFrame, TakesEveryLengthInItsShortestForm) {
  for (const std::size_t length : {0, 1, 127, 128, 16'383, 16'384, 100'000}) {
    const Packet bytes = packet(0x30, Packet(length, 7));
    const FrameResult result = read_frame(bytes, kMax);
    ASSERT_EQ(result.state, FrameState::whole) << length;
    EXPECT_EQ(result.frame.body.size(), length);
    EXPECT_EQ(result.frame.size, bytes.size());
    EXPECT_EQ(read_frame(bytes, bytes.size() - 1).state, FrameState::too_long);
  }
}

TEST(MqttFrame, AsksForMoreAtEveryCutAndSaysHowMuch) {
  const Packet bytes = packet(0x32, Packet(300, 7));
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    const FrameResult result = read_frame(Bytes(bytes).first(cut), kMax);
    EXPECT_EQ(result.state, FrameState::incomplete);
    EXPECT_EQ(result.size, cut < 3 ? 0 : bytes.size());
  }
}

TEST(MqttFrame, RefusesLengthsThatAreTooLongOrNotShortest) {
  for (const Packet& bytes : {Packet{0x30, 0x80, 0x80, 0x80, 0x80}, Packet{0x30, 0x80, 0x00},
                              Packet{0x30, 0xFF, 0x80, 0x00}, Packet{0x30, 0xFF, 0xFF, 0xFF, 0xFF}})
    EXPECT_EQ(read_frame(bytes, kMax).state, FrameState::malformed);
  EXPECT_EQ(read_frame(Packet{0x30, 0xFF, 0xFF, 0xFF, 0x7F}, kMax).state, FrameState::too_long);
}

/// Table 2.1 and 2.2, one first byte after the other.
TEST(MqttFrame, JudgesEveryFirstByteByItself) {
  const auto is_good = [](int byte) {
    const int type = byte / 16;
    const int flags = byte % 16;
    if (type == 0 || type == 15) return false;
    if (type == 3) return flags % 8 / 2 != 3 && (flags < 8 || flags % 8 / 2 != 0);
    return flags == (type == 6 || type == 8 || type == 10 ? 2 : 0);
  };
  for (int byte = 0; byte < 256; ++byte) {
    const FrameState state = read_frame(Packet{static_cast<std::uint8_t>(byte)}, kMax).state;
    EXPECT_EQ(state, is_good(byte) ? FrameState::incomplete : FrameState::malformed) << byte;
  }
}

TEST(MqttConnect, ReadsAllFields) {
  const Packet bytes = test::connect({.client_id = "pump-7",
                                      .clean_session = false,
                                      .keep_alive = 300,
                                      .username = "ward",
                                      .password = "secret",
                                      .will_topic = "$SYS/broker/connection/x/state"});
  const auto connect = parse_connect(frame_of(bytes).body);
  ASSERT_TRUE(connect);
  EXPECT_TRUE(connect->is_supported);
  EXPECT_FALSE(connect->is_bridge);
  EXPECT_FALSE(connect->clean_session);
  EXPECT_EQ(connect->keep_alive_seconds, 300);
  EXPECT_EQ(connect->client_id, "pump-7");
  EXPECT_TRUE(connect->has_will);
  EXPECT_EQ(connect->will_topic, "$SYS/broker/connection/x/state");
  EXPECT_EQ(connect->username, "ward");
  ASSERT_TRUE(connect->password);
  EXPECT_THAT(*connect->password, testing::ElementsAreArray(as_bytes("secret")));
}

/// The example of the standard, figure 3.6, with a payload.
TEST(MqttConnect, ReadsTheStandardsExample) {
  const Packet body = {0, 4, 'M', 'Q', 'T', 'T', 4, 0xCE, 0,   10, 0, 1,  'c',
                       0, 1, 't', 0,   1,   'm', 0, 1,    'u', 0,  1, 'p'};
  const auto connect = parse_connect(body);
  ASSERT_TRUE(connect);
  EXPECT_TRUE(connect->clean_session);
  EXPECT_EQ(connect->keep_alive_seconds, 10);
  EXPECT_EQ(connect->client_id, "c");
}

TEST(MqttConnect, IsRefusedAtEveryCutAndWithSomethingBehind) {
  const Packet whole = test::connect({.username = "u", .password = "p", .will_topic = "a/b"});
  const Packet body(whole.begin() + 2, whole.end());
  for (std::size_t cut = 0; cut < body.size(); ++cut)
    EXPECT_FALSE(parse_connect(Bytes(body).first(cut))) << cut;
  EXPECT_TRUE(parse_connect(body));
  EXPECT_FALSE(parse_connect(body + Packet{0}));
}

TEST(MqttConnect, RefusesFlagsThatContradictThemselves) {
  const Packet rest = Packet{0, 10} + text("c");
  for (const int flags : {0x01, 0x08, 0x10, 0x20, 0x40, 0x1C, 0x1E}) {
    const Packet body =
        text("MQTT") + Packet{4, static_cast<std::uint8_t>(flags)} + rest + text("a") + text("b");
    EXPECT_FALSE(parse_connect(body)) << flags;
  }
}

TEST(MqttConnect, TellsOtherLevelsFromOtherProtocols) {
  const auto level = [](std::string_view name, std::uint8_t number) {
    return parse_connect(text(name) + Packet{number} + Packet(20, 0xFF));
  };
  for (const int other : {0, 3, 5, 6, 0x83, 0x85, 0xFF}) {
    const auto connect = level("MQTT", static_cast<std::uint8_t>(other));
    ASSERT_TRUE(connect) << other;
    EXPECT_FALSE(connect->is_supported) << other;
  }
  ASSERT_TRUE(level("MQIsdp", 3));
  EXPECT_FALSE(level("MQIsdp", 3)->is_supported);
  EXPECT_FALSE(level("MQTX", 4));
  EXPECT_FALSE(level("mqtt", 4));
  EXPECT_FALSE(level("", 4));
}

TEST(MqttConnect, TakesTheBridgeBitOfMosquitto) {
  const auto connect = parse_connect(frame_of(test::connect({.level = 0x84})).body);
  ASSERT_TRUE(connect);
  EXPECT_TRUE(connect->is_supported);
  EXPECT_TRUE(connect->is_bridge);
}

TEST(MqttPublish, ReadsBothQualitiesOfService) {
  const Packet first = test::publish(0, "payload", "a/b");
  const Frame plain = frame_of(first);
  const auto at_0 = parse_publish(plain.flags, plain.body);
  ASSERT_TRUE(at_0);
  EXPECT_EQ(at_0->qos, 0);
  EXPECT_EQ(at_0->topic, "a/b");
  EXPECT_THAT(at_0->payload, testing::ElementsAreArray(as_bytes("payload")));

  const Packet second = test::publish(0x1234, "", "a", true);
  const Frame repeated = frame_of(second);
  const auto at_1 = parse_publish(repeated.flags, repeated.body);
  ASSERT_TRUE(at_1);
  EXPECT_EQ(at_1->qos, 1);
  EXPECT_TRUE(at_1->is_duplicate);
  EXPECT_EQ(at_1->packet_id, 0x1234);
  EXPECT_TRUE(at_1->payload.empty());
}

TEST(MqttPublish, RefusesBadTopicsAndPacketIds) {
  for (const std::string_view topic :
       {std::string_view(), std::string_view("a/+"), std::string_view("#"),
        std::string_view("a\0b", 3), std::string_view("\xC0\x80"),
        std::string_view("\xED\xA0\x80")})
    EXPECT_FALSE(parse_publish(0, text(topic)));
  EXPECT_FALSE(parse_publish(2, text("a") + Packet{0, 0}));
  EXPECT_FALSE(parse_publish(2, text("a") + Packet{1}));
  EXPECT_FALSE(parse_publish(0, Packet{0, 9, 'a'}));
}

TEST(MqttSubscribe, ReadsFiltersInOrderAndRefusesBadOnes) {
  const Packet good = Packet{0, 7} + text("a/+/b") + Packet{2} + text("#") + Packet{0};
  auto list = FilterList::parse_subscribe(good);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->packet_id(), 7);
  EXPECT_EQ(list->next()->text, "a/+/b");
  EXPECT_EQ(list->next()->text, "#");
  EXPECT_FALSE(list->next());
  for (const Packet& body :
       {Packet{}, Packet{0, 7}, Packet{0, 0} + text("a") + Packet{0}, Packet{0, 7} + text("a"),
        Packet{0, 7} + text("a") + Packet{3}, Packet{0, 7} + text("") + Packet{0},
        Packet{0, 7} + text("a#") + Packet{0}, Packet{0, 7} + text("#/a") + Packet{0},
        Packet{0, 7} + text("a+/b") + Packet{0}, Packet{0, 7} + text("a") + Packet{0, 9}})
    EXPECT_FALSE(FilterList::parse_subscribe(body));
  EXPECT_TRUE(FilterList::parse_unsubscribe(Packet{0, 7} + text("a") + text("+")));
  EXPECT_FALSE(FilterList::parse_unsubscribe(Packet{0, 7}));
}

TEST(MqttText, IsWellFormedUtf8WithoutNull) {
  using namespace std::string_view_literals;
  for (const std::string_view good : {""sv, "a"sv, "\xC2\x80"sv, "\xE2\x82\xAC"sv,
                                      "\xF0\x9F\x98\x80"sv, "\xF4\x8F\xBF\xBF"sv, "\xEF\xBB\xBF"sv})
    EXPECT_TRUE(is_mqtt_text(good)) << testing::PrintToString(good);
  for (const std::string_view bad :
       {"\0"sv, "\x80"sv, "\xC1\xBF"sv, "\xC2"sv, "\xE0\x9F\xBF"sv, "\xED\xA0\x80"sv, "\xE2\x82"sv,
        "\xF0\x8F\xBF\xBF"sv, "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xFF"sv,
        "a\xE2\x28\xA1"sv})
    EXPECT_FALSE(is_mqtt_text(bad)) << testing::PrintToString(bad);
}

TEST(MqttTopics, TellStatementsFromTheRest) {
  EXPECT_EQ(topic_use("salus", "salus/a"), TopicUse::statement);
  EXPECT_EQ(topic_use("salus", "salus/ward 7/pump/statement"), TopicUse::statement);
  EXPECT_EQ(topic_use("salus", "salus"), TopicUse::foreign);
  EXPECT_EQ(topic_use("salus", "salus/"), TopicUse::foreign);
  EXPECT_EQ(topic_use("salus", "salusa/a"), TopicUse::foreign);
  EXPECT_EQ(topic_use("salus", "other/a"), TopicUse::foreign);
  EXPECT_EQ(topic_use("salus", "salus/a/receipt"), TopicUse::foreign);
  EXPECT_EQ(topic_use("salus", "salus/a/refused"), TopicUse::foreign);
  EXPECT_EQ(topic_use("salus", "$SYS/broker/connection/b/state"), TopicUse::bridge_state);
}

TEST(MqttTopics, TakeClientIdsThatAreOneLevel) {
  EXPECT_TRUE(is_client_id("host.bridge", 23));
  EXPECT_TRUE(is_client_id("Säule", 23));
  for (const std::string_view bad : {"", "a/b", "a+", "#", "a\nb", "\xFF"})
    EXPECT_FALSE(is_client_id(bad, 23)) << bad;
  EXPECT_FALSE(is_client_id("123456789", 8));
}

}  // namespace
}  // namespace salus::node::mqtt

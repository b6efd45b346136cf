// The protocol, packet by packet, without a socket.
#include "node/mqtt/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/node/mqtt/judging_sink.h"
#include "tests/node/mqtt/packet_bytes.h"

namespace salus::node::mqtt {
namespace {

using test::operator+;
using test::Packet;
using test::packet;
using test::text;
using testing::ElementsAre;
using testing::IsEmpty;

class FakeHost : public SessionHost {
 public:
  ConnectCode admit(const Connect& connect, std::string& client_id) override {
    last_username = std::string(connect.username.value_or(""));
    if (client_id.empty()) client_id = "unnamed-1";
    return code;
  }
  void await_receipt(const Digest& id) override { awaited.push_back(id); }

  ConnectCode code = ConnectCode::accepted;
  std::string last_username;
  std::vector<Digest> awaited;
};

class MqttSession : public testing::Test {
 protected:
  /// Everything at once; what is not used up is forgotten.
  void send(const Packet& bytes) { used = session.receive(bytes); }
  Packet sent() { return std::exchange(session.output(), {}); }
  void connect(const test::ConnectFields& fields = {}) {
    send(test::connect(fields));
    ASSERT_EQ(sent(), test::connack(0));
  }
  std::shared_ptr<Batch> answer(std::shared_ptr<Batch> batch) {
    for (std::size_t i = 0; i < batch->submission.size(); ++i)
      batch->outcomes.push_back(test::judge(batch->submission.message(i)));
    batch->is_answered = true;
    return batch;
  }
  void answer_all() {
    if (auto batch = session.take_batch()) answer(batch);
    session.settle();
  }

  SessionLimits limits;
  FakeHost host;
  Session session{limits, host};
  std::size_t used = 0;
};

TEST_F(MqttSession, AnswersConnectWithItsCode) {
  connect({.client_id = "pump", .keep_alive = 7, .username = "ward"});
  EXPECT_TRUE(session.is_connected());
  EXPECT_EQ(session.client_id(), "pump");
  EXPECT_EQ(session.keep_alive_seconds(), 7);
  EXPECT_EQ(host.last_username, "ward");
  for (const int code : {3, 4, 5}) {
    Session refused(limits, host);
    host.code = static_cast<ConnectCode>(code);
    refused.receive(test::connect());
    EXPECT_EQ(refused.output(), test::connack(static_cast<std::uint8_t>(code)));
    EXPECT_EQ(refused.close_reason(), CloseReason::connect_refused);
  }
}

TEST_F(MqttSession, RefusesOtherLevelsByCode1) {
  send(test::connect({.level = 5}));
  EXPECT_EQ(sent(), test::connack(1));
  EXPECT_EQ(session.close_reason(), CloseReason::connect_refused);
}

TEST_F(MqttSession, WantsAClientIdUnlessTheSessionIsClean) {
  send(test::connect({.client_id = "", .clean_session = false}));
  EXPECT_EQ(sent(), test::connack(2));
  Session clean(limits, host);
  clean.receive(test::connect({.client_id = ""}));
  EXPECT_EQ(clean.output(), test::connack(0));
  EXPECT_EQ(clean.client_id(), "unnamed-1");
  Session other(limits, host);
  other.receive(test::connect({.client_id = "a/b"}));
  EXPECT_EQ(other.output(), test::connack(2));
}

TEST_F(MqttSession, WantsConnectFirstAndOnce) {
  for (const Packet& early : {test::pingreq(), test::publish(1, "x"), test::disconnect(),
                              test::subscribe(1, {"salus/a/refused"})}) {
    for (const std::size_t length : {std::size_t{1}, early.size()}) {
      Session fresh(limits, host);
      fresh.receive(Bytes(early).first(length));
      EXPECT_EQ(fresh.close_reason(), CloseReason::out_of_turn);
      EXPECT_THAT(fresh.output(), IsEmpty());
    }
  }
  connect();
  send(test::connect());
  EXPECT_EQ(session.close_reason(), CloseReason::out_of_turn);
}

TEST_F(MqttSession, AcknowledgesOnlyWhatIsAnswered) {
  connect();
  send(test::publish(1, "one") + test::publish(0, "zero") + test::publish(2, "two"));
  const auto batch = session.take_batch();
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->submission.size(), 3U);
  EXPECT_EQ(session.in_flight(), 3U);
  session.settle();
  EXPECT_THAT(sent(), IsEmpty());
  answer(batch);
  session.settle();
  EXPECT_EQ(sent(), test::puback(1) + test::puback(2));
  EXPECT_EQ(session.in_flight(), 0U);
}

TEST_F(MqttSession, AcknowledgesInTheOrderOfThePublishesWhateverTheOrderOfAnswers) {
  connect();
  send(test::publish(5, "a"));
  const auto first = session.take_batch();
  send(test::publish(3, "b"));
  const auto second = session.take_batch();
  answer(second);
  session.settle();
  EXPECT_THAT(sent(), IsEmpty());
  answer(first);
  session.settle();
  EXPECT_EQ(sent(), test::puback(5) + test::puback(3));
}

TEST_F(MqttSession, AcknowledgesWhatIsRefusedAndSaysWhyToWhoeverSubscribed) {
  connect();
  send(test::publish(1, "bad one"));
  answer_all();
  EXPECT_EQ(sent(), test::puback(1));

  send(test::subscribe(2, {"salus/device-1/refused"}));
  EXPECT_EQ(sent(), test::suback(2, {0}));
  send(test::publish(3, "bad two") + test::publish(0, "form") + test::publish(4, "dup"));
  const Digest id = test::judge(as_bytes("bad two")).id;
  answer_all();
  const auto notice = [](const std::string& json) {
    return test::publish(0, json, "salus/device-1/refused");
  };
  EXPECT_EQ(sent(),
            notice(R"({"id":")" + to_hex(id) + R"(","reason":"bad_signature","packet_id":3})") +
                test::puback(3) + notice(R"({"id":null,"reason":"malformed","packet_id":null})") +
                test::puback(4));
}

TEST_F(MqttSession, DoesNotAcknowledgeWhatIsOverloadedNorAnythingBehind) {
  connect();
  send(test::publish(1, "good") + test::publish(2, "over") + test::publish(3, "good"));
  const auto first = session.take_batch();
  send(test::publish(4, "good"));
  const auto second = session.take_batch();
  answer(first);
  answer(second);
  session.settle();
  EXPECT_EQ(sent(), test::puback(1));
  EXPECT_EQ(session.close_reason(), CloseReason::overloaded);
  EXPECT_EQ(session.take_tally().overloaded, 1U);
}

TEST_F(MqttSession, TakesARedeliveredPublishLikeAnyOther) {
  connect();
  send(test::publish(9, "dup", "salus/x", true));
  answer_all();
  EXPECT_EQ(sent(), test::puback(9));
}

TEST_F(MqttSession, GrantsOnlyItsOwnTopics) {
  connect();
  send(test::subscribe(7, {"salus/device-1/receipt", "salus/device-2/refused", "#",
                           "salus/device-1/+", "salus/device-1/refused", "salus/x"}));
  EXPECT_EQ(sent(), test::suback(7, {0, 0x80, 0x80, 0x80, 0, 0x80}));
}

TEST_F(MqttSession, AwaitsAndSendsReceiptsWhileSubscribed) {
  connect();
  session.send_receipt(as_bytes("receipt"));
  EXPECT_THAT(sent(), IsEmpty());
  send(test::subscribe(1, {"salus/device-1/receipt"}) + test::publish(2, "good") +
       test::publish(3, "bad") + test::publish(4, "dup"));
  answer_all();
  EXPECT_THAT(host.awaited,
              ElementsAre(test::judge(as_bytes("good")).id, test::judge(as_bytes("dup")).id));
  sent();
  session.send_receipt(as_bytes("receipt"));
  EXPECT_EQ(sent(), test::publish(0, "receipt", "salus/device-1/receipt"));
  send(test::unsubscribe(5, {"salus/device-1/receipt", "other"}));
  EXPECT_EQ(sent(), test::unsuback(5));
  session.send_receipt(as_bytes("receipt"));
  EXPECT_THAT(sent(), IsEmpty());
}

TEST_F(MqttSession, AnswersPingAndEndsAtDisconnect) {
  connect();
  send(test::pingreq() + test::disconnect() + test::pingreq());
  EXPECT_EQ(sent(), test::pingresp());
  EXPECT_EQ(session.close_reason(), CloseReason::disconnected);
}

TEST_F(MqttSession, HandsOverWhatWasPublishedBeforeDisconnect) {
  connect();
  send(test::publish(0, "last words") + test::disconnect());
  const auto batch = session.take_batch();
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->submission.size(), 1U);
}

TEST_F(MqttSession, EndsAtWhatItDoesNotOffer) {
  const std::pair<Packet, CloseReason> cases[] = {
      {packet(0x34, text("salus/a") + Packet{0, 1, 'x'}), CloseReason::not_offered},
      {packet(0x62, {0, 1}), CloseReason::not_offered},
      {packet(0x50, {0, 1}), CloseReason::not_offered},
      {packet(0x70, {0, 1}), CloseReason::not_offered},
      {packet(0x40, {0, 1}), CloseReason::out_of_turn},
      {packet(0x20, {0, 0}), CloseReason::out_of_turn},
      {packet(0xD0, {}), CloseReason::out_of_turn},
      {packet(0xC0, {0}), CloseReason::malformed},
      {packet(0xE0, {0}), CloseReason::malformed},
      {packet(0x80, {}), CloseReason::malformed},
      {packet(0x82, {0, 1}), CloseReason::malformed},
      {packet(0xA2, {0, 1}), CloseReason::malformed},
      {packet(0x30, {}), CloseReason::malformed},
      {packet(0xF0, {}), CloseReason::malformed},
      {test::publish(1, "x", "elsewhere/a"), CloseReason::foreign_topic},
      {test::publish(1, "x", "salus/device-2/refused"), CloseReason::foreign_topic},
  };
  for (const auto& [bytes, reason] : cases) {
    Session fresh(limits, host);
    fresh.receive(test::connect());
    fresh.receive(bytes);
    EXPECT_EQ(fresh.close_reason(), reason) << testing::PrintToString(bytes);
    EXPECT_EQ(fresh.take_batch(), nullptr);
  }
}

TEST_F(MqttSession, IgnoresABridgesNewsOfItselfInOrder) {
  connect({.will_topic = "$SYS/broker/connection/b/state"});
  send(test::publish(1, "good") + test::publish(2, "1", "$SYS/broker/connection/b/state"));
  const auto batch = session.take_batch();
  EXPECT_EQ(batch->submission.size(), 1U);
  session.settle();
  EXPECT_THAT(sent(), IsEmpty());
  answer(batch);
  session.settle();
  EXPECT_EQ(sent(), test::puback(1) + test::puback(2));
  send(test::publish(3, "1", "$SYS/broker/connection/b/state"));
  EXPECT_TRUE(session.take_batch()->is_answered);
  session.settle();
  EXPECT_EQ(sent(), test::puback(3));
}

/// A bridge would bring it again for ever if the connection were closed.
TEST_F(MqttSession, RefusesAnOversizePublishWithoutKeepingIt) {
  connect();
  send(test::subscribe(1, {"salus/device-1/refused"}));
  sent();
  const Packet big = test::publish(2, std::string(limits.max_packet_bytes() * 3, 'x')) +
                     test::publish(3, std::string(limits.max_statement_bytes + 1, 'x')) +
                     test::publish(4, "good");
  Packet buffer;
  for (std::size_t at = 0; at < big.size(); at += 1000) {
    const std::size_t end = std::min(big.size(), at + 1000);
    buffer.insert(buffer.end(), big.begin() + static_cast<std::ptrdiff_t>(at),
                  big.begin() + static_cast<std::ptrdiff_t>(end));
    const std::size_t taken = session.receive(buffer);
    buffer.erase(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(taken));
    ASSERT_LE(buffer.size(), limits.max_packet_bytes());
  }
  answer_all();
  const auto notice = [](const std::string& id) {
    return test::publish(0, R"({"id":null,"reason":"oversize","packet_id":)" + id + "}",
                         "salus/device-1/refused");
  };
  EXPECT_EQ(sent(),
            notice("2") + test::puback(2) + notice("3") + test::puback(3) + test::puback(4));
}

TEST_F(MqttSession, EndsAtPacketsThatAreTooLongForAnything) {
  const Packet huge_publish = {0x30, 0xFF, 0xFF, 0xFF, 0x7F, 0,   7,
                               's',  'a',  'l',  'u',  's',  '/', 'a'};
  const Packet huge_subscribe = {0x82, 0xFF, 0xFF, 0x7F};
  for (const Packet& bytes : {huge_publish, huge_subscribe}) {
    Session fresh(limits, host);
    fresh.receive(test::connect());
    fresh.receive(bytes);
    EXPECT_EQ(fresh.close_reason(), CloseReason::oversize);
  }
  send({0x10, 0xFF, 0xFF, 0x03});  // CONNECT of 64 KiB
  EXPECT_EQ(session.close_reason(), CloseReason::oversize);
}

TEST_F(MqttSession, TakesNoMoreThanMayBeInFlight) {
  limits.max_in_flight = 2;
  connect();
  const Packet bytes = test::publish(1, "a") + test::publish(2, "b") + test::publish(3, "c");
  send(bytes);
  EXPECT_EQ(used, test::publish(1, "a").size() * 2);
  EXPECT_FALSE(session.has_room());
  answer_all();
  EXPECT_EQ(session.receive(Bytes(bytes).subspan(used)), bytes.size() - used);
}

/// One byte at a time gives the same as all at once.
TEST_F(MqttSession, DoesNotMindHowBytesAreCut) {
  const Packet bytes = test::connect() + test::publish(1, "good") + test::pingreq() +
                       test::subscribe(2, {"salus/device-1/refused"}) + test::publish(3, "bad") +
                       test::unsubscribe(4, {"x"});
  send(bytes);
  answer_all();
  const Packet at_once = sent();
  Session slow(limits, host);
  Packet buffer;
  for (const std::uint8_t byte : bytes) {
    buffer.push_back(byte);
    const std::size_t taken = slow.receive(buffer);
    buffer.erase(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(taken));
  }
  EXPECT_TRUE(buffer.empty());
  answer(slow.take_batch());
  slow.settle();
  Packet sorted_slow = slow.output();
  Packet sorted_once = at_once;
  std::sort(sorted_slow.begin(), sorted_slow.end());
  std::sort(sorted_once.begin(), sorted_once.end());
  EXPECT_EQ(sorted_slow, sorted_once);
}

/// Whatever byte is changed to whatever value, the session lives on or ends with a reason; it never
/// hands out more than what was sent.
TEST_F(MqttSession, StandsEveryChangeOfEveryByte) {
  const Packet good = test::connect({.username = "u", .password = "p", .will_topic = "w"}) +
                      test::subscribe(1, {"salus/device-1/refused"}) + test::publish(2, "good") +
                      test::unsubscribe(3, {"x"}) + test::pingreq();
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      Packet bytes = good;
      bytes[at] = static_cast<std::uint8_t>(value);
      Session fresh(limits, host);
      ASSERT_LE(fresh.receive(bytes), bytes.size());
      if (const auto batch = fresh.take_batch()) {
        ASSERT_LE(batch->submission.bytes.size(), bytes.size());
        answer(batch);
        fresh.settle();
        ASSERT_EQ(fresh.in_flight(), 0U);
      }
    }
  }
}

}  // namespace
}  // namespace salus::node::mqtt

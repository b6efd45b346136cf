// The listener on real sockets, before a sink that does what the test says.
#include "node/mqtt/listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <thread>

#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "tests/node/mqtt/judging_sink.h"
#include "tests/node/mqtt/test_client.h"

namespace salus::node::mqtt {
namespace {

using namespace std::chrono_literals;
using test::connected_client;
using test::JudgingSink;
using test::operator+;
using test::Packet;
using test::TestClient;
using testing::ElementsAre;
using testing::SizeIs;

constexpr test::JudgingSinkOptions kByHand{.delay = -1us};
/// Long enough that whatever was going to happen has.
constexpr auto kMoment = 150ms;

ListenerOptions options() {
  ListenerOptions options;
  options.port = 0;
  options.threads = 2;
  return options;
}

/// Waits until `holds`; false after ten seconds.
template <typename Condition>
bool eventually(Condition holds) {
  for (int i = 0; i < 1000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

bool eventually_closed(const Listener& listener, CloseReason reason, std::uint64_t count = 1) {
  return eventually([&] { return listener.counters().closed_for(reason) == count; });
}

TEST(MqttListener, AcknowledgesAfterTheSinkHasAnswered) {
  JudgingSink sink(kByHand);
  const Listener listener(options(), sink, nullptr);
  const TestClient client = connected_client(listener.port());
  client.send(test::publish(1, "one"));
  ASSERT_TRUE(sink.wait_for(1));
  EXPECT_FALSE(client.is_readable(kMoment));
  sink.answer();
  EXPECT_EQ(client.receive(4), test::puback(1));
  EXPECT_THAT(sink.messages(), ElementsAre("one"));
}

TEST(MqttListener, HandsWhatComesTogetherToTheSinkAsOneSubmission) {
  JudgingSink sink(kByHand);
  const Listener listener(options(), sink, nullptr);
  const TestClient client = connected_client(listener.port());
  Packet bytes;
  for (std::uint16_t id = 1; id <= 20; ++id)
    bytes = bytes + test::publish(id, "statement " + std::to_string(id));
  client.send(bytes);
  ASSERT_TRUE(sink.wait_for(20));
  EXPECT_EQ(sink.waiting_submissions(), 1U);
}

TEST(MqttListener, KeepsTheOrderWhenTheSinkAnswersInAnother) {
  JudgingSink sink(kByHand);
  const Listener listener(options(), sink, nullptr);
  const TestClient client = connected_client(listener.port());
  for (std::uint16_t id = 1; id <= 3; ++id) {
    client.send(test::publish(id, std::to_string(id)));
    ASSERT_TRUE(sink.wait_for(id));
  }
  sink.answer(2);
  sink.answer(1);
  EXPECT_FALSE(client.is_readable(kMoment));
  sink.answer(0);
  EXPECT_EQ(client.receive(12), test::puback(1) + test::puback(2) + test::puback(3));
}

TEST(MqttListener, TellsWhyAStatementIsRefused) {
  JudgingSink sink;
  const Listener listener(options(), sink, nullptr);
  const TestClient client = connected_client(listener.port());
  client.send(test::subscribe(1, {"salus/device-1/refused"}));
  EXPECT_EQ(client.receive(5), test::suback(1, {0}));
  client.send(test::publish(2, "form"));
  const Packet answer = test::publish(0, R"({"id":null,"reason":"malformed","packet_id":2})",
                                      "salus/device-1/refused") +
                        test::puback(2);
  EXPECT_EQ(client.receive_like(answer), answer);
  EXPECT_EQ(listener.counters().refused, 1U);
}

TEST(MqttListener, SendsReceiptsToWhoeverWaitsForThem) {
  JudgingSink sink;
  Listener listener(options(), sink, nullptr);
  const Digest id = openssl_sha256(as_bytes("good"));
  {
    const TestClient client = connected_client(listener.port());
    client.send(test::subscribe(1, {"salus/device-1/receipt"}) + test::publish(2, "good"));
    EXPECT_THAT(client.receive(9), SizeIs(9));
    EXPECT_TRUE(listener.is_receipt_awaited(id));
    listener.send_receipt(id, as_bytes("COSE"));
    const Packet receipt = test::publish(0, "COSE", "salus/device-1/receipt");
    EXPECT_EQ(client.receive_like(receipt), receipt);
    EXPECT_FALSE(listener.is_receipt_awaited(id));
    client.send(test::publish(3, "good"));
    EXPECT_EQ(client.receive(4), test::puback(3));
  }
  ASSERT_TRUE(eventually_closed(listener, CloseReason::peer_closed));
  listener.send_receipt(id, as_bytes("to nobody"));
  EXPECT_EQ(listener.counters().receipts, 1U);
}

TEST(MqttListener, DoesNotAcknowledgeWhatIsOverloadedAndClosesLater) {
  JudgingSink sink;
  ListenerOptions quick = options();
  quick.overload_pause = 50ms;
  const Listener listener(quick, sink, nullptr);
  const TestClient client = connected_client(listener.port());
  client.send(test::publish(1, "good") + test::publish(2, "over") + test::publish(3, "good"));
  EXPECT_EQ(client.receive(100), test::puback(1));
  EXPECT_TRUE(eventually_closed(listener, CloseReason::overloaded));
  // It comes again, marked as such.
  const TestClient again = connected_client(listener.port());
  again.send(test::publish(2, "now good", "salus/a", true) +
             test::publish(3, "dup", "salus/a", true));
  EXPECT_EQ(again.receive(8), test::puback(2) + test::puback(3));
}

TEST(MqttListener, StopsReadingWhileTheSinkIsFullAndLosesNothing) {
  JudgingSink sink;
  const Listener listener(options(), sink, nullptr);
  const TestClient client = connected_client(listener.port());
  sink.set_full(true);
  constexpr std::uint16_t kCount = 400;
  const std::string payload(50'000, 'x');
  std::atomic<int> sent = 0;
  std::jthread sender([&] {
    for (std::uint16_t id = 1; id <= kCount; ++id) {
      if (!client.send(test::publish(id, payload))) return;
      ++sent;
    }
  });
  // Until the sockets' buffers are full, too.
  int before = -1;
  while (before != sent) {
    before = sent;
    std::this_thread::sleep_for(300ms);
  }
  EXPECT_LT(sent, kCount);
  EXPECT_EQ(sink.taken(), 0U);
  const Counters counters = listener.counters();
  EXPECT_GE(counters.stalls, 1U);
  EXPECT_LT(counters.held_bytes, 1U << 20);
  sink.set_full(false);
  Packet expected;
  for (std::uint16_t id = 1; id <= kCount; ++id) expected = expected + test::puback(id);
  EXPECT_EQ(client.receive_like(expected), expected);
  EXPECT_EQ(sink.taken(), kCount);
}

TEST(MqttListener, ReadsNoMoreThanMayBeInFlight) {
  JudgingSink sink(kByHand);
  ListenerOptions few = options();
  few.session.max_in_flight = 3;
  const Listener listener(few, sink, nullptr);
  const TestClient client = connected_client(listener.port());
  Packet bytes;
  for (std::uint16_t id = 1; id <= 5; ++id) bytes = bytes + test::publish(id, "x");
  client.send(bytes);
  ASSERT_TRUE(sink.wait_for(3));
  std::this_thread::sleep_for(kMoment);
  EXPECT_EQ(sink.taken(), 3U);
  while (sink.waiting_submissions() > 0) sink.answer();
  ASSERT_TRUE(sink.wait_for(5));
}

TEST(MqttListener, ReadsNothingMoreWhileItHoldsTooMuchInAll) {
  JudgingSink sink(kByHand);
  ListenerOptions small = options();
  small.max_held_bytes = 100'000;
  const Listener listener(small, sink, nullptr);
  std::vector<TestClient> clients;
  const std::string payload(60'000, 'x');
  for (int i = 0; i < 20; ++i) {
    clients.push_back(connected_client(listener.port(), {.client_id = std::to_string(i)}));
    clients.back().send(test::publish(1, payload) + test::publish(2, payload));
  }
  std::this_thread::sleep_for(kMoment);
  EXPECT_LT(sink.taken(), 10U);
  EXPECT_LT(listener.counters().held_bytes, 1'000'000U);
  ASSERT_TRUE(eventually([&] {
    while (sink.waiting_submissions() > 0) sink.answer();
    return sink.taken() == 40;
  }));
  for (const TestClient& client : clients)
    EXPECT_EQ(client.receive(8), test::puback(1) + test::puback(2));
}

TEST(MqttListener, DoesNotLoseTheLastWordsOfAClientThatLeaves) {
  JudgingSink sink;
  const Listener listener(options(), sink, nullptr);
  sink.set_full(true);
  {
    const TestClient client = connected_client(listener.port());
    client.send(test::publish(0, "last words") + test::disconnect());
  }
  std::this_thread::sleep_for(kMoment);
  EXPECT_EQ(sink.taken(), 0U);
  sink.set_full(false);
  ASSERT_TRUE(sink.wait_for(1));
  EXPECT_TRUE(eventually_closed(listener, CloseReason::disconnected));
}

TEST(MqttListener, EndsAConnectionThatIsSilentForOneAndAHalfKeepAlives) {
  JudgingSink sink(kByHand);
  const Listener listener(options(), sink, nullptr);
  const TestClient silent = connected_client(listener.port(), {.keep_alive = 1});
  const TestClient pinging =
      connected_client(listener.port(), {.client_id = "pinging", .keep_alive = 1});
  const auto start = std::chrono::steady_clock::now();
  std::atomic<bool> has_ended = false;
  std::jthread pings([&] {
    while (!has_ended) {
      pinging.send(test::pingreq());
      std::this_thread::sleep_for(200ms);
    }
  });
  EXPECT_TRUE(silent.wait_for_end());
  has_ended = true;
  EXPECT_GE(std::chrono::steady_clock::now() - start, 1400ms);
  pings.join();
  EXPECT_EQ(pinging.receive(2), test::pingresp());
  EXPECT_TRUE(eventually_closed(listener, CloseReason::keep_alive));
}

TEST(MqttListener, EndsWhoConnectsOrSendsTooSlowly) {
  JudgingSink sink;
  ListenerOptions quick = options();
  quick.connect_timeout = 1s;  // Also for the one that is let in, on a busy machine.
  quick.packet_timeout = 300ms;
  const Listener listener(quick, sink, nullptr);
  const TestClient mute(listener.port());
  const TestClient drip(listener.port());
  drip.send({0x10});
  const TestClient unfinished = connected_client(listener.port());
  unfinished.send({0x30, 20, 0, 7});
  EXPECT_TRUE(mute.wait_for_end());
  EXPECT_TRUE(drip.wait_for_end());
  EXPECT_TRUE(unfinished.wait_for_end());
  EXPECT_TRUE(eventually_closed(listener, CloseReason::too_slow, 3));
}

TEST(MqttListener, EndsWhoDoesNotReadItsAnswers) {
  JudgingSink sink;
  ListenerOptions quick = options();
  quick.write_timeout = 300ms;
  const Listener listener(quick, sink, nullptr);
  const TestClient client = connected_client(listener.port());
  Packet pings;
  for (int i = 0; i < 100'000; ++i) pings = std::move(pings) + test::pingreq();
  for (int i = 0; i < 200; ++i)
    if (client.send_within(pings, 1s) < pings.size()) break;
  EXPECT_TRUE(eventually_closed(listener, CloseReason::too_slow));
}

TEST(MqttListener, LetsANewConnectionOfAClientTakeOverAndDeliverAgain) {
  JudgingSink sink(kByHand);
  const Listener listener(options(), sink, nullptr);
  const TestClient first = connected_client(listener.port());
  first.send(test::publish(1, "one"));
  ASSERT_TRUE(sink.wait_for(1));
  const TestClient second = connected_client(listener.port());
  EXPECT_TRUE(first.wait_for_end());
  sink.answer();  // To nobody.
  second.send(test::publish(1, "dup one", "salus/x", true));
  ASSERT_TRUE(sink.wait_for(2));
  sink.answer();
  EXPECT_EQ(second.receive(4), test::puback(1));
  EXPECT_TRUE(eventually_closed(listener, CloseReason::taken_over));
}

TEST(MqttListener, ChecksPasswordsAndWhoMayTakeANameOver) {
  JudgingSink sink;
  const PasswordAuthenticator users(
      {{"ward", openssl_sha256(as_bytes("w"))}, {"theatre", openssl_sha256(as_bytes("t"))}});
  const Listener listener(options(), sink, &users);
  const auto answer = [&](const test::ConnectFields& fields) {
    const TestClient client(listener.port());
    client.send(test::connect(fields));
    return client.receive(4);
  };
  EXPECT_EQ(answer({}), test::connack(5));
  EXPECT_EQ(answer({.username = "ward"}), test::connack(4));
  EXPECT_EQ(answer({.username = "ward", .password = "t"}), test::connack(4));
  EXPECT_EQ(answer({.username = "nobody", .password = "w"}), test::connack(4));
  const TestClient ward = connected_client(listener.port(), {.username = "ward", .password = "w"});
  EXPECT_EQ(answer({.username = "theatre", .password = "t"}), test::connack(2));
  ward.send(test::pingreq());
  EXPECT_EQ(ward.receive(2), test::pingresp());
}

TEST(MqttListener, ServesAThousandConnectionsAndRefusesMore) {
  rlimit files{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = files.rlim_max;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
  if (files.rlim_cur < 2200) GTEST_SKIP() << "skipped: only " << files.rlim_cur << " open files";
  JudgingSink sink;
  ListenerOptions exact = options();
  exact.max_connections = 1000;
  const Listener listener(exact, sink, nullptr);
  std::vector<TestClient> clients;
  for (int i = 0; i < 1000; ++i)
    clients.push_back(connected_client(listener.port(), {.client_id = std::to_string(i)}));
  for (const TestClient& client : clients) client.send(test::publish(1, "good"));
  for (const TestClient& client : clients) EXPECT_EQ(client.receive(4), test::puback(1));
  const TestClient polite(listener.port());
  polite.send(test::connect());
  EXPECT_EQ(polite.receive(4), test::connack(3));
  EXPECT_EQ(listener.counters().over_limit, 1U);
  EXPECT_EQ(sink.taken(), 1000U);
  clients.clear();
  EXPECT_TRUE(eventually([&] { return listener.counters().held_bytes == 0; }));
}

TEST(MqttListener, EndsWhileTheSinkStillHasSubmissions) {
  JudgingSink sink(kByHand);
  std::optional<Listener> listener(std::in_place, options(), sink, nullptr);
  const TestClient answered_late = connected_client(listener->port(), {.client_id = "a"});
  const TestClient never = connected_client(listener->port(), {.client_id = "b"});
  answered_late.send(test::publish(1, "one"));
  ASSERT_TRUE(sink.wait_for(1));
  never.send(test::publish(1, "two"));
  ASSERT_TRUE(sink.wait_for(2));
  sink.set_full(true);
  never.send(test::publish(2, "three"));
  std::this_thread::sleep_for(kMoment);
  listener.reset();
  EXPECT_TRUE(never.wait_for_end());
  sink.answer();
  sink.drop_all();
  sink.set_full(false);
}

TEST(MqttListener, RefusesOptionsAndAddressesThatCannotBe) {
  JudgingSink sink;
  ListenerOptions wrong = options();
  wrong.session.topic_prefix = "a/#";
  EXPECT_THROW(Listener(wrong, sink, nullptr), Error);
  wrong = options();
  wrong.address = "localhost";
  EXPECT_THROW(Listener(wrong, sink, nullptr), Error);
  wrong = options();
  wrong.tls = tls::ServerFiles{.certificate_chain = "/nonexistent/chain",
                               .private_key = "/nonexistent/key"};
  EXPECT_THROW(Listener(wrong, sink, nullptr), Error);
  const Listener first(options(), sink, nullptr);
  ListenerOptions same = options();
  same.port = first.port();
  try {
    const Listener second(same, sink, nullptr);
    FAIL() << "two listeners on one port";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::system);
    EXPECT_THAT(error.what(), testing::HasSubstr(std::to_string(first.port())));
  }
}

}  // namespace
}  // namespace salus::node::mqtt

// The consumer with a real nats-server, before a sink that does what the test says.
#include "node/nats/consumer.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <thread>

#include "engine/error.h"
#include "tests/node/mqtt/judging_sink.h"
#include "tests/node/nats/jetstream.h"
#include "tests/node/nats/nats_server.h"
#include "tests/support/free_port.h"
#include "tests/support/temporary_folder.h"

namespace salus::node::nats {
namespace {

using namespace std::chrono_literals;
using salus::test::JetStream;
using salus::test::JudgingSink;
using salus::test::NatsServer;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr salus::test::JudgingSinkOptions kByHand{.delay = -1us};
/// Long enough that whatever was going to happen has.
constexpr auto kMoment = 300ms;
constexpr const char* kStream = "SALUS";
constexpr const char* kDurable = "node-1";
constexpr const char* kSubject = "salus.statements.ward-1";

/// A text of CBOR, whose first letter is its head, that the sink takes for a statement to accept.
std::string statement(int number) { return fmt::format("statement {:010}", number); }
std::vector<std::string> statements(int first, int count) {
  std::vector<std::string> all;
  for (int i = first; i < first + count; ++i) all.push_back(statement(i));
  return all;
}
// The same for what it judges otherwise.
constexpr const char* kBadSignature = "bad";
constexpr const char* kMalformed = "formula";
constexpr const char* kDuplicate = "dup12";
constexpr const char* kOverloaded = "overloaded!!!!!!";

/// Waits until `holds`; false after twenty seconds.
template <typename Condition>
bool eventually(Condition holds) {
  for (int i = 0; i < 2000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

std::set<std::string> distinct(const JudgingSink& sink) {
  const std::vector<std::string> messages = sink.messages();
  return {messages.begin(), messages.end()};
}

class NatsConsumer : public testing::Test {
 protected:
  void SetUp() override {
    NEED_NATS_SERVER();
    server.emplace();
    client.emplace(server->url());
    client->add_stream(kStream, {"salus.statements.>"});
  }

  [[nodiscard]] ConsumerOptions options() const {
    ConsumerOptions options;
    options.servers = {server->url()};
    options.durable = kDurable;
    options.ack_wait = 1s;
    options.overload_pause = 50ms;
    options.first_retry = 20ms;
    options.last_retry = 100ms;
    return options;
  }

  void publish(int first, int count) {
    for (int i = first; i < first + count; ++i)
      ASSERT_TRUE(client->publish(kSubject, statement(i)));
  }
  /// At the server.
  void make_consumer(const ConsumerOptions& options) {
    JudgingSink sink;
    const Consumer consumer(options, sink);
    ASSERT_TRUE(eventually([&] { return consumer.counters().fetches > 0; }));
  }
  bool eventually_unacknowledged(std::int64_t count) {
    return eventually([&] { return client->state(kStream, kDurable).unacknowledged == count; });
  }
  /// All that was published is acknowledged.
  bool eventually_done() {
    return eventually([&] {
      const auto state = client->state(kStream, kDurable);
      return state.unacknowledged == 0 && state.undelivered == 0;
    });
  }

  std::optional<NatsServer> server;
  std::optional<JetStream> client;
};

TEST_F(NatsConsumer, AcknowledgesAfterTheSinkHasAnswered) {
  JudgingSink sink(kByHand);
  const Consumer consumer(options(), sink);
  publish(1, 1);
  ASSERT_TRUE(sink.wait_for(1));
  EXPECT_EQ(client->state(kStream, kDurable).unacknowledged, 1);
  EXPECT_EQ(consumer.counters().held, 1U);
  sink.answer();
  EXPECT_TRUE(eventually_done());
  EXPECT_THAT(sink.messages(), testing::ElementsAre(statement(1)));
  const Counters counters = consumer.counters();
  EXPECT_TRUE(counters.is_connected);
  EXPECT_EQ(counters.accepted, 1U);
  EXPECT_EQ(counters.acknowledged, 1U);
  EXPECT_EQ(counters.held, 0U);
}

TEST_F(NatsConsumer, BringsEverythingOnceAndInOrderByManySmallFetches) {
  publish(0, 500);
  JudgingSink sink({.delay = 1ms});
  ConsumerOptions small = options();
  small.batch = 7;
  small.fetches = 3;
  small.ack_wait = 30s;
  const Consumer consumer(small, sink);
  ASSERT_TRUE(eventually([&] { return distinct(sink).size() == 500; }));
  EXPECT_TRUE(eventually_done());
  EXPECT_THAT(sink.messages(), testing::ElementsAreArray(statements(0, 500)));  // In order.
  EXPECT_GE(consumer.counters().fetches, 500U / 7);
}

TEST_F(NatsConsumer, TakesAMessageOfManyStatementsApart) {
  JudgingSink sink;
  const Consumer consumer(options(), sink);
  client->listen("salus.refused.*");
  ASSERT_TRUE(client->publish(kSubject, statement(1) + kBadSignature + statement(2)));
  EXPECT_TRUE(eventually_done());
  EXPECT_THAT(sink.messages(), testing::ElementsAre(statement(1), kBadSignature, statement(2)));
  EXPECT_THAT(client->next().second, HasSubstr(R"("reason":"bad_signature","stream_sequence":1,)"
                                               R"("index":1})"));
  EXPECT_EQ(consumer.counters().acknowledged, 1U);
}

TEST_F(NatsConsumer, AcknowledgesWhatIsRefusedAndSaysWhy) {
  JudgingSink sink;
  const Consumer consumer(options(), sink);
  client->listen("salus.refused.*");
  const auto refused = [this](std::string_view body) {
    EXPECT_TRUE(client->publish(kSubject, body));
    return client->next();
  };
  EXPECT_EQ(refused(kMalformed),
            std::pair(std::string("salus.refused.unknown"),
                      std::string(R"({"id":null,"reason":"malformed","stream_sequence":1,)"
                                  R"("index":0})")));
  EXPECT_THAT(refused(kBadSignature).second, HasSubstr("bad_signature"));
  EXPECT_THAT(refused("").second, HasSubstr("empty_body"));
  EXPECT_THAT(refused("\xFF\x01garbage").second, HasSubstr("malformed_body"));
  EXPECT_THAT(refused(std::string_view("\xD2\x84\x58", 3)).second, HasSubstr("malformed_body"));
  EXPECT_TRUE(eventually_done());
  EXPECT_EQ(consumer.counters().refused, 5U);
  EXPECT_EQ(consumer.counters().acknowledged, 5U);
}

TEST_F(NatsConsumer, SaysNothingOfDuplicates) {
  JudgingSink sink;
  const Consumer consumer(options(), sink);
  client->listen("salus.refused.*");
  ASSERT_TRUE(client->publish(kSubject, kDuplicate));
  EXPECT_TRUE(eventually([&] { return consumer.counters().acknowledged == 1; }));
  EXPECT_EQ(consumer.counters().duplicates, 1U);
  EXPECT_EQ(client->next(kMoment).first, "");
}

TEST_F(NatsConsumer, HasWhatWasOverloadedDeliveredAgain) {
  JudgingSink sink;
  const Consumer consumer(options(), sink);
  ASSERT_TRUE(client->publish(kSubject, kOverloaded));
  EXPECT_TRUE(eventually([&] { return consumer.counters().deferred >= 2; }));
  const Counters counters = consumer.counters();
  EXPECT_GE(counters.redelivered, 1U);
  EXPECT_EQ(counters.acknowledged, 0U);
  EXPECT_EQ(counters.refused, 0U);
}

TEST_F(NatsConsumer, FetchesNothingWhileTheSinkHasNoRoom) {
  JudgingSink sink({.max_waiting = 40});
  sink.set_full(true);
  ConsumerOptions small = options();
  small.batch = 10;
  small.fetches = 2;
  small.ack_wait = 30s;
  const Consumer consumer(small, sink);
  publish(0, 300);
  ASSERT_TRUE(eventually([&] { return consumer.counters().stalls > 0; }));
  std::this_thread::sleep_for(kMoment);
  EXPECT_LE(consumer.counters().fetched, 20U);
  EXPECT_GE(client->state(kStream, kDurable).undelivered, 280U);
  EXPECT_EQ(sink.taken(), 0U);
  sink.set_full(false);
  EXPECT_TRUE(eventually_done());
  EXPECT_THAT(distinct(sink), SizeIs(300));
  EXPECT_LE(sink.most_waiting(), 60U);
}

TEST_F(NatsConsumer, EndsWhileTheSinkHasNoRoom) {
  JudgingSink sink;
  sink.set_full(true);
  {
    const Consumer consumer(options(), sink);
    publish(0, 10);
    ASSERT_TRUE(eventually([&] { return consumer.counters().stalls > 0; }));
  }
  sink.set_full(false);  // Calls those who are gone.
  const Consumer consumer(options(), sink);
  EXPECT_TRUE(eventually_done());
  EXPECT_THAT(distinct(sink), SizeIs(10));
}

TEST_F(NatsConsumer, AcknowledgesWhatIsAnsweredWhileItEnds) {
  JudgingSink sink({.delay = 300ms});
  {
    const Consumer consumer(options(), sink);
    publish(0, 20);
    ASSERT_TRUE(sink.wait_for(20));
  }
  EXPECT_EQ(client->state(kStream, kDurable).unacknowledged, 0);
}

TEST_F(NatsConsumer, HasDeliveredAgainWhatASinkThatEndedHadNotAnswered) {
  {
    JudgingSink ends(kByHand);
    ConsumerOptions hasty = options();
    hasty.drain_timeout = 10ms;
    const Consumer consumer(hasty, ends);
    publish(0, 50);
    ASSERT_TRUE(ends.wait_for(50));
    ends.drop_all();
    EXPECT_TRUE(eventually([&] { return consumer.counters().held == 0; }));
  }
  JudgingSink sink;
  const Consumer consumer(options(), sink);
  EXPECT_TRUE(eventually_done());
  EXPECT_THAT(distinct(sink), SizeIs(50));
  EXPECT_EQ(consumer.counters().redelivered, 50U);
}

TEST_F(NatsConsumer, HasWhatWasOpenDeliveredBeforeWhatIsNewer) {
  ConsumerOptions patient = options();
  patient.ack_wait = 300s;  // When the server would deliver it again by itself.
  patient.drain_timeout = 10ms;
  {
    JudgingSink ends(kByHand);
    const Consumer consumer(patient, ends);
    publish(0, 60);
    ASSERT_TRUE(ends.wait_for(60));
    ends.drop_all();
  }
  publish(60, 60);
  JudgingSink sink;
  const Consumer consumer(patient, sink);
  EXPECT_TRUE(eventually_done());
  EXPECT_THAT(sink.messages(), testing::ElementsAreArray(statements(0, 120)));
}

/// A connection that has asked for messages and does not take them.
class DeafConnection {
 public:
  explicit DeafConnection(const NatsServer& server) : client_(server.url()) {
    client_.listen("_INBOX.deaf");
    const std::string subject = fmt::format("$JS.API.CONSUMER.MSG.NEXT.{}.{}", kStream, kDurable);
    constexpr std::string_view kFetch = R"({"batch":1000,"expires":60000000000})";
    natsConnection_PublishRequest(client_.connection(), subject.c_str(), "_INBOX.deaf",
                                  kFetch.data(), static_cast<int>(kFetch.size()));
    natsConnection_Flush(client_.connection());
  }

 private:
  JetStream client_;
};

TEST_F(NatsConsumer, WaitsUntilNothingIsSentToAnEarlierConnectionAnyMore) {
  ConsumerOptions patient = options();
  patient.ack_wait = 300s;
  make_consumer(patient);
  std::optional<DeafConnection> earlier(*server);
  JudgingSink sink;
  const Consumer consumer(patient, sink);
  ASSERT_TRUE(eventually([&] { return consumer.counters().is_connected; }));
  std::this_thread::sleep_for(kMoment);
  publish(0, 20);
  EXPECT_TRUE(eventually_unacknowledged(20));
  EXPECT_THAT(sink.messages(), SizeIs(0));
  earlier.reset();
  EXPECT_TRUE(eventually_done());
  EXPECT_THAT(sink.messages(), testing::ElementsAreArray(statements(0, 20)));
}

TEST_F(NatsConsumer, FetchesAllTheSameWhereSomebodyElseDoesSoForEver) {
  ConsumerOptions hasty = options();
  hasty.fetch_timeout = 600ms;
  hasty.heartbeat = 200ms;
  make_consumer(hasty);
  const DeafConnection other(*server);
  JudgingSink sink;
  const Consumer consumer(hasty, sink);
  EXPECT_TRUE(eventually([&] { return consumer.counters().fetches > 0; }));
}

TEST_F(NatsConsumer, GoesOnAfterTheServerWasKilled) {
  JudgingSink sink({.delay = 1ms});
  const Consumer consumer(options(), sink);
  publish(0, 200);
  ASSERT_TRUE(sink.wait_for(1));
  client.reset();
  server->kill();
  EXPECT_TRUE(eventually([&] { return !consumer.counters().is_connected; }));
  server->start();
  client.emplace(server->url());
  publish(200, 200);
  EXPECT_TRUE(eventually([&] { return distinct(sink).size() == 400; }));
  EXPECT_TRUE(eventually_done());
  EXPECT_GE(consumer.counters().connections, 2U);
}

TEST_F(NatsConsumer, StartsWithoutAServerAndMakesTheStreamOnceThereIsOne) {
  client.reset();
  server->lose_everything();
  JudgingSink sink;
  ConsumerOptions making = options();
  making.create_stream = true;
  const Consumer consumer(making, sink);
  std::this_thread::sleep_for(kMoment);
  EXPECT_FALSE(consumer.counters().is_connected);
  server->start();
  ASSERT_TRUE(eventually([&] { return consumer.counters().is_connected; }));
  client.emplace(server->url());
  publish(0, 5);
  EXPECT_TRUE(eventually_done());
  EXPECT_EQ(sink.taken(), 5U);
}

TEST_F(NatsConsumer, WaitsForAStreamThatItMayNotMake) {
  JudgingSink sink;
  ConsumerOptions other = options();
  other.stream = "OTHER";
  other.subjects = {"other.*"};
  const Consumer consumer(other, sink);
  std::this_thread::sleep_for(kMoment);
  EXPECT_FALSE(consumer.counters().is_connected);
  EXPECT_FALSE(client->has_stream("OTHER"));
  client->add_stream("OTHER", {"other.>"});
  EXPECT_TRUE(eventually([&] { return consumer.counters().is_connected; }));
}

TEST_F(NatsConsumer, TriesTheNextServerWhereOneIsGone) {
  JudgingSink sink;
  ConsumerOptions several = options();
  several.servers.insert(several.servers.begin(),
                         fmt::format("nats://127.0.0.1:{}", salus::test::free_port()));
  const Consumer consumer(several, sink);
  publish(0, 1);
  EXPECT_TRUE(sink.wait_for(1));
}

TEST_F(NatsConsumer, ComesBackAfterItsConsumerWasDeleted) {
  JudgingSink sink;
  const Consumer consumer(options(), sink);
  publish(0, 3);
  ASSERT_TRUE(eventually_done());
  client->delete_consumer(kStream, kDurable);
  EXPECT_TRUE(eventually([&] { return consumer.counters().connections == 2; }));
  publish(3, 3);
  EXPECT_TRUE(eventually([&] { return distinct(sink).size() == 6; }));
}

TEST_F(NatsConsumer, GivesEachNodeTheWholeStream) {
  JudgingSink one;
  JudgingSink other;
  const Consumer first(options(), one);
  ConsumerOptions named = options();
  named.durable = "node-2";
  const Consumer second(named, other);
  publish(0, 100);
  EXPECT_TRUE(
      eventually([&] { return distinct(one).size() == 100 && distinct(other).size() == 100; }));
}

TEST_F(NatsConsumer, IsNotFooledByHeadersThatLookLikeTheServers) {
  JudgingSink sink;
  const Consumer consumer(options(), sink);
  client->listen("salus.refused.*");
  for (const char* status : {"503", "409", "408", "100"}) {
    ASSERT_TRUE(client->publish_with(kSubject, "", "Status", status));
    EXPECT_THAT(client->next().second, HasSubstr("empty_body")) << status;
  }
  ASSERT_TRUE(client->publish_with(kSubject, statement(1), "Status", "503"));
  EXPECT_TRUE(sink.wait_for(1));
  EXPECT_TRUE(eventually_done());
  EXPECT_EQ(consumer.counters().connections, 1U);
}

TEST_F(NatsConsumer, TakesTheLongestMessagesThatTheServerDoes) {
  JudgingSink sink;
  ConsumerOptions tight = options();
  tight.fetch_bytes = 1 << 16;
  const Consumer consumer(tight, sink);
  // The head of a byte string, and its bytes.
  const std::string body = std::string("\x5A\x00\x0F\xFF\xFB", 5) + std::string(0xFFFFB, 'x');
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(client->publish(kSubject, body));
  EXPECT_TRUE(eventually_done());
  EXPECT_EQ(sink.taken(), 8U);
}

TEST_F(NatsConsumer, CopesWithEverySubjectThatThereCanBe) {
  JudgingSink sink;
  const Consumer consumer(options(), sink);
  const std::string longest = "salus.statements." + std::string(2000, 'x');
  int count = 0;
  for (const std::string& subject :
       {longest, std::string("salus.statements.$JS.ACK.x.y.1.2.3.4.5"),
        std::string("salus.statements.%s%n"), std::string("salus.statements.\xC3\xA4\x01")})
    ASSERT_TRUE(client->publish(subject, statement(count++))) << subject;
  EXPECT_TRUE(eventually_done());
  EXPECT_THAT(distinct(sink), SizeIs(4));
}

TEST_F(NatsConsumer, LeavesConsumersAloneThatCouldLoseSomething) {
  jsConsumerConfig config;
  jsConsumerConfig_Init(&config);
  config.Durable = kDurable;
  config.AckPolicy = js_AckExplicit;
  config.MaxDeliver = 3;
  client->add_consumer(kStream, config);
  JudgingSink sink;
  const Consumer consumer(options(), sink);
  publish(0, 1);
  std::this_thread::sleep_for(kMoment);
  EXPECT_FALSE(consumer.counters().is_connected);
  EXPECT_EQ(sink.taken(), 0U);
  client->delete_consumer(kStream, kDurable);
  EXPECT_TRUE(sink.wait_for(1));
}

TEST_F(NatsConsumer, TakesNoStreamThatWouldTakeInItsOwnNotices) {
  client->add_stream("ALL", {"all.>"});
  JudgingSink sink;
  ConsumerOptions looping = options();
  looping.stream = "ALL";
  looping.subjects = {"all.statements.>"};
  looping.refused_prefix = "all.refused";
  const Consumer consumer(looping, sink);
  ASSERT_TRUE(client->publish("all.statements.x", statement(1)));
  std::this_thread::sleep_for(kMoment);
  EXPECT_FALSE(consumer.counters().is_connected);
  looping.refused_prefix = "";
  const Consumer silent(looping, sink);
  EXPECT_TRUE(sink.wait_for(1));
}

TEST(NatsConsumerOptions, AreCheckedBeforeAnythingStarts) {
  JudgingSink sink;
  const auto refuses = [&sink](auto change) {
    ConsumerOptions options;
    options.durable = kDurable;
    change(options);
    try {
      const Consumer consumer(options, sink);
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
      return true;
    }
    return false;
  };
  EXPECT_TRUE(refuses([](ConsumerOptions& o) { o.durable = ""; }));
  EXPECT_TRUE(refuses([](ConsumerOptions& o) { o.durable = "a.b"; }));
  EXPECT_TRUE(refuses([](ConsumerOptions& o) { o.stream = "a>"; }));
  EXPECT_TRUE(refuses([](ConsumerOptions& o) { o.subjects = {"a..b"}; }));
  EXPECT_TRUE(refuses([](ConsumerOptions& o) { o.servers = {}; }));
  EXPECT_TRUE(refuses([](ConsumerOptions& o) { o.servers = {"nats://ward:secret@127.0.0.1:1"}; }));
  EXPECT_TRUE(refuses([](ConsumerOptions& o) { o.servers = {"127.0.0.1"}; }));
  EXPECT_TRUE(refuses([](ConsumerOptions& o) { o.refused_prefix = "a.*"; }));
  EXPECT_TRUE(refuses([](ConsumerOptions& o) { o.inbox_prefix = "a b"; }));
  EXPECT_TRUE(refuses([](ConsumerOptions& o) { o.batch = 0; }));
  EXPECT_TRUE(refuses([](ConsumerOptions& o) { o.user = "ward"; }));
  EXPECT_TRUE(refuses([](ConsumerOptions& o) { o.credentials = "/nowhere"; }));
  EXPECT_TRUE(refuses([](ConsumerOptions& o) { o.tls = TlsOptions{.authorities = "/nowhere"}; }));
  EXPECT_FALSE(refuses([](ConsumerOptions& o) { o.servers = {"nats://127.0.0.1:1"}; }));
}

}  // namespace
}  // namespace salus::node::nats

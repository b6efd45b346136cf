// Statements through the whole intake: what is answered, and what is in the log by then.
#include "node/ingest/pipeline.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <set>
#include <thread>

#include "node/statement/erasure.h"
#include "node/statement/key_registration.h"
#include "node/statement/key_revocation.h"
#include "node/statement/key_rotation.h"
#include "node/statement/sign.h"
#include "tests/node/ingest/intake_fixture.h"
#include "tests/node/store/small_disk.h"

namespace salus::node::test {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::Optional;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAreArray;

constexpr std::int64_t kNow = IntakeFixture::kTime + 1000;
constexpr std::optional<Refusal> kAccepted = std::nullopt;

std::vector<std::optional<Refusal>> refusals(const std::vector<Outcome>& outcomes) {
  std::vector<std::optional<Refusal>> found;
  for (const Outcome& outcome : outcomes) found.push_back(outcome.refusal);
  return found;
}

Message register_device(const SigningKey& authority, const SigningKey& device, std::uint64_t seq) {
  return sign_statement(authority, {{}, {}, kNow, seq}, ContentType::key_registration,
                        encode(KeyRegistration{device.public_key(), Role::device, ""}));
}

TEST(IngestPipeline, AcknowledgesWhatTheLogHas) {
  IntakeFixture node;
  const std::vector<Message> messages{node.factory.telemetry(1, kNow, 1),
                                      node.factory.telemetry(2, kNow, 1)};
  const std::vector<Outcome> outcomes = node.submit(messages);
  EXPECT_THAT(node.logged(), ElementsAre(messages[0], messages[1]));
  ASSERT_EQ(outcomes.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(outcomes[i].refusal, kAccepted);
    EXPECT_EQ(outcomes[i].id, statement_id(std::get<Statement>(parse_statement(messages[i]))));
  }
  EXPECT_EQ(node.mempool.stats().statements, 2U);
}

TEST(IngestPipeline, RefusesEachStatementForItsOwnReason) {
  IntakeFixture node;
  const Message good = node.factory.telemetry(1, kNow, 5);
  Message forged = node.factory.telemetry(2, kNow, 1);
  forged.back() ^= 1;
  const Message by_validator =
      sign_statement(node.factory.validator(0), {{}, {}, kNow, 1}, ContentType::senml_cbor,
                     std::get<Statement>(parse_statement(good)).payload);
  EXPECT_THAT(refusals(node.submit({good,
                                    {0xff, 0x00},
                                    forged,
                                    node.factory.telemetry(0, kNow, 1),
                                    by_validator,
                                    good,
                                    node.factory.telemetry(1, kNow + 1, 5),
                                    node.factory.telemetry(3, kNow + 121, 1)})),
              ElementsAre(kAccepted, Optional(Refusal::malformed), Optional(Refusal::bad_signature),
                          Optional(Refusal::unknown_signer), Optional(Refusal::not_permitted),
                          Optional(Refusal::duplicate), Optional(Refusal::sequence_not_risen),
                          Optional(Refusal::issued_in_future)));
  EXPECT_THAT(node.logged(), ElementsAre(good));
  const PipelineStats stats = node.pipeline.stats();
  EXPECT_EQ(stats.accepted, 1U);
  EXPECT_EQ(stats.refused[static_cast<std::size_t>(Refusal::bad_signature)], 1U);
  EXPECT_EQ(stats.refused[static_cast<std::size_t>(Refusal::duplicate)], 1U);
}

TEST(IngestPipeline, TakesASignersStatementsInAnyOrder) {
  IntakeFixture node;
  for (const std::uint64_t sequence : {7, 3, 5, 4, 9})
    EXPECT_EQ(node.submit_one(node.factory.telemetry(1, kNow, sequence)), kAccepted);
}

TEST(IngestPipeline, TakesNothingThatIsBehindTheChain) {
  IntakeFixture node;
  node.add_block({node.factory.telemetry(1, kNow, 3)});
  EXPECT_EQ(node.submit_one(node.factory.telemetry(1, kNow, 3)), Refusal::duplicate);
  EXPECT_EQ(node.submit_one(node.factory.telemetry(1, kNow, 2)), Refusal::sequence_not_risen);
  EXPECT_EQ(node.submit_one(node.factory.telemetry(1, kNow, 4)), kAccepted);
}

TEST(IngestPipeline, TellsDuplicatesOfWhatIsOnTheChain) {
  std::set<Digest> on_chain;
  IntakeFixture node({.is_on_chain = [&](const Digest& id) { return on_chain.contains(id); }});
  const Message first = node.factory.telemetry(1, kNow, 1);
  on_chain.insert(node.submit({first}).front().id);
  node.add_block({first, node.factory.telemetry(1, kNow, 2)});
  EXPECT_EQ(node.submit_one(first), Refusal::duplicate);
}

TEST(IngestPipeline, RefusesToEraseWhatIsNeitherOnTheChainNorWaiting) {
  std::set<Digest> on_chain;
  IntakeFixture node({.is_on_chain = [&](const Digest& id) { return on_chain.contains(id); }});
  const auto erase = [&](const Digest& id, std::uint64_t sequence) {
    return node.submit_one(sign_statement(node.factory.authority(), {{}, {}, kNow, sequence},
                                          ContentType::erasure, encode(Erasure{id})));
  };
  const Digest old{1};
  on_chain.insert(old);
  const Digest waiting = node.submit({node.factory.telemetry(1, kNow, 1)}).front().id;
  EXPECT_EQ(erase(old, 1), kAccepted);
  EXPECT_EQ(erase(waiting, 2), kAccepted);
  EXPECT_EQ(erase(Digest{2}, 3), Refusal::unknown_target);
  EXPECT_EQ(erase(Digest{2}, 2), Refusal::unknown_target);
  // What nobody may do is told as that, whatever it is about.
  EXPECT_EQ(node.submit_one(sign_statement(node.factory.device(1), {{}, {}, kNow, 9},
                                           ContentType::erasure, encode(Erasure{Digest{2}}))),
            Refusal::not_permitted);
}

TEST(IngestPipeline, LetsAKeySignAsSoonAsItsRegistrationIsTaken) {
  IntakeFixture node;
  const Message registration = register_device(node.factory.authority(), node.factory.device(0), 1);
  EXPECT_THAT(refusals(node.submit({registration, node.factory.telemetry(0, kNow, 1)})),
              ElementsAre(kAccepted, kAccepted));
  EXPECT_EQ(node.submit_one(node.factory.telemetry(0, kNow, 2)), kAccepted);
  node.add_block({});  // the registration waits still
  EXPECT_EQ(node.submit_one(node.factory.telemetry(0, kNow, 3)), kAccepted);
  EXPECT_EQ(node.submit_one(register_device(node.factory.authority(), node.factory.device(0), 2)),
            Refusal::key_exists);
}

/// What a broker delivers again, or a device says again as it had no answer: none of it is refused
/// for what it did itself, or for what came after it.
class SaidAgain : public testing::Test {
 protected:
  void expect_duplicates(const char* when) {
    for (std::size_t i = 0; i < said_.size(); ++i)
      EXPECT_EQ(node_.submit_one(said_[i]), Refusal::duplicate) << "message " << i << ' ' << when;
  }

  std::set<Digest> on_chain_;
  IntakeFixture node_{{.is_on_chain = [this](const Digest& id) { return on_chain_.contains(id); }}};
  SigningKey next_key_ = SigningKey::generate(Algorithm::ed25519);
  std::vector<Message> said_ = {
      register_device(node_.factory.authority(), node_.factory.device(0), 1),
      node_.factory.telemetry(1, kNow, 1),
      sign_statement(node_.factory.device(1), {{}, {}, kNow, 2}, ContentType::key_rotation,
                     encode(KeyRotation{node_.factory.device(1).id(), next_key_.public_key()})),
      node_.factory.telemetry(2, kNow, 1),
      sign_statement(node_.factory.authority(), {{}, {}, kNow, 2}, ContentType::key_revocation,
                     encode(KeyRevocation{node_.factory.device(2).id()}))};
};

TEST_F(SaidAgain, IsADuplicateWhileItWaitsAndOnTheChain) {
  for (const Outcome& outcome : node_.submit(said_)) {
    EXPECT_EQ(outcome.refusal, kAccepted);
    on_chain_.insert(outcome.id);
  }
  expect_duplicates("while it waits");
  node_.add_block({});
  expect_duplicates("after a block without it");
  ++node_.now;
  node_.add_block(said_);
  expect_duplicates("on the chain");
  EXPECT_THAT(node_.logged(), SizeIs(said_.size()));
  const Message other = node_.factory.telemetry(1, kNow, 3);
  EXPECT_EQ(node_.submit_one(other), Refusal::revoked_signer);
}

TEST_F(SaidAgain, IsADuplicateWithinOneSubmission) {
  std::vector<Message> twice = said_;
  twice.insert(twice.end(), said_.begin(), said_.end());
  const std::vector<Outcome> outcomes = node_.submit(twice);
  for (std::size_t i = 0; i < twice.size(); ++i)
    EXPECT_EQ(outcomes[i].refusal, i < said_.size() ? kAccepted : Refusal::duplicate) << i;
}

TEST(IngestPipeline, TakesEachStatementOnceInAnyOrderWithDuplicates) {
  IntakeFixture node({.batch_statements = 7});
  std::vector<Message> wanted;
  for (std::size_t device = 1; device < node.factory.devices(); ++device)
    for (std::uint64_t sequence = 0; sequence < 20; ++sequence)
      wanted.push_back(node.factory.telemetry(device, kNow, sequence));
  Answers answers;
  std::vector<std::jthread> senders;
  for (unsigned seed = 0; seed < 3; ++seed) {
    senders.emplace_back([&, seed] {
      std::mt19937 random(seed);
      std::vector<Message> messages = wanted;
      std::ranges::shuffle(messages, random);
      for (std::size_t at = 0; at < messages.size();) {
        const std::size_t count = std::min<std::size_t>(1 + random() % 9, messages.size() - at);
        const auto begin = messages.begin() + static_cast<std::ptrdiff_t>(at);
        Submission submission = answers.ask({begin, begin + static_cast<std::ptrdiff_t>(count)});
        while (!node.pipeline.submit(submission)) std::this_thread::yield();
        at += count;
      }
    });
  }
  senders.clear();
  std::multiset<Digest> accepted;
  for (const Outcome& outcome : answers.wait()) {
    if (!outcome.refusal)
      accepted.insert(outcome.id);
    else
      EXPECT_EQ(outcome.refusal, Refusal::duplicate);
  }
  EXPECT_EQ(accepted.size(), wanted.size());
  EXPECT_THAT(node.logged(), UnorderedElementsAreArray(wanted));
}

TEST(IngestPipeline, TurnsAwayWhatThereIsNoRoomForAndCallsBack) {
  IntakeFixture node({.batch_deadline = milliseconds(100), .max_statements = 2});
  Answers answers;
  Submission first =
      answers.ask({node.factory.telemetry(1, kNow, 1), node.factory.telemetry(1, kNow, 2)});
  ASSERT_TRUE(node.pipeline.submit(first));
  EXPECT_EQ(first.size(), 0U);
  Answers later;
  Submission second = later.ask({node.factory.telemetry(1, kNow, 3)});
  ASSERT_FALSE(node.pipeline.submit(second));
  EXPECT_EQ(second.size(), 1U);
  node.pipeline.call_when_room([&] { EXPECT_TRUE(node.pipeline.submit(second)); });
  answers.wait();
  while (second.size() != 0) std::this_thread::yield();
  EXPECT_THAT(refusals(later.wait()), ElementsAre(kAccepted));
}

TEST(IngestPipeline, FinishesWhatWasTakenBeforeItStops) {
  IntakeFixture node({.batch_deadline = milliseconds(50)});
  Answers answers;
  Submission submission = answers.ask({node.factory.telemetry(1, kNow, 1)});
  ASSERT_TRUE(node.pipeline.submit(submission));
  node.pipeline.stop();
  EXPECT_THAT(refusals(answers.wait()), ElementsAre(kAccepted));
  Submission late = answers.ask({node.factory.telemetry(1, kNow, 2)});
  EXPECT_FALSE(node.pipeline.submit(late));
}

TEST(IngestPipeline, AcknowledgesNothingWhileTheDiskIsFullAndGoesOnAfter) {
  salus::test::SmallDisk disk(std::size_t{8} << 20);
  if (!disk.is_mounted()) GTEST_SKIP() << "needs the right to mount a tmpfs";
  IntakeFixture node({}, disk.path() / "intake");
  ASSERT_EQ(node.submit_one(node.factory.telemetry(1, kNow, 1)), kAccepted);
  disk.fill_but(0);
  // What was allocated ahead may still take some.
  std::uint64_t sequence = 2;
  std::vector<Message> refused;
  while (refused.empty() && sequence < 10000) {
    std::vector<Message> messages;
    for (int i = 0; i < 500; ++i) messages.push_back(node.factory.telemetry(1, kNow, sequence++));
    const std::vector<Outcome> outcomes = node.submit(messages);
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      if (outcomes[i].refusal == Refusal::overloaded) refused.push_back(messages[i]);
  }
  ASSERT_FALSE(refused.empty());
  EXPECT_GT(node.pipeline.stats().log_failures, 0U);
  disk.empty();
  EXPECT_EQ(node.submit_one(refused.front()), kAccepted);
}

}  // namespace
}  // namespace salus::node::test

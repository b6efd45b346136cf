// Blocks made beside an intake that goes on.
#include "node/mining/block_producer.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <thread>

#include "tests/node/ingest/intake_fixture.h"

namespace salus::node::test {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

constexpr std::int64_t kNow = IntakeFixture::kTime + 1000;

ProducerOptions quick() {
  ProducerOptions options;
  options.interval = milliseconds(5);
  options.clock = [] { return kNow; };
  return options;
}

/// A chain whose next block nobody here will find, with a producer that searches for it.
class EndlessSearch {
 public:
  explicit EndlessSearch(milliseconds template_age)
      : producer_(chain_, engine_, mempool_, factory_.validator(0).id(),
                  sign_by(factory_.validator(0)), options(template_age)) {}

  BlockProducer& producer() { return producer_; }

  /// False when that takes longer than a minute.
  [[nodiscard]] bool reaches_template(std::uint64_t count) const {
    for (int i = 0; i < 6000; ++i) {
      if (producer_.stats().templates >= count) return true;
      std::this_thread::sleep_for(milliseconds(10));
    }
    return false;
  }

 private:
  static ProducerOptions options(milliseconds template_age) {
    ProducerOptions options = quick();
    options.interval = milliseconds(0);
    options.empty_after = milliseconds(1);
    options.template_age = template_age;
    return options;
  }

  engine::Engine engine_{{.devices = "cpu", .cpu = {.threads = 1}}};
  cli::bench::BlockFactory factory_{engine_,
                                    {.time = IntakeFixture::kTime, .limit_bits = 0x1b00ffff}};
  MemoryStorage storage_;
  Mempool mempool_;
  Chain chain_{factory_.genesis(), engine_, storage_};
  BlockProducer producer_;
};

std::vector<std::uint64_t> sequences(const BlockContent& content) {
  std::vector<std::uint64_t> found;
  for (const PendingStatement& pending : content.statements)
    found.push_back(pending.statement.sequence);
  return found;
}

TEST(BlockContent, HoldsBackWhatIsAheadOfTheBlocksTimeAndAllBehindIt) {
  IntakeFixture node;
  node.submit({node.factory.telemetry(1, kNow, 1), node.factory.telemetry(1, kNow + 100, 2),
               node.factory.telemetry(1, kNow, 3)});
  // The clock was set back.
  const BlockContent content = choose_content(node.chain, node.mempool, {}, kNow - 100);
  EXPECT_THAT(sequences(content), ElementsAre(1));
  EXPECT_EQ(node.mempool.stats().statements, 3U);
}

TEST(BlockContent, IsNotMoreThanItsLimits) {
  IntakeFixture node;
  for (std::uint64_t sequence = 1; sequence <= 5; ++sequence)
    node.submit_one(node.factory.telemetry(1, kNow, sequence));
  EXPECT_THAT(sequences(choose_content(node.chain, node.mempool, {.statements = 2}, kNow)),
              ElementsAre(1, 2));
}

TEST(BlockProducer, PutsEveryAcceptedStatementOnTheChainWhileMoreCome) {
  IntakeFixture node;
  BlockProducer producer(node.chain, node.engine, node.mempool, node.factory.validator(0).id(),
                         sign_by(node.factory.validator(0)), quick());
  std::vector<Message> messages;
  for (std::size_t device = 1; device < node.factory.devices(); ++device)
    for (std::uint64_t sequence = 1; sequence <= 40; ++sequence)
      messages.push_back(node.factory.telemetry(device, kNow, sequence));
  // Out of order, as a broker delivers: what a block has overtaken is refused, never lost.
  std::mt19937 random(7);
  for (std::size_t at = 0; at + 20 <= messages.size(); at += 20)
    std::shuffle(messages.begin() + static_cast<std::ptrdiff_t>(at),
                 messages.begin() + static_cast<std::ptrdiff_t>(at + 20), random);
  std::uint64_t accepted = 0;
  for (const Message& message : messages) {
    const auto refusal = node.submit_one(message);
    if (!refusal)
      ++accepted;
    else
      EXPECT_EQ(refusal, Refusal::sequence_not_risen);
  }
  while (!node.mempool.is_empty()) std::this_thread::sleep_for(milliseconds(1));
  producer.stop();
  const MempoolStats stats = node.mempool.stats();
  EXPECT_EQ(stats.included, accepted);
  for (const std::uint64_t dropped : stats.dropped) EXPECT_EQ(dropped, 0U);
  EXPECT_GT(producer.stats().blocks, 1U);
  EXPECT_EQ(producer.stats().refused, 0U);
}

TEST(BlockProducer, PutsABlockTogetherAnewWhenItIsOld) {
  const EndlessSearch search(milliseconds(20));
  EXPECT_TRUE(search.reaches_template(3));
}

TEST(BlockProducer, PutsABlockTogetherAnewForAnotherTip) {
  EndlessSearch search(std::chrono::hours(1));
  for (std::uint64_t count = 1; count <= 3; ++count) {
    ASSERT_TRUE(search.reaches_template(count));
    EXPECT_EQ(search.producer().stats().templates, count);  // not by itself
    search.producer().on_new_tip();
  }
}

TEST(BlockProducer, StopsWhileItSearches) {
  EndlessSearch search(std::chrono::hours(1));
  ASSERT_TRUE(search.reaches_template(1));
  search.producer().stop();
  EXPECT_EQ(search.producer().stats().templates, 1U);
  EXPECT_EQ(search.producer().stats().blocks, 0U);
}

}  // namespace
}  // namespace salus::node::test

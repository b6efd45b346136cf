// What may go into a block, and what must wait.
#include "node/ingest/mempool.h"

#include <gmock/gmock.h>

#include <thread>

#include "cli/bench/block_factory.h"

namespace salus::node::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int64_t kTime = 1'700'000'000;

class MempoolTest : public ::testing::Test {
 protected:
  using Message = std::vector<std::uint8_t>;
  using GroupPtr = std::shared_ptr<const StatementGroup>;

  GroupPtr group(std::size_t device, std::uint64_t sequence) {
    const Message message = factory_.telemetry(device, kTime, sequence);
    const Statement statement = std::get<Statement>(parse_statement(message));
    const PendingStatement pending{statement, statement_id(statement)};
    return std::make_shared<const StatementGroup>(std::span(&pending, 1));
  }
  bool claim(const GroupPtr& group) { return !Mempool::Claims(pool_).claim((*group)[0], ++batch_); }
  /// Claims and holds it.
  GroupPtr add(std::size_t device, std::uint64_t sequence) {
    GroupPtr added = group(device, sequence);
    EXPECT_TRUE(claim(added));
    pool_.hold(added, ++record_);
    return added;
  }
  std::vector<std::uint64_t> selected(std::size_t limit = 100) {
    std::vector<std::uint64_t> sequences;
    for (const PendingStatement& pending : pool_.select(limit, 1 << 20).statements)
      sequences.push_back(pending.statement.sequence);
    return sequences;
  }
  void connect(std::uint64_t height, const std::vector<GroupPtr>& content) {
    std::vector<Statement> statements;
    std::vector<Digest> ids;
    for (const GroupPtr& one : content) {
      statements.push_back((*one)[0].statement);
      ids.push_back((*one)[0].id);
    }
    pool_.on_connected({height, {}, view_, statements, {}, ids, writes_, writes_, {}});
  }

  engine::Engine engine_{{.devices = "cpu", .cpu = {.threads = 1}}};
  cli::bench::BlockFactory factory_{engine_, {.devices = 3}};
  BlockView view_;
  StateWrites writes_;
  Mempool pool_{{.max_statements = 3, .keep_depth = 2}};
  Mempool::Batch batch_ = 0;
  Sequence record_ = 0;
};

TEST_F(MempoolTest, SelectsWhatCameInTheOrderInWhichItCame) {
  add(0, 4);
  add(1, 9);
  EXPECT_THAT(selected(), ElementsAre(4, 9));
}

TEST_F(MempoolTest, SelectsNothingAheadOfAStatementThatIsNotDurableYet) {
  const GroupPtr first = group(0, 1);
  ASSERT_TRUE(claim(first));
  add(0, 2);
  EXPECT_THAT(selected(), IsEmpty());
  pool_.hold(first, ++record_);
  EXPECT_EQ(selected().size(), 2U);
}

TEST_F(MempoolTest, TakesEarlierStatementsOfASignerAlong) {
  add(0, 5);
  add(1, 1);
  add(0, 4);
  const auto sequences = selected(2);
  EXPECT_THAT(sequences, ElementsAre(5, 4));  // both, as 5 would shut out 4
}

TEST_F(MempoolTest, LetsNothingInBehindABlockThatIsBeingMined) {
  const GroupPtr five = add(0, 5);
  EXPECT_THAT(selected(), ElementsAre(5));
  EXPECT_FALSE(claim(group(0, 4)));
  EXPECT_TRUE(claim(group(0, 6)));
  connect(1, {});  // another block came first
  EXPECT_TRUE(claim(group(0, 4)));
}

TEST_F(MempoolTest, ForgetsWhatABlockHasAndDropsWhatItOvertook) {
  add(0, 1);
  const GroupPtr two = add(0, 2);
  connect(1, {two});
  const MempoolStats stats = pool_.stats();
  EXPECT_EQ(stats.statements, 0U);
  EXPECT_EQ(stats.included, 1U);
  EXPECT_EQ(stats.dropped[static_cast<std::size_t>(Refusal::sequence_not_risen)], 1U);
  EXPECT_EQ(stats.bytes, 0U);
}

TEST_F(MempoolTest, IsFullUntilABlockTakesSomething) {
  const GroupPtr first = add(0, 1);
  add(0, 2);
  EXPECT_FALSE(pool_.is_full());
  add(0, 3);
  EXPECT_TRUE(pool_.is_full());
  connect(1, {first});
  EXPECT_FALSE(pool_.is_full());
}

TEST_F(MempoolTest, KeepsTheLogUntilItsStatementsAreDeep) {
  const GroupPtr first = add(0, 1);
  const GroupPtr second = add(1, 1);
  EXPECT_EQ(pool_.releasable(), 0U);
  connect(1, {first});
  connect(2, {second});
  EXPECT_EQ(pool_.releasable(), 0U);
  connect(3, {});
  EXPECT_EQ(pool_.releasable(), 1U);
  connect(4, {});
  EXPECT_EQ(pool_.releasable(), 2U);
}

TEST_F(MempoolTest, VouchesForTheSignaturesThatTheIntakeVerified) {
  const GroupPtr held = add(0, 1);
  const GroupPtr claimed = group(1, 1);
  ASSERT_TRUE(claim(claimed));
  const GroupPtr stranger = group(2, 1);
  const GroupPtr put_back = group(2, 2);
  pool_.put_back(put_back, ++record_);
  std::vector<Statement> statements;
  std::vector<Digest> ids;
  for (const GroupPtr& one : {held, claimed, stranger, put_back, held}) {
    statements.push_back((*one)[0].statement);
    ids.push_back((*one)[0].id);
  }
  Message other_signature(statements.back().signature.begin(), statements.back().signature.end());
  other_signature[40] ^= 1;
  statements.back().signature = other_signature;
  EXPECT_THAT(pool_.verified(statements, ids), ElementsAre(true, false, false, false, false));
  ids[0][0] ^= 1;
  EXPECT_THAT(pool_.verified(statements, ids), ElementsAre(false, false, false, false, false));
}

TEST_F(MempoolTest, SelectsInOrderWhileMoreComesAndBlocksTakeSomeAway) {
  constexpr std::size_t kMany = 3000;  // more than are gone through without a break
  std::vector<GroupPtr> groups;
  for (std::uint64_t sequence = 1; sequence <= kMany; ++sequence)
    groups.push_back(add(0, sequence));
  std::jthread intake([this] {
    for (std::uint64_t sequence = 1; sequence <= 500; ++sequence) add(1, sequence);
  });
  std::jthread chain([this, &groups] {
    for (std::size_t height = 1; height <= 20; ++height) connect(height, {groups[100 * height]});
  });
  for (int repeat = 0; repeat < 20; ++repeat) {
    std::uint64_t last = 0;
    for (const PendingStatement& pending : pool_.select(kMany, 1 << 20).statements) {
      if (pending.statement.signer != (*groups[0])[0].statement.signer) continue;
      EXPECT_TRUE(last == 0 || pending.statement.sequence == last + 1);
      last = pending.statement.sequence;
    }
    EXPECT_EQ(last, kMany);
  }
}

TEST_F(MempoolTest, TakesBackWhatABlockHadThatIsNotOnTheChainAnyMore) {
  const GroupPtr first = add(0, 1);
  connect(1, {first});
  pool_.on_disconnected(1);
  pool_.put_back(first, ++record_);
  EXPECT_THAT(selected(), ElementsAre(1));
}

}  // namespace
}  // namespace salus::node::test

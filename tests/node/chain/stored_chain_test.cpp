// A chain on the block store: what is in memory and what is on disk stay the same, over forks and
// restarts.
#include <gtest/gtest.h>

#include "node/chain/block_store_storage.h"
#include "node/statement/erasure.h"
#include "tests/node/chain/chain_fixture.h"
#include "tests/support/temporary_folder.h"

namespace salus::node::test {
namespace {

/// A store and a chain on it, which can be opened anew.
class StoredChain : public testing::Test {
 protected:
  StoredChain() : maker_({.devices = 2}) { open(); }

  void open() {
    chain_.reset();
    storage_.reset();
    store_.reset();
    store_ = std::make_unique<BlockStore>(folder_.path("store"));
    storage_ = std::make_unique<BlockStoreStorage>(*store_);
    ChainOptions options;
    options.clock = [this] { return std::int64_t{root_.time} + 1'000'000; };
    chain_ = std::make_unique<Chain>(maker_.genesis(), cpu_engine(), *storage_, options);
  }

  [[nodiscard]] Made next(const Made& parent, std::uint32_t time = 0) const {
    return maker_.block(
        parent,
        std::vector<Message>{maker_.factory().telemetry(0, parent.time, parent.height + 1),
                             maker_.factory().telemetry(1, parent.time, parent.height + 1)},
        time);
  }
  [[nodiscard]] Digest state_digest() const {
    Digest digest;
    chain_->with_state([&](const ChainTip&, const State& state) { digest = state.digest(); });
    return digest;
  }
  [[nodiscard]] Digest stored_state_digest() const {
    State state;
    storage_->for_each_state([&state](Bytes key, Bytes value) { state.write(key, value); });
    return state.digest();
  }

  salus::test::TemporaryFolder folder_;
  Maker maker_;
  const Made root_ = maker_.genesis_block();
  std::unique_ptr<BlockStore> store_;
  std::unique_ptr<BlockStoreStorage> storage_;
  std::unique_ptr<Chain> chain_;
};

TEST_F(StoredChain, ForksAndRestartsLeaveDiskAndMemoryTheSame) {
  std::vector<Made> a{next(root_)};
  while (a.size() < 4) a.push_back(next(a.back()));
  std::vector<Made> b{next(a[0], a[0].time + 30)};
  while (b.size() < 4) b.push_back(next(b.back()));
  for (const Made& block : a) {
    EXPECT_EQ(chain_->add_block(block.bytes).standing, Standing::on_chain);
    EXPECT_EQ(state_digest(), stored_state_digest());
  }
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(chain_->add_block(b[i].bytes).standing, Standing::side);
  open();
  EXPECT_EQ(chain_->tip().id, a[3].id);
  EXPECT_EQ(chain_->add_block(b[3].bytes).standing, Standing::on_chain);
  EXPECT_EQ(chain_->tip().id, b[3].id);
  EXPECT_EQ(state_digest(), stored_state_digest());
  const Digest state = state_digest();
  open();
  EXPECT_EQ(chain_->tip().id, b[3].id);
  EXPECT_EQ(state_digest(), state);
  // What went aside can be had from the store, as can what is on the chain.
  EXPECT_EQ(storage_->side_block(a[3].id), a[3].bytes);
  EXPECT_EQ(storage_->block(5), b[3].bytes);
}

TEST_F(StoredChain, ErasureTakesDataThatComesAfterIt) {
  const Message late = maker_.factory().telemetry(0, root_.time, 1);
  const Digest id = statement_id(std::get<Statement>(parse_statement(late)));
  const Message erasure = Maker::statement(maker_.factory().authority(), ContentType::erasure,
                                           encode(Erasure{id}), 1, root_.time);
  const Made first = maker_.block(root_, std::vector<Message>{erasure});
  EXPECT_EQ(chain_->add_block(first.bytes).standing, Standing::on_chain);
  EXPECT_EQ(chain_->add_block(maker_.block(first, std::vector<Message>{late}).bytes).standing,
            Standing::on_chain);
  EXPECT_EQ(store_->body({1, 1}).presence, BodyPresence::present);
  EXPECT_EQ(store_->body({2, 1}).presence, BodyPresence::erased);
  EXPECT_EQ(store_->statement_id({2, 1}), id);
}

TEST_F(StoredChain, ErasureTakesDataAndLeavesWhatTheChainIsCheckedBy) {
  const Made first = next(root_);
  chain_->add_block(first.bytes);
  const std::vector<Digest> ids = store_->statement_ids(1);
  ASSERT_EQ(ids.size(), 3U);
  std::vector<Message> erasures;
  for (std::size_t i = 0; i < 2; ++i)
    erasures.push_back(Maker::statement(maker_.factory().authority(), ContentType::erasure,
                                        encode(Erasure{ids[i]}), i + 1, root_.time));
  EXPECT_EQ(chain_->add_block(maker_.block(first, erasures).bytes).standing, Standing::on_chain);
  EXPECT_EQ(store_->body({1, 0}).presence, BodyPresence::present);  // the validator's
  EXPECT_EQ(store_->body({1, 1}).presence, BodyPresence::erased);
  EXPECT_EQ(store_->body({1, 2}).presence, BodyPresence::present);
  EXPECT_EQ(storage_->block(1), std::nullopt);
  EXPECT_EQ(store_->leaf_hashes(1).size(), 3U);
  open();
  EXPECT_EQ(chain_->tip().height, 2U);
}

}  // namespace
}  // namespace salus::node::test

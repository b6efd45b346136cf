// The chain: forks, reorganisations, orphans, restarts; and what it does about blocks that are no
// good.
#include "node/chain/chain.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "engine/error.h"
#include "node/statement/erasure.h"
#include "node/statement/sign.h"
#include "tests/node/chain/chain_fixture.h"

namespace salus::node::test {
namespace {

class ChainTest : public testing::Test {
 protected:
  ChainTest() : maker_({.devices = 2}), chain_(maker_) {}

  [[nodiscard]] Message telemetry(const Made& parent, std::size_t device = 0) const {
    return maker_.factory().telemetry(device, parent.time, parent.height + 1);
  }
  /// A block with a statement of a device.
  [[nodiscard]] Made next(const Made& parent, std::uint32_t time = 0) const {
    return maker_.block(parent, std::vector<Message>{telemetry(parent)}, time);
  }
  /// A block whose statement 1 nobody signed.
  [[nodiscard]] Made bad(const Made& parent, std::uint32_t time = 0) const {
    std::vector<Message> messages{telemetry(parent)};
    messages[0].back() ^= 1;
    return maker_.block(parent, messages, time);
  }
  [[nodiscard]] std::vector<Made> branch(const Made& parent, std::size_t blocks,
                                         std::uint32_t first_time = 0) const {
    std::vector<Made> made;
    for (std::size_t i = 0; i < blocks; ++i)
      made.push_back(i == 0 ? next(parent, first_time) : next(made.back()));
    return made;
  }

  Maker maker_;
  const Made root_ = maker_.genesis_block();
  TestChain chain_;
};

TEST_F(ChainTest, BeginsWithGenesis) {
  EXPECT_EQ(chain_.tip(), maker_.genesis().id());
  EXPECT_EQ(chain_.chain->tip().height, 0U);
  State state;
  state.write(maker_.genesis().state());
  EXPECT_EQ(chain_.state_digest(), state.digest());
}

TEST_F(ChainTest, GrowsByBlocksAndKnowsThemWhenTheyComeAgain) {
  const Made first = next(root_);
  const AddResult added = chain_.add(first);
  EXPECT_EQ(added.standing, Standing::on_chain);
  EXPECT_EQ(added.id, first.id);
  EXPECT_TRUE(added.is_new);
  const AddResult again = chain_.add(first);
  EXPECT_EQ(again.standing, Standing::on_chain);
  EXPECT_FALSE(again.is_new);
  EXPECT_EQ(chain_.chain->id_at(1), first.id);
  EXPECT_EQ(chain_.chain->id_at(2), std::nullopt);
  EXPECT_EQ(chain_.chain->next_block().place.previous, first.id);
}

TEST_F(ChainTest, WhatANextBlockNeedsIsWhatTheRulesDemand) {
  Made tip = root_;
  for (int i = 0; i < 15; ++i) {
    const NextBlock need = chain_.chain->next_block();
    EXPECT_EQ(need.bits, maker_.on(tip).bits);
    const auto at = [&](std::uint32_t time) {
      const Made block{
          {}, tip.height + 1, time, maker_.factory().block(need, time, std::vector<Message>{})};
      return chain_.add(block);
    };
    EXPECT_EQ(at(need.earliest_time - 1).fault, fault(FaultKind::time_too_early));
    const AddResult added = at(need.earliest_time);
    EXPECT_EQ(added.standing, Standing::on_chain);
    tip = {added.id, tip.height + 1, need.earliest_time, {}};
  }
}

TEST_F(ChainTest, FollowsTheBranchWithMoreWorkAndComesBack) {
  const std::vector<Made> a = branch(root_, 3);
  const std::vector<Made> b = branch(root_, 5, root_.time + 30);
  for (const Made& block : a) EXPECT_EQ(chain_.add(block).standing, Standing::on_chain);
  const Digest state_a = chain_.state_digest();
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(chain_.add(b[i]).standing, Standing::side);
  EXPECT_EQ(chain_.tip(), a[2].id);
  EXPECT_EQ(chain_.state_digest(), state_a);
  EXPECT_EQ(chain_.add(b[3]).standing, Standing::on_chain);
  EXPECT_EQ(chain_.tip(), b[3].id);
  EXPECT_EQ(chain_.add(a[0]).standing, Standing::side);
  EXPECT_EQ(chain_.add(b[0]).standing, Standing::on_chain);
  const std::vector<Made> more = branch(a[2], 2);
  EXPECT_EQ(chain_.add(more[0]).standing, Standing::side);
  EXPECT_EQ(chain_.add(more[1]).standing, Standing::on_chain);
  EXPECT_EQ(chain_.tip(), more[1].id);
}

TEST_F(ChainTest, TellsWhatComesAndGoes) {
  std::vector<std::int64_t> events;  // heights, negative for those that go
  ChainOptions options;
  options.on_connected = [&](const ConnectedBlock& block) {
    events.push_back(static_cast<std::int64_t>(block.height));
    EXPECT_EQ(block.statements.size(), block.block.statements.size());
  };
  options.on_disconnected = [&](std::uint64_t height, const Digest&, Bytes block) {
    events.push_back(-static_cast<std::int64_t>(height));
    EXPECT_FALSE(block.empty());
  };
  TestChain chain(maker_, options);
  for (const Made& block : branch(root_, 2)) chain.add(block);
  for (const Made& block : branch(root_, 3, root_.time + 30)) chain.add(block);
  EXPECT_THAT(events, testing::ElementsAre(1, 2, -2, -1, 1, 2, 3));
}

TEST_F(ChainTest, ABranchThatIsNotValidIsNeverFollowed) {
  const std::vector<Made> good = branch(root_, 2);
  for (const Made& block : good) chain_.add(block);
  const Digest state = chain_.state_digest();
  const Made b1 = next(root_, root_.time + 30);
  const Made b2 = bad(b1);
  const Made b3 = next(b2);
  EXPECT_EQ(chain_.add(b1).standing, Standing::side);
  EXPECT_EQ(chain_.add(b2).standing, Standing::side);  // nobody has looked yet
  const AddResult result = chain_.add(b3);
  EXPECT_EQ(result.standing, Standing::refused);
  EXPECT_EQ(result.fault, fault(FaultKind::invalid_parent));
  EXPECT_EQ(chain_.tip(), good[1].id);
  EXPECT_EQ(chain_.state_digest(), state);
  // Remembered: not looked at again.
  EXPECT_EQ(chain_.add(b2).fault, refused(1, Refusal::bad_signature));
  EXPECT_FALSE(chain_.add(b2).is_new);
  EXPECT_EQ(chain_.add(next(b3)).fault, fault(FaultKind::invalid_parent));
  // What of the branch is good can still be built on.
  const std::vector<Made> more = branch(b1, 3);
  for (const Made& block : more) chain_.add(block);
  EXPECT_EQ(chain_.tip(), more[2].id);
}

TEST_F(ChainTest, TheOldBranchIsNotTouchedForWhatIsNotValid) {
  int disconnected = 0;
  ChainOptions options;
  options.on_disconnected = [&](std::uint64_t, const Digest&, Bytes) { ++disconnected; };
  TestChain chain(maker_, options);
  for (const Made& block : branch(root_, 2)) chain.add(block);
  const Made b1 = bad(root_, root_.time + 30);
  const Made b2 = next(b1);
  for (const Made& block : {b1, b2, next(b2)}) chain.add(block);
  EXPECT_EQ(disconnected, 0);
}

TEST_F(ChainTest, ABlockWithOthersBytesDoesNotTakeTheGoodOnesPlace) {
  const Made good = next(root_);
  Made mutated = good;
  mutated.bytes.back() ^= 1;  // the last statement's signature
  EXPECT_EQ(chain_.add(mutated).fault, fault(FaultKind::wrong_root));
  EXPECT_EQ(chain_.add(good).standing, Standing::on_chain);
  // And the same for one that waits.
  const Made child = next(next(good));
  mutated = child;
  mutated.bytes.back() ^= 1;
  EXPECT_EQ(chain_.add(mutated).fault, fault(FaultKind::wrong_root));
  EXPECT_EQ(chain_.add(child).standing, Standing::orphan);
}

TEST_F(ChainTest, OrphansWaitForTheirParents) {
  const std::vector<Made> blocks = branch(root_, 6);
  for (std::size_t i = 5; i > 0; --i) {
    EXPECT_EQ(chain_.add(blocks[i]).standing, Standing::orphan);
    EXPECT_FALSE(chain_.add(blocks[i]).is_new);
  }
  EXPECT_EQ(chain_.chain->orphans(), 5U);
  EXPECT_EQ(chain_.add(blocks[0]).standing, Standing::on_chain);
  EXPECT_EQ(chain_.tip(), blocks[5].id);
  EXPECT_EQ(chain_.chain->orphans(), 0U);
}

TEST_F(ChainTest, AnOrphanThatMakesItsParentsBranchTheBestOneDoesSo) {
  const std::vector<Made> a = branch(root_, 2);
  const std::vector<Made> b = branch(root_, 3, root_.time + 30);
  for (const Made& block : a) chain_.add(block);
  chain_.add(b[0]);
  EXPECT_EQ(chain_.add(b[2]).standing, Standing::orphan);
  EXPECT_EQ(chain_.add(b[1]).standing, Standing::on_chain);
  EXPECT_EQ(chain_.tip(), b[2].id);
}

TEST_F(ChainTest, OrphansOfABlockThatIsNotValidAreRefusedWithIt) {
  const Made b1 = bad(root_);
  const Made b2 = next(b1);
  EXPECT_EQ(chain_.add(b2).standing, Standing::orphan);
  EXPECT_EQ(chain_.add(b1).fault, refused(1, Refusal::bad_signature));
  EXPECT_EQ(chain_.add(b2).fault, fault(FaultKind::invalid_parent));
  EXPECT_EQ(chain_.add(next(b1, b2.time + 1)).fault, fault(FaultKind::invalid_parent));
}

TEST_F(ChainTest, HeadersThatBreakARuleAreRefused) {
  const Made good = next(root_);
  const auto fault_with = [&](const std::function<void(pow::Header&)>& change) {
    pow::Header header = header_of(good);
    change(header);
    return chain_.add(maker_.with_header(good, header)).fault;
  };
  EXPECT_EQ(fault_with([](auto& h) { h.version = 1; }), fault(FaultKind::wrong_version));
  EXPECT_EQ(fault_with([](auto& h) { h.bits = 0x207fffffU + 0x00800000U; }),
            fault(FaultKind::target_too_easy));
  EXPECT_EQ(fault_with([](auto& h) { h.bits = 0x200fffff; }), fault(FaultKind::wrong_target));
  EXPECT_EQ(fault_with([&](auto& h) { h.time = root_.time; }), fault(FaultKind::time_too_early));
  EXPECT_EQ(fault_with([](auto& h) { h.merkle_root[0] ^= 1; }), fault(FaultKind::wrong_root));
  EXPECT_EQ(fault_with([](auto& h) { h.version ^= 0x1fffe000; }), std::nullopt);
}

TEST_F(ChainTest, WorkThatIsNotThereIsRefused) {
  Made block = next(root_);
  pow::Header header = header_of(block);
  const pow::Target target = pow::decode_bits(header.bits).target;
  while (pow::meets(header, target)) ++header.nonce;
  replace_header(block.bytes, header);
  EXPECT_EQ(chain_.add(block).fault, fault(FaultKind::insufficient_work));
}

TEST_F(ChainTest, ABlockFromTheFutureIsTakenWhenItsTimeHasCome) {
  const Made block = next(root_);
  chain_.now = std::int64_t{block.time} - 121;
  EXPECT_EQ(chain_.add(block).fault, fault(FaultKind::time_too_late));
  chain_.now += 1;
  EXPECT_EQ(chain_.add(block).standing, Standing::on_chain);
}

TEST_F(ChainTest, MalformedBlocksHaveNoId) {
  const std::vector<std::uint8_t> bytes{0x00};
  const AddResult result = chain_.chain->add_block(bytes);
  EXPECT_EQ(result.fault, fault(FaultKind::malformed));
  EXPECT_EQ(result.id, Digest{});
  EXPECT_FALSE(result.is_new);
}

TEST_F(ChainTest, AReplayedStatementIsRefusedOnEveryLaterBlock) {
  const Made first = next(root_);
  const Message replayed = telemetry(root_);
  chain_.add(first);
  EXPECT_EQ(chain_.add(maker_.block(first, std::vector<Message>{replayed})).fault,
            refused(1, Refusal::duplicate));
  const Made second = next(first);
  chain_.add(second);
  EXPECT_EQ(chain_.add(maker_.block(second, std::vector<Message>{replayed})).fault,
            refused(1, Refusal::sequence_not_risen));
}

TEST_F(ChainTest, OpenedAnewItIsWhereItWas) {
  const std::vector<Made> a = branch(root_, 4);
  const std::vector<Made> b = branch(a[0], 4, a[0].time + 30);
  for (const Made& block : a) chain_.add(block);
  for (std::size_t i = 0; i < 3; ++i) chain_.add(b[i]);
  const Digest state = chain_.state_digest();
  const pow::Uint256 work = chain_.chain->tip().total_work;
  chain_.reopen();
  EXPECT_EQ(chain_.tip(), a[3].id);
  EXPECT_EQ(chain_.state_digest(), state);
  EXPECT_EQ(chain_.chain->tip().total_work, work);
  // Side branches are still there.
  EXPECT_EQ(chain_.add(b[0]).standing, Standing::side);
  EXPECT_EQ(chain_.add(b[3]).standing, Standing::on_chain);
  EXPECT_EQ(chain_.tip(), b[3].id);
}

TEST_F(ChainTest, ASideBlockThatHadToMakeRoomIsAskedForAgain) {
  const std::vector<Made> a = branch(root_, 2);
  const std::vector<Made> b = branch(root_, 3, root_.time + 30);
  for (const Made& block : a) chain_.add(block);
  chain_.add(b[0]);
  chain_.add(b[1]);
  chain_.storage.lose_side_block(b[0].id);
  EXPECT_EQ(chain_.add(b[2]).standing, Standing::orphan);
  EXPECT_EQ(chain_.tip(), a[1].id);
  EXPECT_EQ(chain_.add(b[0]).standing, Standing::side);
  EXPECT_EQ(chain_.add(b[1]).standing, Standing::on_chain);
  EXPECT_EQ(chain_.tip(), b[2].id);
}

TEST_F(ChainTest, ItDoesNotGoBackBelowWhatCanBeUndone) {
  const std::vector<Made> a = branch(root_, 3);
  for (const Made& block : a) chain_.add(block);
  chain_.storage.lose_undo(1);
  for (const Made& block : branch(root_, 4, root_.time + 30)) chain_.add(block);
  EXPECT_EQ(chain_.tip(), a[2].id);
  const std::vector<Made> c = branch(a[0], 4, a[0].time + 30);
  for (const Made& block : c) chain_.add(block);
  EXPECT_EQ(chain_.tip(), c[3].id);
}

TEST_F(ChainTest, AnotherGenesisIsRefusedByName) {
  const Maker other({.devices = 1});
  try {
    Chain chain(other.genesis(), cpu_engine(), chain_.storage);
    FAIL() << "it was opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_THAT(error.what(), testing::HasSubstr("another chain"));
    EXPECT_THAT(error.what(), testing::HasSubstr(to_hex_reversed(other.genesis().id())));
    EXPECT_THAT(error.what(), testing::HasSubstr(to_hex_reversed(maker_.genesis().id())));
  }
}

TEST_F(ChainTest, ADamagedStoreIsNamed) {
  for (const Made& block : branch(root_, 3)) chain_.add(block);
  chain_.storage.damage_header(2);
  try {
    chain_.reopen();
    FAIL() << "it was opened";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("block 2"));
  }
}

TEST_F(ChainTest, ErasedBodiesAreGivenToTheStore) {
  const Made first = next(root_);
  chain_.add(first);
  Digest id{};
  id[3] = 9;
  const Message erasure = Maker::statement(maker_.factory().authority(), ContentType::erasure,
                                           encode(Erasure{id}), 1, root_.time);
  chain_.add(maker_.block(first, std::vector<Message>{erasure}));
  EXPECT_THAT(chain_.storage.erased(), testing::ElementsAre(id));
  chain_.reopen();  // as if the crash had come between
  EXPECT_THAT(chain_.storage.erased(), testing::ElementsAre(id, id));
}

TEST(Diversity, OneValidatorSignsNoMoreThanItsShareOfBlocksInARow) {
  const Maker maker({.validators = 3, .diversity = {6, 3}});
  TestChain chain(maker);
  Made tip = maker.genesis_block();
  const auto add_by = [&](std::size_t validator) {
    const Made block = maker.block(tip, {}, 0, validator);
    const AddResult result = chain.add(block);
    if (result.standing == Standing::on_chain) tip = block;
    return result.fault;
  };
  const auto too_many = fault(FaultKind::validator_share_exceeded, 0);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(add_by(0), std::nullopt);
  EXPECT_EQ(add_by(0), too_many);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(add_by(1), std::nullopt);
  EXPECT_EQ(add_by(0), too_many);  // of blocks 1 to 6 it would have four
  EXPECT_EQ(add_by(2), std::nullopt);
  EXPECT_EQ(add_by(0), std::nullopt);  // block 1 is not among the last six any more
}

TEST(Diversity, AFewValidatorsHaveAtLeastTheirEvenShare) {
  const Maker maker({.validators = 2, .diversity = {6, 1}});
  TestChain chain(maker);
  Made tip = maker.genesis_block();
  for (int i = 0; i < 3; ++i) {
    tip = maker.block(tip);
    EXPECT_EQ(chain.add(tip).standing, Standing::on_chain);
  }
  EXPECT_EQ(chain.add(maker.block(tip)).fault, fault(FaultKind::validator_share_exceeded, 0));
  EXPECT_EQ(chain.add(maker.block(tip, {}, 0, 1)).standing, Standing::on_chain);
}

TEST(Diversity, AValidatorAloneSignsAll) {
  const Maker maker({.diversity = {6, 1}});
  TestChain chain(maker);
  Made tip = maker.genesis_block();
  for (int i = 0; i < 12; ++i) {
    tip = maker.block(tip);
    EXPECT_EQ(chain.add(tip).standing, Standing::on_chain);
  }
}

}  // namespace
}  // namespace salus::node::test

// Random trees of blocks in random order, good ones and bad ones: the chain ends at the best valid
// block, and its state is that of replaying the winning branch from genesis.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "node/statement/erasure.h"
#include "node/statement/key_registration.h"
#include "node/statement/key_revocation.h"
#include "node/statement/key_rotation.h"
#include "node/statement/sign.h"
#include "tests/node/chain/chain_fixture.h"

namespace salus::node::test {
namespace {

struct TreeBlock {
  Made made;
  std::size_t parent = 0;  // index in the list; genesis is at 0
  bool is_valid = true;    // with all before it
  pow::Uint256 work;
};

/// Blocks whose statements are permitted on their branch: sequences follow from the height.
class RandomTree {
 public:
  RandomTree(const Maker& maker, std::uint32_t seed, std::size_t blocks)
      : maker_(maker), random_(seed) {
    blocks_.push_back({maker.genesis_block(), 0, true, {}});
    while (blocks_.size() <= blocks) add();
  }

  [[nodiscard]] const std::vector<TreeBlock>& blocks() const { return blocks_; }

  /// Indexes from above genesis to this one.
  [[nodiscard]] std::vector<std::size_t> branch(std::size_t to) const {
    std::vector<std::size_t> indexes;
    for (std::size_t at = to; at != 0; at = blocks_[at].parent) indexes.push_back(at);
    std::ranges::reverse(indexes);
    return indexes;
  }

  std::mt19937& random() { return random_; }

 private:
  void add() {
    // Mostly on one of the newest, so that branches become long; sometimes anywhere.
    const std::size_t back =
        random_() % 8 == 0 ? blocks_.size() : std::min<std::size_t>(4, blocks_.size());
    const std::size_t parent = blocks_.size() - 1 - random_() % back;
    const TreeBlock& below = blocks_[parent];
    const bool is_bad = random_() % 16 == 0;
    std::vector<Message> messages = statements(below.made);
    if (is_bad) messages.back().back() ^= 1;
    // Another time each, so that no two blocks are the same.
    const auto time = static_cast<std::uint32_t>(below.made.time + 30 + blocks_.size() % 60);
    const Made made = maker_.block(below.made, messages, time);
    const pow::Uint256 work = pow::work_of(pow::decode_bits(header_of(made).bits).target);
    blocks_.push_back({made, parent, below.is_valid && !is_bad, below.work + work});
  }

  std::vector<Message> statements(const Made& parent) {
    const std::uint64_t first = 10 * (parent.height + 1);
    std::vector<Message> messages;
    const BlockFactory& factory = maker_.factory();
    const auto by_authority = [&](ContentType type, Bytes payload, std::uint64_t place) {
      messages.push_back(
          Maker::statement(factory.authority(), type, payload, first + place, parent.time));
    };
    const SigningKey fresh = SigningKey::generate(Algorithm::ed25519);
    switch (random_() % 4) {
      case 0:
        by_authority(ContentType::key_registration,
                     encode(KeyRegistration{fresh.public_key(), Role::device, ""}), 0);
        messages.push_back(
            Maker::statement(fresh, ContentType::fhir_json, as_bytes("{}"), 1, parent.time));
        break;
      case 1: {
        const SigningKey next = SigningKey::generate(Algorithm::p256);
        by_authority(ContentType::key_registration,
                     encode(KeyRegistration{fresh.public_key(), Role::device, ""}), 0);
        by_authority(ContentType::key_rotation, encode(KeyRotation{fresh.id(), next.public_key()}),
                     1);
        by_authority(ContentType::key_revocation, encode(KeyRevocation{next.id(), {}}), 2);
        break;
      }
      case 2: {
        Digest id{};
        id[0] = static_cast<std::uint8_t>(random_());
        by_authority(ContentType::erasure, encode(Erasure{id}), 0);
        break;
      }
      default: break;
    }
    for (std::size_t device = 0; device < factory.devices(); ++device)
      messages.push_back(factory.telemetry(device, parent.time, first + random_() % 10));
    return messages;
  }

  const Maker& maker_;
  std::mt19937 random_;
  std::vector<TreeBlock> blocks_;
};

class Reorganisation : public testing::TestWithParam<std::uint32_t> {
 protected:
  Reorganisation() : maker_({.devices = 2}), tree_(maker_, GetParam(), 60) {}

  /// The state after a branch, by adding its blocks alone.
  Digest replay(std::size_t to) {
    TestChain chain(maker_);
    for (const std::size_t at : tree_.branch(to))
      EXPECT_EQ(chain.add(tree_.blocks()[at].made).standing, Standing::on_chain);
    return chain.state_digest();
  }

  /// The chain has the most work that a valid block among those that arrived has.
  void expect_best(const TestChain& chain, const std::vector<bool>& arrived) {
    pow::Uint256 most;
    for (std::size_t i = 1; i < tree_.blocks().size(); ++i) {
      const std::vector<std::size_t> branch = tree_.branch(i);
      const bool is_there =
          std::ranges::all_of(branch, [&](std::size_t at) { return arrived[at]; });
      const TreeBlock& block = tree_.blocks()[i];
      if (is_there && block.is_valid) most = std::max(most, block.work);
    }
    ASSERT_EQ(chain.chain->tip().total_work, most);
  }

  std::size_t index_of(const Digest& id) const {
    const auto found =
        std::ranges::find(tree_.blocks(), id, [](const TreeBlock& block) { return block.made.id; });
    return static_cast<std::size_t>(found - tree_.blocks().begin());
  }

  Maker maker_;
  RandomTree tree_;
};

TEST_P(Reorganisation, TheStateIsThatOfReplayingTheWinningBranch) {
  TestChain chain(maker_);
  std::vector<std::size_t> order;
  for (std::size_t i = 1; i < tree_.blocks().size(); ++i) order.push_back(i);
  // Nearly in order: most have their parents before them, some wait.
  for (std::size_t i = 0; i + 6 < order.size(); i += 3)
    std::shuffle(order.begin() + static_cast<std::ptrdiff_t>(i),
                 order.begin() + static_cast<std::ptrdiff_t>(i + 6), tree_.random());
  std::vector<bool> arrived(tree_.blocks().size());
  arrived[0] = true;
  for (std::size_t step = 0; step < order.size(); ++step) {
    chain.add(tree_.blocks()[order[step]].made);
    arrived[order[step]] = true;
    expect_best(chain, arrived);
    if (step % 20 != 19 && step + 1 != order.size()) continue;
    const std::size_t tip = index_of(chain.tip());
    ASSERT_TRUE(tree_.blocks()[tip].is_valid);
    EXPECT_EQ(chain.state_digest(), replay(tip));
  }
  const Digest tip = chain.tip();
  chain.reopen();
  EXPECT_EQ(chain.tip(), tip);
  EXPECT_EQ(chain.state_digest(), replay(index_of(tip)));
}

INSTANTIATE_TEST_SUITE_P(Seeds, Reorganisation, testing::Range(1U, 9U));

}  // namespace
}  // namespace salus::node::test

// Headers: their rules, and the tree of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "node/chain/header_rules.h"
#include "node/chain/header_tree.h"
#include "tests/support/random_data.h"

namespace salus::node {
namespace {

constexpr std::uint32_t kTime = 1'700'000'000;
constexpr std::uint32_t kEasy = 0x207fffff;

ChainParameters parameters(std::uint32_t limit_bits = kEasy) {
  ChainParameters p;
  p.time = kTime;
  p.limit_bits = limit_bits;
  return p;
}

pow::Header header_at(std::uint32_t time, std::uint32_t bits = kEasy) {
  pow::Header header;
  header.version = kBlockVersion;
  header.time = time;
  header.bits = bits;
  return header;
}

/// A tree to which headers are added whose ids are made up: work is not looked at here.
class Tree {
 public:
  explicit Tree(const ChainParameters& p) : tree_(header_at(p.time, p.limit_bits), next_id()) {}

  const BlockNode& add(const BlockNode& parent, std::uint32_t time, std::uint32_t bits = kEasy) {
    pow::Header header = header_at(time, bits);
    header.previous = parent.id;
    return tree_.add(header, next_id(), parent);
  }
  HeaderTree& operator*() { return tree_; }
  HeaderTree* operator->() { return &tree_; }

 private:
  Digest next_id() { return test::random_digests(1, ++ids_)[0]; }
  std::uint32_t ids_ = 0;
  HeaderTree tree_;
};

TEST(HeaderRules, WorkIsComparedWithBitsAndBitsWithTheLimit) {
  const pow::Target limit = pow::decode_bits(0x1d00ffff).target;
  // Bitcoin's first block but for its version, which ours must be.
  pow::Header header = header_at(kTime, 0x1d00ffff);
  Digest id{};
  EXPECT_EQ(check_header_alone(header, id, limit), std::nullopt);
  id[28] = 1;  // 2^224: one above the target's highest bit
  EXPECT_EQ(check_header_alone(header, id, limit), FaultKind::insufficient_work);
  header.bits = 0x1d010000;
  EXPECT_EQ(check_header_alone(header, {}, limit), FaultKind::target_too_easy);
  header.bits = 0x1d80ffff;  // negative
  EXPECT_EQ(check_header_alone(header, {}, limit), FaultKind::target_too_easy);
  header.bits = 0;
  EXPECT_EQ(check_header_alone(header, {}, limit), FaultKind::target_too_easy);
}

TEST(HeaderRules, TheTargetItselfIsEnoughWork) {
  const pow::Target target = pow::decode_bits(0x1d00ffff).target;
  Digest id{};
  id[26] = 0xff;
  id[27] = 0xff;
  ASSERT_EQ(pow::Uint256::from_digest(id), target);
  EXPECT_EQ(check_header_alone(header_at(kTime, 0x1d00ffff), id, target), std::nullopt);
  id[0] = 1;
  EXPECT_EQ(check_header_alone(header_at(kTime, 0x1d00ffff), id, target),
            FaultKind::insufficient_work);
}

TEST(HeaderRules, MinersMayRollTheirVersionBitsAndNoOthers) {
  for (unsigned bit = 0; bit < 32; ++bit) {
    pow::Header header = header_at(kTime);
    header.version ^= std::uint32_t{1} << bit;
    const bool is_free = bit >= 13 && bit <= 28;  // BIP 320
    EXPECT_EQ(check_header_alone(header, {}, pow::decode_bits(kEasy).target),
              is_free ? std::nullopt : std::optional(FaultKind::wrong_version))
        << bit;
  }
}

TEST(HeaderRules, TimeIsAboveTheMedianOfTheLastElevenAndNotFarAhead) {
  const ChainParameters p = parameters();
  Tree tree(p);
  const BlockNode* tip = &tree->genesis();
  // Times fall now and then: only the median counts.
  for (const std::uint32_t offset : {60, 50, 130, 120, 200, 190, 260, 250, 330, 320, 400, 390})
    tip = &tree.add(*tip, kTime + offset, next_bits(*tip, p));
  // Of the last eleven (50 to 400) the sixth is 200.
  EXPECT_EQ(median_time_past(*tip), kTime + 200 + 50 - 0);
  const auto check = [&](std::uint32_t time, std::int64_t now) {
    return check_header_in_place(header_at(time, next_bits(*tip, p)), *tip, p, now);
  };
  const std::uint32_t median = median_time_past(*tip);
  EXPECT_EQ(check(median, kTime), FaultKind::time_too_early);
  EXPECT_EQ(check(median + 1, kTime + 1000), std::nullopt);
  EXPECT_EQ(check(kTime + 1000, kTime + 1000 - p.max_ahead), std::nullopt);
  EXPECT_EQ(check(kTime + 1000, kTime + 999 - p.max_ahead), FaultKind::time_too_late);
}

TEST(HeaderRules, BitsMustBeWhatAsertSays) {
  const ChainParameters p = parameters(0x1e00ffff);
  Tree tree(p);
  const BlockNode& genesis = tree->genesis();
  const std::uint32_t bits = next_bits(genesis, p);
  const auto check = [&](std::uint32_t its_bits) {
    return check_header_in_place(header_at(kTime + 60, its_bits), genesis, p, kTime);
  };
  EXPECT_EQ(check(bits), std::nullopt);
  EXPECT_EQ(check(bits - 1), FaultKind::wrong_target);
  EXPECT_EQ(check(bits + 1), FaultKind::wrong_target);
}

// A simulated chain: miners of changing strength, difficulty follows and blocks come as planned.
TEST(HeaderRules, DifficultyFollowsTheHashRate) {
  const ChainParameters p = parameters(0x1f00ffff);
  Tree tree(p);
  std::mt19937_64 random(1);
  const BlockNode* tip = &tree->genesis();
  double time = kTime;
  // Hashes a second for the spacing at the limit, and then 64 times as many, and as few again.
  const double base = pow::work_of(p.asert().limit).to_double() / p.spacing;
  struct Phase {
    double rate;
    int blocks;
  };
  for (const Phase& phase : {Phase{base, 500}, Phase{64 * base, 6000}, Phase{base, 4000}}) {
    double last_blocks = 0;
    constexpr int kMeasured = 500;
    for (int i = 0; i < phase.blocks; ++i) {
      const std::uint32_t bits = next_bits(*tip, p);
      const double hashes = pow::work_of(pow::decode_bits(bits).target).to_double();
      std::exponential_distribution<double> wait(phase.rate / hashes);
      const double before = time;
      time = std::max(time + wait(random), median_time_past(*tip) + 1.0);
      if (i >= phase.blocks - kMeasured) last_blocks += time - before;
      const auto at = static_cast<std::uint32_t>(time);
      ASSERT_EQ(check_header_in_place(header_at(at, bits), *tip, p, at), std::nullopt);
      tip = &tree.add(*tip, at, bits);
    }
    EXPECT_NEAR(last_blocks / kMeasured, p.spacing, p.spacing * 0.2);
  }
}

TEST(HeaderTree, MostWorkWinsAndNotTheLongestBranch) {
  Tree tree(parameters());
  const BlockNode& genesis = tree->genesis();
  const BlockNode* easy = &genesis;
  for (int i = 0; i < 3; ++i) easy = &tree.add(*easy, kTime + 60);
  EXPECT_EQ(&tree->best(), easy);
  const BlockNode& hard = tree.add(genesis, kTime + 60, 0x1f7fffff);
  EXPECT_EQ(&tree->best(), &hard);
}

TEST(HeaderTree, OfEqualWorkTheFirstSeenWins) {
  Tree tree(parameters());
  const BlockNode& first = tree.add(tree->genesis(), kTime + 60);
  const BlockNode& second = tree.add(tree->genesis(), kTime + 30);
  EXPECT_EQ(&tree->best(), &first);
  const BlockNode& third = tree.add(second, kTime + 90);
  EXPECT_EQ(&tree->best(), &third);
  (void)tree.add(first, kTime + 90);
  EXPECT_EQ(&tree->best(), &third);
}

TEST(HeaderTree, WhatBuiltOnAForgottenBlockIsForgotten) {
  Tree tree(parameters());
  const BlockNode& a = tree.add(tree->genesis(), kTime + 60);
  const BlockNode& b = tree.add(a, kTime + 60);
  const Digest b_id = b.id;
  const BlockNode& c1 = tree.add(b, kTime + 60);
  const BlockNode& c2 = tree.add(b, kTime + 61);
  const BlockNode& d = tree.add(c1, kTime + 60);
  std::vector<Digest> expected{c1.id, c2.id, d.id};
  std::ranges::sort(expected);
  std::vector<Digest> forgotten = tree->forget(b);
  std::ranges::sort(forgotten);
  EXPECT_EQ(forgotten, expected);
  EXPECT_EQ(tree->find(b_id), nullptr);
  EXPECT_EQ(tree->size(), 2U);
  EXPECT_EQ(&tree->best(), &a);
}

// Against a model that looks at everything.
TEST(HeaderTree, RandomTreesHaveTheBestBlockThatAModelFinds) {
  struct Model {
    const BlockNode* parent;
    pow::Uint256 work;
    int arrival;
  };
  std::mt19937 random(2);
  for (int round = 0; round < 30; ++round) {
    Tree tree(parameters());
    std::map<const BlockNode*, Model> model{{&tree->genesis(), {nullptr, {}, 0}}};
    for (int i = 1; i < 120; ++i) {
      auto at = model.begin();
      std::advance(at, random() % model.size());
      const BlockNode* parent = at->first;
      if (random() % 10 == 0 && parent != &tree->genesis()) {
        std::vector<const BlockNode*> gone;
        for (const auto& [node, entry] : model)
          for (const BlockNode* up = node; up != nullptr; up = model.at(up).parent)
            if (up == parent) gone.push_back(node);
        EXPECT_EQ(tree->forget(*parent).size() + 1, gone.size());
        for (const BlockNode* node : gone) model.erase(node);
      } else {
        const std::uint32_t bits = random() % 4 == 0 ? 0x201fffff : kEasy;
        const BlockNode& node = tree.add(*parent, kTime, bits);
        const pow::Uint256 work =
            model.at(parent).work + pow::work_of(pow::decode_bits(bits).target);
        model[&node] = {parent, work, i};
      }
      const auto best = std::ranges::max_element(model, [](const auto& a, const auto& b) {
        return a.second.work != b.second.work ? a.second.work < b.second.work
                                              : a.second.arrival > b.second.arrival;
      });
      ASSERT_EQ(&tree->best(), best->first);
      ASSERT_EQ(tree->size(), model.size());
    }
  }
}

TEST(HeaderTree, BranchesMeetAtTheirCommonAncestor) {
  Tree tree(parameters());
  const BlockNode* trunk = &tree->genesis();
  for (int i = 0; i < 5; ++i) trunk = &tree.add(*trunk, kTime);
  const BlockNode* left = trunk;
  for (int i = 0; i < 3; ++i) left = &tree.add(*left, kTime);
  const BlockNode* right = trunk;
  for (int i = 0; i < 7; ++i) right = &tree.add(*right, kTime);
  EXPECT_EQ(&common_ancestor(*left, *right), trunk);
  EXPECT_EQ(&common_ancestor(*right, *trunk), trunk);
  EXPECT_EQ(&ancestor_at(*right, 5), trunk);
  EXPECT_EQ(&ancestor_at(*right, 0), &tree->genesis());
}

}  // namespace
}  // namespace salus::node

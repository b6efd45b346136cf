// Blocks that wait are bounded in number and bytes, and the first goes first.
#include "node/chain/orphan_pool.h"

#include <gtest/gtest.h>

#include "node/chain/fault_memory.h"
#include "tests/support/random_data.h"

namespace salus::node {
namespace {

Digest id(std::uint32_t number) { return test::random_digests(1, number)[0]; }

Orphan orphan(std::uint32_t number, std::uint32_t parent, std::size_t bytes) {
  return {id(number), id(parent), std::vector<std::uint8_t>(bytes)};
}

TEST(OrphanPool, GivesChildrenInTheOrderInWhichTheyCame) {
  OrphanPool pool({10, 1000});
  EXPECT_TRUE(pool.add(orphan(1, 100, 10)));
  EXPECT_TRUE(pool.add(orphan(2, 200, 20)));
  EXPECT_TRUE(pool.add(orphan(3, 100, 30)));
  EXPECT_TRUE(pool.add(orphan(3, 100, 30)));
  EXPECT_EQ(pool.bytes(), 60U);
  const auto children = pool.take_children(id(100));
  ASSERT_EQ(children.size(), 2U);
  EXPECT_EQ(children[0].id, id(1));
  EXPECT_EQ(children[1].id, id(3));
  EXPECT_EQ(pool.size(), 1U);
  EXPECT_EQ(pool.bytes(), 20U);
  EXPECT_TRUE(pool.take_children(id(100)).empty());
}

TEST(OrphanPool, TheFirstGoesFirst) {
  OrphanPool pool({3, 100});
  for (std::uint32_t i = 0; i < 5; ++i) pool.add(orphan(i, 100, 10));
  EXPECT_EQ(pool.size(), 3U);
  EXPECT_FALSE(pool.contains(id(1)));
  EXPECT_TRUE(pool.contains(id(2)));
  pool.add(orphan(9, 100, 85));
  EXPECT_EQ(pool.size(), 2U);
  EXPECT_TRUE(pool.contains(id(4)));
  EXPECT_EQ(pool.bytes(), 95U);
}

TEST(OrphanPool, WhatAloneIsTooLargeDrivesOutNothing) {
  OrphanPool pool({3, 100});
  pool.add(orphan(1, 100, 50));
  EXPECT_FALSE(pool.add(orphan(2, 100, 101)));
  EXPECT_EQ(pool.size(), 1U);
  OrphanPool none({0, 100});
  EXPECT_FALSE(none.add(orphan(1, 100, 1)));
}

TEST(FaultMemory, ForgetsTheFirst) {
  FaultMemory memory(2);
  memory.add(id(1), {FaultKind::wrong_target});
  memory.add(id(1), {FaultKind::wrong_chain});
  memory.add(id(2), {FaultKind::wrong_content});
  EXPECT_EQ(memory.find(id(1))->kind, FaultKind::wrong_target);
  memory.add(id(3), {FaultKind::wrong_height});
  EXPECT_EQ(memory.find(id(1)), std::nullopt);
  EXPECT_EQ(memory.size(), 2U);
}

}  // namespace
}  // namespace salus::node

// What the jobs over trees are put together from, with pieces as small as a single leaf.
#include <gtest/gtest.h>

#include "engine/jobs/device_pool.h"
#include "engine/jobs/kept_levels.h"
#include "engine/jobs/placement.h"
#include "engine/jobs/subtrees.h"
#include "fake_device.h"
#include "tests/support/reference_tree.h"
#include "tests/support/tree_names.h"

namespace salus::engine {
namespace {

std::vector<Digest> some_leaves(std::size_t count) {
  std::vector<Digest> leaves(count);
  for (std::size_t i = 0; i < count; ++i) {
    leaves[i][0] = static_cast<std::uint8_t>(i);
    leaves[i][1] = static_cast<std::uint8_t>(i >> 8);
  }
  return leaves;
}

/// Cuts `leaves` as the engine would and reduces each run by itself.
class TreeParts : public testing::TestWithParam<TreeKind> {
 protected:
  template <class Take>
  void cut(const Subtrees& subtrees, std::span<const Digest> leaves, std::size_t wanted,
           const Take& take) {
    for (std::size_t first = 0; first < leaves.size();) {
      const std::size_t count = subtrees.run_length(first, wanted);
      std::vector<Digest> levels(merkle_levels_size(count));
      const Digest root = device.merkle_reduce(GetParam(), leaves.subspan(first, count), levels);
      take(first, count, root, levels);
      first += count;
    }
  }
  FakeDevice device{0, std::make_shared<FakeDevice::Faults>()};
};

TEST_P(TreeParts, RunsOfAnyLengthGiveTheSameRootAndLevels) {
  for (std::size_t size = 1; size <= 130; ++size) {
    const std::vector<Digest> leaves = some_leaves(size);
    std::vector<Digest> expected(merkle_levels_size(size));
    const Digest root = device.merkle_reduce(GetParam(), leaves, expected);
    ASSERT_EQ(root, test::ReferenceTree(GetParam()).root(leaves));
    for (const std::size_t wanted : {1, 2, 3, 8, 31, 64, 1000}) {
      Subtrees subtrees(GetParam(), size);
      KeptLevels kept(GetParam(), size);
      cut(subtrees, leaves, wanted,
          [&](std::size_t first, std::size_t count, const Digest& part,
              const std::vector<Digest>& levels) {
            subtrees.add(first, count, part);
            kept.add(first, count, levels);
          });
      ASSERT_EQ(subtrees.root(), root) << size << " leaves in runs of " << wanted;
      ASSERT_EQ(kept.complete(leaves), expected) << size << " leaves in runs of " << wanted;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(BothKinds, TreeParts,
                         testing::Values(TreeKind::rfc9162, TreeKind::bitcoin), test::tree_name);

/// A pool of fakes whose speeds at mining are as given.
std::unique_ptr<DevicePool> pool_with(const std::vector<Speed>& speeds) {
  std::vector<std::unique_ptr<Device>> devices;
  for (unsigned i = 0; i < speeds.size(); ++i)
    devices.push_back(std::make_unique<FakeDevice>(i, std::make_shared<FakeDevice::Faults>()));
  auto pool = std::make_unique<DevicePool>(std::move(devices), CpuOptions{});
  for (std::size_t i = 0; i < speeds.size(); ++i) pool->slots()[i]->set_speed(Job::mine, speeds[i]);
  return pool;
}

std::vector<unsigned> chosen(DevicePool& pool, double units) {
  std::vector<unsigned> indices;
  for (const Slot* slot : choose_devices(pool, Job::mine, units))
    indices.push_back(slot->device->info().index);
  return indices;
}

TEST(Placement, SmallWorkGoesToTheDeviceWithLeastLatencyLargeWorkToAll) {
  const auto pool = pool_with({{1e-6, 1e6}, {1e-3, 1e9}});  // a CPU and a GPU, say
  EXPECT_EQ(chosen(*pool, 10), (std::vector<unsigned>{0}));
  EXPECT_EQ(chosen(*pool, 1e10), (std::vector<unsigned>{1, 0}));
}

TEST(Placement, ADeviceThatWouldStillBeStartingWhenTheOthersEndIsLeftOut) {
  const auto pool = pool_with({{1e-6, 1e9}, {1.0, 1e9}});
  EXPECT_EQ(chosen(*pool, 1e8), (std::vector<unsigned>{0}));
  EXPECT_EQ(chosen(*pool, 1e10), (std::vector<unsigned>{0, 1}));
}

TEST(Slot, LearnsFromWhatWorkTook) {
  const auto pool = pool_with({{0, 100}});
  Slot& slot = *pool->slots().front();
  for (int i = 0; i < 30; ++i) slot.learn(Job::mine, 1000, 1.0);
  EXPECT_NEAR(slot.speed(Job::mine).units_per_second, 1000, 1);
}

}  // namespace
}  // namespace salus::engine

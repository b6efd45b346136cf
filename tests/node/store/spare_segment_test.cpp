#include "node/store/spare_segment.h"

#include <gmock/gmock.h>

#include "tests/node/store/small_disk.h"
#include "tests/support/temporary_folder.h"

namespace salus::node {
namespace {

using salus::test::TemporaryFolder;
using testing::Each;

constexpr std::uint64_t kBytes = (std::uint64_t{5} << 19) + 7;  // two steps and a half

File taken(SpareSegment& spare) {
  for (;;) {
    if (auto file = spare.take(kBytes)) return std::move(*file);
    std::this_thread::yield();
  }
}

TEST(SpareSegment, HoldsZerosAndIsMadeAgainOnceItWasTaken) {
  const TemporaryFolder folder;
  SpareSegment spare(folder.path() / "spare.tmp");
  EXPECT_FALSE(spare.take(kBytes));
  for (int repeat = 0; repeat < 2; ++repeat) {
    spare.prepare(kBytes);
    File file = taken(spare);
    ASSERT_EQ(file.size(), kBytes);
    std::vector<std::uint8_t> content(kBytes);
    ASSERT_EQ(file.read_at(0, content), kBytes);
    EXPECT_THAT(content, Each(0));
    EXPECT_FALSE(spare.take(kBytes));
    file.rename(folder.path() / "taken");
  }
}

TEST(SpareSegment, IsNotThereForAnotherLength) {
  const TemporaryFolder folder;
  SpareSegment spare(folder.path() / "spare.tmp");
  spare.prepare(kBytes);
  const File file = taken(spare);
  spare.prepare(4096);
  while (!std::filesystem::exists(folder.path() / "spare.tmp")) std::this_thread::yield();
  EXPECT_FALSE(spare.take(kBytes));
}

TEST(SpareSegment, LeavesNothingBehind) {
  const TemporaryFolder folder;
  {
    SpareSegment spare(folder.path() / "spare.tmp");
    spare.prepare(kBytes);  // it may end before or after that is there
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(SpareSegment, IsNotThereWhereTheDiskIsFull) {
  const test::SmallDisk disk(1 << 20);
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting a tmpfs is not permitted";
  {
    SpareSegment spare(disk.path() / "spare.tmp");
    for (int repeat = 0; repeat < 1000; ++repeat) {
      spare.prepare(kBytes);
      EXPECT_FALSE(spare.take(kBytes));
      std::this_thread::yield();
    }
  }
  EXPECT_TRUE(std::filesystem::is_empty(disk.path()));
}

}  // namespace
}  // namespace salus::node

// What the process may use of the machine: cores by affinity, limits of control groups.
#include "engine/cpu/cpu_info.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <string>

#include "engine/cpu/cgroup.h"
#include "engine/cpu/cpu_backend.h"
#include "tests/support/temporary_folder.h"

namespace salus::engine::cpu {
namespace {

/// A file system root of our own, with /proc and cgroup mounts in it.
class Cgroup : public testing::Test {
 protected:
  void write(std::string_view path, std::string_view text) const { root_.write(path, text); }
  [[nodiscard]] CgroupLimits read() const { return read_cgroup_limits(root_.path()); }

 private:
  test::TemporaryFolder root_;
};

TEST_F(Cgroup, MayBeAbsent) {
  EXPECT_FALSE(read().cores);
  EXPECT_FALSE(read().memory_bytes);
}

TEST_F(Cgroup, Version2SetsTheTightestLimitOnTheWayUp) {
  write("proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n");
  write("proc/self/cgroup", "0::/user.slice/job\n");
  write("sys/fs/cgroup/user.slice/cpu.max", "150000 100000\n");
  write("sys/fs/cgroup/user.slice/memory.max", "max\n");
  write("sys/fs/cgroup/user.slice/job/cpu.max", "max 100000\n");
  write("sys/fs/cgroup/user.slice/job/memory.max", "1073741824\n");
  EXPECT_EQ(read().cores, 1.5);
  EXPECT_EQ(read().memory_bytes, 1073741824U);
}

TEST_F(Cgroup, Version1ReadsEachControllersOwnHierarchy) {
  write("proc/self/mountinfo",
        "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup "
        "rw,cpu,cpuacct\n"
        "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n");
  write("proc/self/cgroup", "4:memory:/box\n3:cpu,cpuacct:/box/inner\n0::/\n");
  write("sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us", "400000\n");
  write("sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us", "100000\n");
  write("sys/fs/cgroup/cpu,cpuacct/box/inner/cpu.cfs_quota_us", "-1\n");
  write("sys/fs/cgroup/cpu,cpuacct/box/inner/cpu.cfs_period_us", "100000\n");
  write("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "536870912\n");
  EXPECT_EQ(read().cores, 4.0);
  EXPECT_EQ(read().memory_bytes, 536870912U);
}

TEST_F(Cgroup, InAContainerIsFoundBelowWhatIsMounted) {
  write("proc/self/mountinfo", "30 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n");
  write("proc/self/cgroup", "0::/docker/abc/app\n");
  write("sys/fs/cgroup/cpu.max", "300000 100000\n");
  write("sys/fs/cgroup/app/cpu.max", "200000 100000\n");
  EXPECT_EQ(read().cores, 2.0);
}

TEST_F(Cgroup, NonsenseSetsNoLimit) {
  write("proc/self/mountinfo",
        "\n1 2\n30 23 0:26 / /sys/fs/cgroup rw -\n30 23 0:26 / /sys/fs/cgroup rw - cgroup2 c rw\n");
  write("proc/self/cgroup", "\n::\nno colons\n0::/../../etc\n");
  write("sys/fs/cgroup/cpu.max", "0 0\n");
  write("sys/fs/cgroup/memory.max", "lots\n");
  EXPECT_FALSE(read().cores);
  EXPECT_FALSE(read().memory_bytes);
}

TEST(CpuInfo, CountsOnlyTheCoresThatAffinityAllows) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  EXPECT_LE(usable_cores(), static_cast<unsigned>(CPU_COUNT(&before)));
  cpu_set_t one;
  CPU_ZERO(&one);
  for (int cpu = 0; CPU_COUNT(&one) == 0; ++cpu)
    if (CPU_ISSET(cpu, &before)) CPU_SET(cpu, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(usable_cores(), 1U);
  EXPECT_EQ(open_cpu_device({})->info().compute_units, 1U);
  ASSERT_EQ(sched_setaffinity(0, sizeof before, &before), 0);
}

TEST(CpuInfo, NamesTheProcessorAndItsMemory) {
  EXPECT_FALSE(cpu_brand().empty());
  EXPECT_NE(cpu_brand().front(), ' ');
  EXPECT_NE(cpu_brand().back(), ' ');
  EXPECT_GT(usable_memory(), std::uint64_t{1} << 20);
}

}  // namespace
}  // namespace salus::engine::cpu

// A whole node on a disk that is full, read-only or damaged, with another genesis, or a wrong
// clock: told clearly, and nothing lost.
#include <gmock/gmock.h>

#include <fstream>
#include <mutex>
#include <semaphore>
#include <set>
#include <thread>
#include <utility>

#include "engine/error.h"
#include "node/chain_check.h"
#include "tests/node/node_world.h"
#include "tests/node/store/small_disk.h"

namespace salus::node::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using testing::HasSubstr;

template <typename Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

/// The folder of a node of this world somewhere else.
void make_node(const World& world, const fs::path& folder) {
  fs::create_directories(folder);
  fs::copy(world.node(), folder, fs::copy_options::recursive);
}

/// The outcome of a message that is submitted alone.
Outcome outcome_of(Node& node, const Message& message) {
  Submission submission;
  submission.bytes = message;
  submission.ends = {static_cast<std::uint32_t>(message.size())};
  Outcome outcome;
  std::binary_semaphore answered{0};
  submission.done = [&](std::span<const Outcome> outcomes) {
    outcome = outcomes.front();
    answered.release();
  };
  EXPECT_TRUE(node.sink().submit(submission));
  answered.acquire();
  return outcome;
}

/// Keeps a disk full: what others give back is taken at once. Its own room is free again with it.
class Filler {
 public:
  /// Returns when the disk is full.
  explicit Filler(fs::path file)
      : file_(std::move(file)), thread_([this](const std::stop_token& stop) { fill(stop); }) {
    is_full_.acquire();
  }
  ~Filler() {
    thread_.request_stop();
    thread_.join();
    fs::remove(file_);
  }
  Filler(const Filler&) = delete;
  Filler& operator=(const Filler&) = delete;

 private:
  void fill(const std::stop_token& stop) {
    std::ofstream stream(file_, std::ios::binary);
    const std::string some(4096, 'x');
    for (bool was_full = false; !stop.stop_requested();) {
      if (stream.write(some.data(), static_cast<std::streamsize>(some.size())).flush()) continue;
      stream.clear();
      if (!std::exchange(was_full, true)) is_full_.release();
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }

  fs::path file_;
  std::binary_semaphore is_full_{0};
  std::jthread thread_;
};

/// Runs a node until all that the world says is in blocks.
void use(const World& world) {
  Node node(world.node(), small_config(), world.key());
  feed(node, world.messages, 0, [](std::uint64_t) {});
  while (node.stats().on_chain < world.messages.size())
    std::this_thread::sleep_for(milliseconds(5));
}

TEST(NodeFaults, AFullDiskTurnsStatementsAwayAndLosesNothing) {
  const World world;
  salus::test::SmallDisk disk(std::size_t{48} << 20);
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting a tmpfs is not permitted";
  const fs::path folder = disk.path() / "node";
  make_node(world, folder);
  std::set<std::uint64_t> acknowledged;
  std::mutex mutex;
  {
    Node node(folder, small_config(), world.key());
    {
      const Filler filler(disk.path() / "filler");
      feed(node, world.messages, 0, [&](std::uint64_t index) {
        const std::lock_guard lock(mutex);
        acknowledged.insert(index);
      });
    }
    // The store has failed for good where it met the full disk; the log tries anew.
    if (const auto failure = node.failure())
      EXPECT_THAT(*failure, HasSubstr("No space left"));
    else
      EXPECT_TRUE(outcome_of(node, world.messages.back()).is_held());
  }
  EXPECT_LT(acknowledged.size(), world.messages.size());
  Node node(folder, small_config(), world.key());
  EXPECT_TRUE(settle(node));
  std::map<Digest, int> found = statements_on_chain(node);
  for (const std::uint64_t i : acknowledged)
    EXPECT_EQ(found[id_of(world.messages[i])], 1) << "message " << i;
}

TEST(NodeFaults, AReadOnlyFolderIsNamed) {
  const World world(1);
  salus::test::SmallDisk disk(std::size_t{16} << 20);
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting a tmpfs is not permitted";
  make_node(world, disk.path() / "node");
  ASSERT_TRUE(disk.make_read_only());
  const std::string told = error_of([&] { Node(disk.path() / "node", small_config()); });
  EXPECT_THAT(told, HasSubstr((disk.path() / "node").string()));
  EXPECT_THAT(told, HasSubstr("Read-only file system"));
}

TEST(NodeFaults, AnotherGenesisIsNamed) {
  const World world(50);
  use(world);
  const World other(1);
  fs::copy(other.node() / kGenesisFile, world.node() / kGenesisFile,
           fs::copy_options::overwrite_existing);
  EXPECT_THAT(error_of([&] { Node(world.node(), small_config()); }),
              HasSubstr("another chain than that of the genesis file"));
}

TEST(NodeFaults, ADamagedStoreIsNamedAndNotServed) {
  const World world(50);
  use(world);
  const fs::path blocks = world.node() / kBlocksFolder / "rocksdb";
  std::size_t damaged = 0;
  for (const auto& entry : fs::directory_iterator(blocks)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("MANIFEST")) continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(20);
    file.put('\x7f');
    ++damaged;
  }
  ASSERT_EQ(damaged, 1U);
  EXPECT_THAT(error_of([&] { Node(world.node(), small_config()); }),
              HasSubstr((world.node() / kBlocksFolder).string()));
}

TEST(NodeFaults, AClockBehindTheChainIsToldAtTheStart) {
  const World world(50);
  use(world);
  NodeConfig config = small_config();
  config.intake.clock = [] { return now() - 3600; };
  EXPECT_THAT(error_of([&] { Node(world.node(), config); }),
              testing::AllOf(HasSubstr("clock is 3"), HasSubstr("behind the chain's last block")));
}

TEST(NodeFaults, AClockThatIsSetBackTurnsStatementsAwayUntilItIsRight) {
  const World world(3);
  std::atomic<std::int64_t> wrong_by = 0;
  NodeConfig config = small_config();
  config.intake.clock = [&wrong_by] { return now() - wrong_by; };
  Node node(world.node(), config, world.key());
  EXPECT_EQ(outcome_of(node, world.messages[0]).refusal, std::nullopt);
  while (node.stats().on_chain == 0) std::this_thread::sleep_for(milliseconds(5));
  wrong_by = 3600;
  EXPECT_EQ(outcome_of(node, world.messages[1]).refusal, Refusal::overloaded);  // not for good
  wrong_by = 0;
  EXPECT_EQ(outcome_of(node, world.messages[1]).refusal, std::nullopt);
}

}  // namespace
}  // namespace salus::node::test

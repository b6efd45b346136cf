// Jobs shared by several devices, some of which fail.
#include "engine/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "engine/stopwatch.h"
#include "fake_device.h"
#include "tests/support/random_data.h"
#include "tests/support/reference_tree.h"

namespace salus::engine {
namespace {

using Faults = FakeDevice::Faults;

/// An engine over `count` fake devices; faults(i) are those of device i.
struct Rig {
  explicit Rig(unsigned count, bool self_check = false) {
    std::vector<std::unique_ptr<Device>> devices;
    for (unsigned i = 0; i < count; ++i) {
      faults.push_back(std::make_shared<Faults>());
      devices.push_back(std::make_unique<FakeDevice>(i, faults.back()));
    }
    EngineOptions options;
    options.self_check = self_check;
    engine.emplace(std::move(devices), options);
  }

  /// Whether the device with this index is still in use.
  [[nodiscard]] bool uses(unsigned index) const {
    for (const DeviceInfo& info : engine->devices())
      if (info.backend == Backend::cuda && info.index == index) return true;
    return false;
  }

  std::vector<std::shared_ptr<Faults>> faults;
  std::optional<Engine> engine;
};

std::function<void(int)> fail_from(int call) {
  return [call](int now) {
    if (now >= call) throw Error(ErrorKind::device, "out of memory");
  };
}

std::vector<Digest> reference_digests(const MessageView& messages) {
  std::vector<Digest> digests;
  for (std::size_t i = 0; i < messages.count(); ++i) digests.push_back(openssl_sha256(messages[i]));
  return digests;
}

Digest expected_root(TreeKind kind, const MessageView& entries) {
  const test::ReferenceTree reference(kind);
  return reference.root(reference.leaves(entries));
}

class EngineJobs : public testing::Test {
 protected:
  static constexpr std::size_t kMessages = 300000;
  const std::vector<std::uint8_t> data = test::random_bytes(kMessages * 32, 1);
  const MessageView messages = MessageView::fixed(data, 32);
  std::vector<Digest> out = std::vector<Digest>(kMessages);
};

TEST_F(EngineJobs, HashManySharedByThreeDevicesEqualsOpenSsl) {
  Rig rig(3);
  rig.engine->hash_many(messages, out);
  EXPECT_EQ(out, reference_digests(messages));
}

TEST_F(EngineJobs, TheLoadOfADeviceIsTheTimeThatItWorked) {
  Rig rig(2);
  for (const DeviceLoad& load : rig.engine->loads()) EXPECT_EQ(load.busy_seconds, 0) << load.id;
  const Stopwatch watch;
  rig.engine->hash_many(messages, out);
  const double most = watch.seconds();
  const std::vector<DeviceLoad> loads = rig.engine->loads();
  ASSERT_EQ(loads.size(), 2U);
  EXPECT_EQ(loads[1].id, rig.engine->devices()[1].id());
  EXPECT_GT(loads[0].busy_seconds + loads[1].busy_seconds, 0);
  for (const DeviceLoad& load : loads) EXPECT_LE(load.busy_seconds, most) << load.id;
}

TEST_F(EngineJobs, HashManyTakesMessagesOfVaryingLength) {
  std::vector<Bytes> pieces;
  Bytes rest = data;
  for (std::size_t i = 0; i < 3000; ++i) {
    pieces.push_back(rest.first(i % 300));
    rest = rest.subspan(i % 300);
  }
  Rig rig(2);
  out.resize(pieces.size());
  rig.engine->hash_many(MessageView::scattered(pieces), out);
  EXPECT_EQ(out, reference_digests(MessageView::scattered(pieces)));
}

TEST_F(EngineJobs, HashManyOfNothingDoesNothing) {
  Rig rig(1);
  rig.engine->hash_many(MessageView::scattered({}), {});
}

TEST_F(EngineJobs, HashManyRefusesAnOutputOfAnotherSize) {
  Rig rig(1);
  EXPECT_THROW(rig.engine->hash_many(messages, std::span(out).first(3)), Error);
}

TEST_F(EngineJobs, TheOthersDoTheShareOfADeviceThatFailsInTheMiddle) {
  for (const int call : {1, 2, 5, 20}) {
    Rig rig(3);
    rig.faults[1]->before = fail_from(call);
    std::ranges::fill(out, Digest{});
    rig.engine->hash_many(messages, out);
    EXPECT_EQ(out, reference_digests(messages)) << "failing at call " << call;
    EXPECT_TRUE(rig.uses(0) && rig.uses(2));
    EXPECT_EQ(rig.uses(1), rig.faults[1]->calls < call);
  }
}

TEST_F(EngineJobs, TheCpuTakesOverWhenEveryDeviceHasFailed) {
  Rig rig(2);
  for (const auto& faults : rig.faults) faults->before = fail_from(2);
  rig.engine->hash_many(messages, out);
  EXPECT_EQ(out, reference_digests(messages));
  ASSERT_EQ(rig.engine->devices().size(), 1u);
  EXPECT_EQ(rig.engine->devices()[0].backend, Backend::cpu);
  EXPECT_EQ(rig.engine->merkle_root(TreeKind::rfc9162, messages),
            expected_root(TreeKind::rfc9162, messages));
}

TEST_F(EngineJobs, AnErrorThatIsNotTheDevicesReachesTheCaller) {
  Rig rig(2);
  for (const auto& faults : rig.faults) faults->before = [](int) { throw std::bad_alloc(); };
  EXPECT_THROW(rig.engine->hash_many(messages, out), std::bad_alloc);
}

TEST_F(EngineJobs, SelfCheckDropsADeviceWithWrongDigests) {
  Rig rig(1, true);
  rig.faults[0]->wrong_digests = true;
  rig.engine->hash_many(messages, out);
  EXPECT_EQ(out, reference_digests(messages));
  EXPECT_FALSE(rig.uses(0));
}

TEST_F(EngineJobs, SelfCheckDropsADeviceWithAWrongTree) {
  for (const TreeKind kind : {TreeKind::rfc9162, TreeKind::bitcoin}) {
    const Digest expected = expected_root(kind, messages);
    Rig rig(1, true);
    rig.faults[0]->wrong_digests = true;
    EXPECT_EQ(rig.engine->merkle_root(kind, messages), expected);
    EXPECT_FALSE(rig.uses(0));
    Rig another(1, true);
    another.faults[0]->wrong_digests = true;
    EXPECT_EQ(another.engine->merkle_tree(kind, messages).root(), expected);
    EXPECT_FALSE(another.uses(0));
  }
}

TEST_F(EngineJobs, MerkleRootAndTreeOfEverySizeEqualTheDefinition) {
  Rig rig(1);
  for (const TreeKind kind : {TreeKind::rfc9162, TreeKind::bitcoin}) {
    for (std::size_t size = 1; size <= 300; ++size) {
      const MessageView entries = messages.slice(0, size);
      const Digest expected = expected_root(kind, entries);
      ASSERT_EQ(rig.engine->merkle_root(kind, entries), expected) << size;
      ASSERT_EQ(rig.engine->merkle_tree(kind, entries).root(), expected) << size;
    }
  }
}

TEST_F(EngineJobs, LargeTreesSharedByDevicesEqualTheDefinition) {
  for (const TreeKind kind : {TreeKind::rfc9162, TreeKind::bitcoin}) {
    for (const std::size_t size : {kMessages, kMessages - 1, std::size_t{131073}}) {
      Rig rig(3);
      rig.faults[2]->before = fail_from(6);
      const MessageView entries = messages.slice(0, size);
      const Digest expected = expected_root(kind, entries);
      ASSERT_EQ(rig.engine->merkle_root(kind, entries), expected) << size;
      ASSERT_EQ(rig.engine->merkle_tree(kind, entries).root(), expected) << size;
    }
  }
}

TEST_F(EngineJobs, EmptyTreesFollowTheirStandards) {
  Rig rig(1);
  EXPECT_EQ(rig.engine->merkle_root(TreeKind::rfc9162, MessageView::scattered({})),
            openssl_sha256({}));
  EXPECT_EQ(rig.engine->merkle_tree(TreeKind::rfc9162, MessageView::scattered({})).size(), 0u);
  EXPECT_THROW(rig.engine->merkle_root(TreeKind::bitcoin, MessageView::scattered({})), Error);
}

TEST_F(EngineJobs, BitcoinTreesRefuseEntriesThatAreNoIds) {
  Rig rig(1);
  EXPECT_THROW(rig.engine->merkle_root(TreeKind::bitcoin, MessageView::fixed(data, 16)), Error);
}

TEST_F(EngineJobs, ProgressRisesToTheEnd) {
  Rig rig(2);
  std::uint64_t last = 0;
  JobControl control;
  control.progress = [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_GT(done, last);
    EXPECT_EQ(total, kMessages);
    last = done;
  };
  rig.engine->hash_many(messages, out, control);
  EXPECT_EQ(last, kMessages);
}

TEST_F(EngineJobs, AStoppedJobThrowsCancelled) {
  Rig rig(1);
  std::stop_source stop;
  JobControl control{stop.get_token(), [&](std::uint64_t, std::uint64_t) { stop.request_stop(); }};
  EXPECT_THROW(rig.engine->hash_many(messages, out, control), Cancelled);
  EXPECT_THROW(rig.engine->merkle_root(TreeKind::rfc9162, messages, control), Cancelled);
}

TEST_F(EngineJobs, ManyThreadsShareOneEngine) {
  Rig rig(2);
  const std::vector<Digest> expected = reference_digests(messages.slice(0, 5000));
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      std::vector<Digest> mine(5000);
      rig.engine->hash_many(messages.slice(0, 5000), mine);
      EXPECT_EQ(mine, expected);
    });
  }
}

}  // namespace
}  // namespace salus::engine

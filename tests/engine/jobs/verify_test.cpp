// Batches of signatures shared by several devices, some of which fail.
#include <gtest/gtest.h>

#include <thread>

#include "engine/engine.h"
#include "engine/error.h"
#include "engine/signature/reference.h"
#include "fake_device.h"
#include "tests/engine/signature/items.h"

namespace salus::engine {
namespace {

using signature::Algorithm;
using signature::Item;
using signature::OwnedItem;
using signature::Reason;
using signature::Verdicts;
using Faults = FakeDevice::Faults;

struct Rig {
  explicit Rig(unsigned count, EngineOptions options = {},
               const std::function<void(Faults&, unsigned)>& prepare = {}) {
    std::vector<std::unique_ptr<Device>> devices;
    for (unsigned i = 0; i < count; ++i) {
      faults.push_back(std::make_shared<Faults>());
      if (prepare) prepare(*faults.back(), i);
      devices.push_back(std::make_unique<FakeDevice>(i, faults.back()));
    }
    engine.emplace(std::move(devices), options);
  }

  [[nodiscard]] bool uses(unsigned index) const {
    for (const DeviceInfo& info : engine->devices())
      if (info.backend == Backend::cuda && info.index == index) return true;
    return false;
  }

  std::vector<std::shared_ptr<Faults>> faults;
  std::optional<Engine> engine;
};

EngineOptions with_self_check() {
  EngineOptions options;
  options.self_check = true;
  return options;
}

std::function<void(int)> fail_from(int call) {
  return [call](int now) {
    if (now >= call) throw Error(ErrorKind::device, "out of memory");
  };
}

/// Good and bad items of both algorithms and of every reason that takes no special key, a few
/// signed ones again and again.
class VerifyJob : public testing::Test {
 protected:
  VerifyJob() {
    std::mt19937_64 random(3);
    for (std::size_t i = 0; i < 24; ++i) {
      const Algorithm algorithm = i % 3 == 0 ? Algorithm::p256 : Algorithm::ed25519;
      owned_.push_back(sign(algorithm, random, signature::random_bytes(random, i)));
    }
    owned_[1].signature[5] ^= 1;
    owned_[2].signature.assign(64, 0xff);
    owned_[3].key[0] = 5;
    owned_[4].key.pop_back();
    owned_[5].signature.push_back(0);
    owned_[6].key[64] ^= 1;
    owned_[7].algorithm = static_cast<Algorithm>(9);
    for (std::size_t i = 0; i < kItems; ++i) items.push_back(owned_[i % owned_.size()].view());
    std::vector<Reason> reasons;
    for (const OwnedItem& item : owned_) reasons.push_back(verify_reference(item.view()));
    std::vector<Reason> all;
    for (std::size_t i = 0; i < kItems; ++i) all.push_back(reasons[i % reasons.size()]);
    expected = Verdicts(all);
  }

  static constexpr std::size_t kItems = 6000;
  std::vector<Item> items;
  Verdicts expected{0};

 private:
  std::vector<OwnedItem> owned_;
};

TEST_F(VerifyJob, TheCpuAgreesWithTheReference) {
  Engine engine({.devices = "cpu"});
  EXPECT_EQ(engine.verify_batch(items), expected);
}

TEST_F(VerifyJob, SharedByDevicesItAgreesWithTheReference) {
  Rig rig(3);
  EXPECT_EQ(rig.engine->verify_batch(items), expected);
}

TEST_F(VerifyJob, AnEmptyBatchHasNoVerdicts) {
  Rig rig(1);
  EXPECT_EQ(rig.engine->verify_batch({}), Verdicts(0));
}

TEST_F(VerifyJob, DevicesSeeOnlyItemsOfTheRightForm) {
  Rig rig(1);
  const Item malformed = items[4];
  EXPECT_EQ(rig.engine->verify_batch(std::span(&malformed, 1)).reason(0), Reason::key_length);
}

TEST_F(VerifyJob, ThePolicyIsKept) {
  std::mt19937_64 random(4);
  std::vector<OwnedItem> signed_items;
  for (int i = 0; i < 30; ++i) signed_items.push_back(sign(Algorithm::p256, random, {}));
  const auto batch = views(signed_items);
  Rig rig(1);
  const Verdicts strict = rig.engine->verify_batch(batch, {.p256_low_s = true});
  for (std::size_t i = 0; i < batch.size(); ++i)
    EXPECT_EQ(strict.reason(i), signature::verify_reference(batch[i], {.p256_low_s = true}));
  EXPECT_TRUE(rig.engine->verify_batch(batch).all_valid());
}

TEST_F(VerifyJob, TheOthersDoTheShareOfADeviceThatFailsInTheMiddle) {
  for (const int call : {1, 3, 7}) {
    Rig rig(2);
    rig.faults[1]->before = fail_from(call);
    EXPECT_EQ(rig.engine->verify_batch(items), expected) << "failing at call " << call;
    EXPECT_TRUE(rig.uses(0));
  }
}

TEST_F(VerifyJob, TheCpuTakesOverWhenEveryDeviceHasFailed) {
  Rig rig(2);
  for (const auto& faults : rig.faults) faults->before = fail_from(2);
  EXPECT_EQ(rig.engine->verify_batch(items), expected);
  EXPECT_EQ(rig.engine->devices().at(0).backend, Backend::cpu);
}

TEST_F(VerifyJob, ADeviceWithoutKernelsForSignaturesIsLeftToItsOtherJobs) {
  Rig some(2, {}, [](Faults& faults, unsigned index) { faults.cannot_verify = index == 0; });
  EXPECT_EQ(some.engine->verify_batch(items), expected);
  EXPECT_EQ(some.faults[0]->calls, 0);
  EXPECT_TRUE(some.uses(0) && some.uses(1));

  Rig none(1, {}, [](Faults& faults, unsigned) { faults.cannot_verify = true; });
  EXPECT_EQ(none.engine->verify_batch(items), expected);
  EXPECT_EQ(none.faults[0]->calls, 0);
  EXPECT_TRUE(none.uses(0));
}

TEST_F(VerifyJob, AnUndecidedItemIsNotAnInvalidOne) {
  Rig rig(1);
  rig.faults[0]->stops_early = true;
  EXPECT_EQ(rig.engine->verify_batch(items), expected);
  EXPECT_FALSE(rig.uses(0));
}

TEST_F(VerifyJob, SelfCheckDropsADeviceThatAcceptsEverything) {
  Rig rig(1, with_self_check());
  rig.faults[0]->accepts_all = true;
  std::vector<Item> bad(100, items[1]);
  EXPECT_EQ(rig.engine->verify_batch(bad).count_valid(), 0U);
  EXPECT_FALSE(rig.uses(0));
}

TEST_F(VerifyJob, OpenSslDecidesWhenEvenTheCpuHasFailed) {
  const auto faults = std::make_shared<Faults>();
  faults->before = fail_from(1);
  std::vector<std::unique_ptr<Device>> devices;
  devices.push_back(std::make_unique<FakeDevice>(0, faults, Backend::cpu));
  Engine engine(std::move(devices), {});
  EXPECT_EQ(engine.verify_batch(items), expected);
  EXPECT_EQ(engine.verify_batch(items), expected);
}

TEST_F(VerifyJob, AnErrorThatIsNotTheDevicesReachesTheCaller) {
  Rig rig(1);
  rig.faults[0]->before = [](int) { throw std::bad_alloc(); };
  EXPECT_THROW((void)rig.engine->verify_batch(items), std::bad_alloc);
}

TEST_F(VerifyJob, ProgressRisesToTheEnd) {
  Rig rig(2);
  std::uint64_t last = 0;
  JobControl control;
  control.progress = [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_GT(done, last);
    EXPECT_EQ(total, kItems);
    last = done;
  };
  (void)rig.engine->verify_batch(items, {}, control);
  EXPECT_EQ(last, kItems);
}

TEST_F(VerifyJob, AStoppedJobThrowsCancelled) {
  Engine engine({.devices = "cpu"});
  std::stop_source stop;
  JobControl control{stop.get_token(), [&](std::uint64_t, std::uint64_t) { stop.request_stop(); }};
  std::vector<Item> many(20000, items[8]);
  EXPECT_THROW((void)engine.verify_batch(many, {}, control), Cancelled);
}

TEST_F(VerifyJob, ManyThreadsShareOneEngine) {
  Engine engine({.devices = "cpu"});
  std::vector<std::jthread> threads;
  for (std::size_t size : {1, 10, 300, 1000}) {
    threads.emplace_back([&, size] {
      for (int round = 0; round < 3; ++round) {
        const Verdicts verdicts = engine.verify_batch(std::span(items).first(size));
        for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(verdicts.reason(i), expected.reason(i));
      }
    });
  }
}

TEST_F(VerifyJob, KeysAndTheirCachesBoundReachEveryDevice) {
  EngineOptions options;
  options.key_cache_bytes = 12345;
  Rig rig(2, options);
  const std::vector<signature::KeyView> keys = {{Algorithm::ed25519, items[8].public_key}};
  rig.engine->register_keys(keys);
  for (const auto& faults : rig.faults) {
    EXPECT_EQ(faults->key_cache_bytes, 12345U);
    EXPECT_EQ(faults->registered_keys, 1U);
  }
}

}  // namespace
}  // namespace salus::engine

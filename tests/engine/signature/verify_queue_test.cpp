// Batches in flight.
#include "engine/signature/verify_queue.h"

#include <gtest/gtest.h>

#include <semaphore>
#include <thread>

#include "engine/error.h"
#include "engine/signature/reference.h"
#include "tests/engine/jobs/fake_device.h"
#include "tests/engine/signature/items.h"

namespace salus::engine::signature {
namespace {

class VerifyQueueTest : public testing::Test {
 protected:
  VerifyQueueTest() {
    for (std::size_t i = 0; i < 12; ++i)
      owned_.push_back(sign(i % 3 == 0 ? Algorithm::p256 : Algorithm::ed25519, random_,
                            random_bytes(random_, 20 * i)));
    owned_[1].signature[3] ^= 1;
    owned_[2].key.resize(31);
    owned_[3].key.resize(200, 4);
    owned_[4].signature.resize(63);
    owned_[5].signature.resize(1000);
    owned_[6].signature.clear();
    owned_[7].message.resize(kMaxMessageBytes + 3);
    for (const OwnedItem& item : owned_) expected_.push_back(verify_reference(item.view()));
  }

  /// Items from number `first` on, in turn.
  [[nodiscard]] SignatureBatch batch(std::size_t first, std::size_t count) const {
    SignatureBatch batch;
    for (std::size_t i = first; i < first + count; ++i) batch.add(owned_[i % owned_.size()].view());
    return batch;
  }
  [[nodiscard]] Verdicts expected(std::size_t first, std::size_t count) const {
    std::vector<Reason> reasons;
    for (std::size_t i = first; i < first + count; ++i)
      reasons.push_back(expected_[i % expected_.size()]);
    return Verdicts(reasons);
  }

  /// An engine whose only device does what `before` says at each call.
  static Engine fake_engine(std::function<void(int)> before) {
    auto faults = std::make_shared<FakeDevice::Faults>();
    faults->before = std::move(before);
    std::vector<std::unique_ptr<Device>> devices;
    devices.push_back(std::make_unique<FakeDevice>(0, faults));
    return Engine(std::move(devices), {});
  }

  std::mt19937_64 random_{5};
  std::vector<OwnedItem> owned_;
  std::vector<Reason> expected_;
};

TEST_F(VerifyQueueTest, ABatchHasTheVerdictsOfTheItemsThatWereAdded) {
  Engine engine({.devices = "cpu"});
  EXPECT_EQ(engine.verify_batch(batch(0, 12).items()), expected(0, 12));
  EXPECT_EQ(batch(0, 7).message_bytes(), 20U * (1 + 2 + 3 + 4 + 5 + 6));
}

TEST_F(VerifyQueueTest, AClearedBatchIsEmpty) {
  SignatureBatch some = batch(0, 12);
  some.clear();
  EXPECT_TRUE(some.empty() && some.items().empty());
  some.add(owned_[8].view());
  Engine engine({.devices = "cpu"});
  EXPECT_TRUE(engine.verify_batch(some.items()).all_valid());
}

TEST_F(VerifyQueueTest, EveryTicketGetsItsOwnVerdicts) {
  Engine engine({.devices = "cpu"});
  VerifyQueue queue(engine);
  std::vector<VerifyQueue::Ticket> tickets;
  std::size_t waited = 0;
  const auto wait_for_one = [&] {
    const auto done = queue.wait(tickets[waited]);
    EXPECT_EQ(done.verdicts, expected(waited, waited));
    EXPECT_EQ(done.batch.size(), waited);
    ++waited;
  };
  for (std::size_t i = 0; i < 20; ++i) {
    tickets.push_back(queue.submit(batch(i, i)));
    if (tickets.size() - waited == VerifyQueue::kInFlight) wait_for_one();
  }
  while (waited < tickets.size()) wait_for_one();
}

TEST_F(VerifyQueueTest, SubmittingWaitsWhileThreeBatchesAreUndecided) {
  std::counting_semaphore<> allowed(0);
  Engine engine = fake_engine([&](int) { allowed.acquire(); });
  VerifyQueue queue(engine);
  std::vector<VerifyQueue::Ticket> tickets;
  for (std::size_t i = 0; i < VerifyQueue::kInFlight; ++i)
    tickets.push_back(queue.submit(batch(8, 1)));
  for (const auto ticket : tickets) EXPECT_FALSE(queue.poll(ticket));
  std::atomic<bool> submitted = false;
  std::jthread fourth([&] {
    const auto ticket = queue.submit(batch(8, 1));
    submitted = true;
    EXPECT_TRUE(queue.wait(ticket).verdicts.all_valid());
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_FALSE(submitted);
  allowed.release(4);
  for (const auto ticket : tickets) EXPECT_TRUE(queue.wait(ticket).verdicts.all_valid());
}

TEST_F(VerifyQueueTest, PollSaysWhenABatchIsDecided) {
  Engine engine({.devices = "cpu"});
  VerifyQueue queue(engine);
  const auto ticket = queue.submit(batch(8, 2));
  while (!queue.poll(ticket)) std::this_thread::yield();
  EXPECT_TRUE(queue.wait(ticket).verdicts.all_valid());
  EXPECT_FALSE(queue.poll(ticket));
}

TEST_F(VerifyQueueTest, ATicketEndsWhenItWasWaitedFor) {
  Engine engine({.devices = "cpu"});
  VerifyQueue queue(engine);
  const auto ticket = queue.submit({});
  EXPECT_EQ(queue.wait(ticket).verdicts, Verdicts(0));
  EXPECT_THROW(queue.wait(ticket), Error);
  EXPECT_THROW(queue.wait(12345), Error);
}

TEST_F(VerifyQueueTest, WhatPreventsABatchReachesWhoWaitsForIt) {
  Engine engine = fake_engine([](int) { throw std::bad_alloc(); });
  VerifyQueue queue(engine);
  EXPECT_THROW(queue.wait(queue.submit(batch(8, 1))), std::bad_alloc);
}

TEST_F(VerifyQueueTest, BatchesThatNobodyWaitsForDoNotHoldUpTheEnd) {
  Engine engine({.devices = "cpu"});
  VerifyQueue queue(engine);
  for (int i = 0; i < 3; ++i) (void)queue.submit(batch(8, 4));
}

TEST_F(VerifyQueueTest, ManyThreadsShareAQueue) {
  Engine engine({.devices = "cpu"});
  VerifyQueue queue(engine);
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      for (std::size_t round = 0; round < 10; ++round)
        EXPECT_EQ(queue.wait(queue.submit(batch(8 + i % 2, round % 4))).verdicts,
                  expected(8 + i % 2, round % 4));
    });
}

}  // namespace
}  // namespace salus::engine::signature

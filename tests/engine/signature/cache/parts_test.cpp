// What the cache of keys is put together from.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <thread>

#include "engine/signature/cache/key_counter.h"
#include "engine/signature/cache/key_index.h"
#include "engine/signature/cache/reader_epochs.h"
#include "engine/signature/cache/table_slots.h"

namespace salus::engine::signature {
namespace {

constexpr TableKind kEdSmall{Algorithm::ed25519, TableSize::small};
constexpr TableKind kEdLarge{Algorithm::ed25519, TableSize::large};
constexpr TableKind kP256Small{Algorithm::p256, TableSize::small};

TEST(TableSlots, PlacesOfAllKindsNeverOverlap) {
  const std::array<std::uint64_t, kTableKinds> sizes = {49152, 393216, 32768, 262144};
  constexpr std::uint64_t kBytes = 21 << 20;  // ten chunks and a half
  TableSlots slots(kBytes, sizes);
  std::map<std::uint64_t, std::uint64_t> taken;  // offset: bytes
  std::mt19937_64 random(1);
  for (int step = 0; step < 20000; ++step) {
    const TableKind kind{static_cast<Algorithm>(random() % 2),
                         random() % 2 == 0 ? TableSize::small : TableSize::large};
    if (random() % 5 < 3) {
      const auto offset = slots.take(kind);
      if (!offset) continue;
      const std::uint64_t end = *offset + sizes[kind.index()];
      ASSERT_LE(end, kBytes);
      const auto next = taken.lower_bound(*offset);
      ASSERT_TRUE(next == taken.end() || end <= next->first);
      ASSERT_TRUE(next == taken.begin() ||
                  std::prev(next)->first + std::prev(next)->second <= *offset);
      taken[*offset] = sizes[kind.index()];
    } else if (!taken.empty()) {
      auto victim = taken.lower_bound(random() % kBytes);
      if (victim == taken.end()) victim = taken.begin();
      slots.give_back(victim->first);
      taken.erase(victim);
    }
  }
}

TEST(TableSlots, AnEmptyChunkServesAnotherKind) {
  TableSlots slots(2 << 20, {49152, 393216, 32768, 262144});
  std::vector<std::uint64_t> large;
  while (const auto offset = slots.take(kEdLarge)) large.push_back(*offset);
  EXPECT_EQ(large.size(), 5U);
  EXPECT_FALSE(slots.take(kP256Small));
  for (const std::uint64_t offset : large) slots.give_back(offset);
  std::size_t small = 0;
  while (slots.take(kP256Small)) ++small;
  EXPECT_EQ(small, 64U);
}

TEST(TableSlots, RoomForLessThanATableIsNone) {
  TableSlots none(0, {49152, 393216, 32768, 262144});
  EXPECT_FALSE(none.take(kEdSmall));
  EXPECT_EQ(none.most_tables(), 0U);
  TableSlots little(40000, {49152, 393216, 32768, 262144});
  EXPECT_FALSE(little.take(kEdSmall));
  EXPECT_TRUE(little.take(kP256Small));
}

TEST(KeyCounter, CountsAndForgetsByHalves) {
  KeyCounter counter(100);
  for (std::uint32_t i = 1; i <= 20; ++i) EXPECT_EQ(counter.count(0x1234567890abcdef, 1), i);
  EXPECT_EQ(counter.count(0x1234567890abcdef, 2), 11U);
  EXPECT_EQ(counter.count(0x1234567890abcdef, 9), 1U);
}

TEST(KeyCounter, StopsAtItsMost) {
  KeyCounter counter(1);
  std::uint32_t last = 0;
  for (int i = 0; i < 1000; ++i) last = counter.count(77, 1);
  EXPECT_EQ(last, 255U);
}

TEST(KeyCounter, AFloodOfOtherKeysRaisesNoCountByMuch) {
  constexpr std::uint64_t kKeys = 1000;
  KeyCounter counter(kKeys);
  std::mt19937_64 random(2);
  std::size_t fourth_sightings = 0;
  for (std::uint64_t i = 0; i < 8 * kKeys; ++i) fourth_sightings += counter.count(random(), 1) >= 4;
  EXPECT_LE(fourth_sightings, 8U);
}

std::vector<std::uint8_t> key_bytes(std::uint64_t number, Algorithm algorithm) {
  std::vector<std::uint8_t> bytes(algorithm == Algorithm::ed25519 ? kEd25519KeyBytes
                                                                  : kP256KeyBytes);
  std::mt19937_64 random(number);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

TEST(KeyIndex, FindsWhatIsLinkedAndNothingElse) {
  KeyIndex index(300, 3);
  std::vector<std::vector<std::uint8_t>> keys;
  std::vector<KeyView> views;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const Algorithm algorithm = i % 2 == 0 ? Algorithm::ed25519 : Algorithm::p256;
    keys.push_back(key_bytes(i, algorithm));
    views.push_back({algorithm, keys.back()});
  }
  for (std::size_t i = 0; i < 200; ++i)
    index.link(std::make_unique<KeyTable>(views[i], TableSize::small, index.hash_of(views[i]), i),
               i % 3);
  for (std::size_t i = 0; i < 200; i += 5) {
    KeyTable* const table = index.find(views[i], index.hash_of(views[i]));
    ASSERT_NE(table, nullptr);
    EXPECT_EQ(index.unlink(*table, i % 3)->offset, i);
  }
  for (std::size_t i = 0; i < 300; ++i) {
    const KeyTable* const table = index.find(views[i], index.hash_of(views[i]));
    ASSERT_EQ(table != nullptr, i < 200 && i % 5 != 0) << i;
    if (table != nullptr) {
      EXPECT_EQ(table->offset, i);
    }
  }
}

TEST(KeyIndex, EveryBitOfAKeyChangesItsHash) {
  const KeyIndex index(1, 1);
  for (const Algorithm algorithm : {Algorithm::ed25519, Algorithm::p256}) {
    std::vector<std::uint8_t> key = key_bytes(1, algorithm);
    const std::uint64_t hash = index.hash_of({algorithm, key});
    for (std::size_t bit = algorithm == Algorithm::p256 ? 8 : 0; bit < key.size() * 8; ++bit) {
      key[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
      EXPECT_NE(index.hash_of({algorithm, key}), hash) << bit;
      key[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    }
  }
}

TEST(ReaderEpochs, WhatIsRetiredGoesAfterTheReadersThatSawIt) {
  ReaderEpochs<std::shared_ptr<int>> epochs;
  std::weak_ptr<int> first;
  {
    const auto reader = epochs.enter();
    auto garbage = std::make_shared<int>(1);
    first = garbage;
    epochs.retire(std::move(garbage));
    EXPECT_TRUE(epochs.collect());
    EXPECT_FALSE(first.expired());
    const auto later = epochs.enter();
    EXPECT_TRUE(epochs.collect());
    EXPECT_FALSE(first.expired());
  }
  EXPECT_FALSE(epochs.collect());
  EXPECT_TRUE(first.expired());
}

TEST(ReaderEpochs, ReadersThatComeLaterHoldNothingUp) {
  ReaderEpochs<std::shared_ptr<int>> epochs;
  auto garbage = std::make_shared<int>(1);
  const std::weak_ptr<int> gone = garbage;
  epochs.retire(std::move(garbage));
  epochs.collect();  // readers are in a new epoch from here on
  const auto reader = epochs.enter();
  epochs.collect();
  EXPECT_TRUE(gone.expired());
}

// Readers look at a value that a writer replaces again and again; a value is spoilt when it goes.
TEST(ReaderEpochs, NoReaderEverSeesWhatHasGone) {
  struct Spoil {
    void operator()(std::atomic<int>* value) const {
      *value = -1;
      delete value;
    }
  };
  using Value = std::unique_ptr<std::atomic<int>, Spoil>;
  ReaderEpochs<Value> epochs;
  Value owned(new std::atomic<int>(0));
  std::atomic<std::atomic<int>*> shared = owned.get();
  std::atomic<bool> done = false;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 3; ++i)
    readers.emplace_back([&] {
      while (!done) {
        const auto reader = epochs.enter();
        EXPECT_GE(*shared.load(), 0);
      }
    });
  for (int i = 1; i < 3000; ++i) {
    Value next(new std::atomic<int>(i));
    shared = next.get();
    epochs.retire(std::exchange(owned, std::move(next)));
    epochs.collect();
    if (i % 100 == 0) std::this_thread::yield();
  }
  done = true;
}

}  // namespace
}  // namespace salus::engine::signature

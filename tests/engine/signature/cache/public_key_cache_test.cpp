// Which keys have tables, and which give them up.
#include "engine/signature/cache/public_key_cache.h"

#include <gtest/gtest.h>

#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "engine/error.h"

namespace salus::engine::signature {
namespace {

constexpr std::uint64_t kSmallBytes = 64 << 10;
constexpr std::uint64_t kLargeBytes = 512 << 10;
constexpr std::uint32_t kPays = 4;        // valid signatures until there is a small table
constexpr std::uint32_t kLargePays = 40;  // uses until there is a large one

/// Makes tables of nothing, of which a key's first byte 0xff says that it is no point.
class FakeMaker final : public TableMaker {
 public:
  [[nodiscard]] TableCost cost(TableKind kind) const override {
    if (kind.size == TableSize::large) return {kLargeBytes, kLargePays, 1};
    return {kSmallBytes, kPays, 1};
  }

  std::vector<bool> make(TableKind /*kind*/, std::span<const Bytes> keys,
                         std::span<const std::uint64_t> offsets) override {
    if (fails) throw Error(ErrorKind::device, "out of memory");
    EXPECT_EQ(keys.size(), offsets.size());
    std::vector<bool> is_point;
    for (const Bytes key : keys) is_point.push_back(key[1] != 0xff);
    made += keys.size();
    return is_point;
  }

  std::atomic<std::size_t> made = 0;
  bool fails = false;
};

class Key {
 public:
  explicit Key(std::uint64_t number, Algorithm algorithm = Algorithm::ed25519)
      : algorithm_(algorithm),
        bytes_(algorithm == Algorithm::ed25519 ? kEd25519KeyBytes : kP256KeyBytes) {
    std::mt19937_64 random(number);
    for (auto& byte : bytes_) byte = static_cast<std::uint8_t>(random());
    bytes_[1] = 0;
  }
  [[nodiscard]] KeyView view() const { return {algorithm_, bytes_}; }
  void make_no_point() { bytes_[1] = 0xff; }

 private:
  Algorithm algorithm_;
  std::vector<std::uint8_t> bytes_;
};

std::vector<Key> make_keys(std::uint64_t first, std::size_t count,
                           Algorithm algorithm = Algorithm::ed25519) {
  std::vector<Key> keys;
  for (std::size_t i = 0; i < count; ++i) keys.emplace_back(first + i, algorithm);
  return keys;
}

class PublicKeyCacheTest : public testing::Test {
 protected:
  static constexpr std::uint64_t kChunks = 4;
  static constexpr std::uint64_t kBytes = kChunks * TableSlots::kMostChunkBytes;
  static constexpr std::size_t kMostSmall = kBytes / kSmallBytes;  // 128
  static constexpr std::size_t kMostLarge = kBytes / kLargeBytes;  // 16

  CachedKey look_up(const Key& key) {
    const auto reader = cache.enter();
    const KeyView view = key.view();
    CachedKey found;
    cache.find(reader, std::span(&view, 1), std::span(&found, 1));
    return found;
  }

  /// A valid signature by this key, as a verifier reports it.
  void use(const Key& key, std::uint32_t times = 1) {
    for (std::uint32_t i = 0; i < times; ++i) {
      const CachedKey found = look_up(key);
      if (found.size == TableSize::none) cache.count_valid(key.view(), found);
    }
  }

  /// In rounds, with time for tables to be made.
  void use_all(const std::vector<Key>& keys, std::uint32_t times) {
    for (const std::uint32_t some : {times / 2, times - times / 2}) {
      for (const Key& key : keys) use(key, some);
      cache.wait_until_idle();
    }
  }

  std::size_t count(const std::vector<Key>& keys, TableSize size) {
    std::size_t with = 0;
    for (const Key& key : keys) with += look_up(key).size == size;
    return with;
  }

  FakeMaker maker;
  PublicKeyCache cache{maker, kBytes};
};

TEST_F(PublicKeyCacheTest, AKeyHasATableOnceEnoughOfItsSignaturesWereValid) {
  const Key key(1);
  use(key, kPays - 1);
  cache.wait_until_idle();
  EXPECT_EQ(look_up(key).size, TableSize::none);
  use(key);
  cache.wait_until_idle();
  EXPECT_EQ(look_up(key).size, TableSize::small);
}

TEST_F(PublicKeyCacheTest, LookingUpAloneCountsForNothing) {
  const Key key(1);
  for (int i = 0; i < 1000; ++i) look_up(key);
  cache.wait_until_idle();
  EXPECT_EQ(look_up(key).size, TableSize::none);
}

TEST_F(PublicKeyCacheTest, TheKeysUsedMostHaveLargeTables) {
  const auto rare = make_keys(1, 20);
  const auto frequent = make_keys(100, 4);
  use_all(rare, kPays);
  use_all(frequent, 40 * kLargePays);
  EXPECT_EQ(count(rare, TableSize::small), rare.size());
  EXPECT_EQ(count(frequent, TableSize::large), frequent.size());
  EXPECT_EQ(cache.contents().bytes, 20 * kSmallBytes + 4 * kLargeBytes);
}

TEST_F(PublicKeyCacheTest, AKeyOfTheOtherAlgorithmIsAnotherKey) {
  const Key ed25519(1);
  const Key p256(1, Algorithm::p256);
  use(ed25519, kPays);
  cache.wait_until_idle();
  EXPECT_EQ(look_up(p256).size, TableSize::none);
  use(p256, kPays);
  cache.wait_until_idle();
  EXPECT_EQ(look_up(p256).size, TableSize::small);
  EXPECT_NE(look_up(p256).offset, look_up(ed25519).offset);
}

TEST_F(PublicKeyCacheTest, TablesStayWithinTheirBytes) {
  const auto keys = make_keys(1, 3 * kMostSmall);
  use_all(keys, 2 * kPays);
  EXPECT_EQ(cache.contents().bytes, kBytes);
  EXPECT_EQ(count(keys, TableSize::small), kMostSmall);
  std::set<std::uint64_t> offsets;
  for (const Key& key : keys)
    if (look_up(key).size != TableSize::none) {
      EXPECT_TRUE(offsets.insert(look_up(key).offset).second);
    }
}

TEST_F(PublicKeyCacheTest, AFloodOfKeysThatComeOnceDrivesOutNothing) {
  const auto hot = make_keys(1, kMostSmall);
  use_all(hot, 8 * kPays);
  ASSERT_EQ(count(hot, TableSize::small), hot.size());
  const std::size_t made = maker.made;
  for (std::uint64_t i = 0; i < 100000; ++i) use(Key(1000000 + i));
  cache.wait_until_idle();
  EXPECT_LE(maker.made, made + 10);  // by chance: counts are shared
  EXPECT_GE(count(hot, TableSize::small), hot.size() - 10);
}

TEST_F(PublicKeyCacheTest, KeysThatComeOftenNowDriveOutThoseThatCameOften) {
  const auto old = make_keys(1, kMostSmall);
  use_all(old, 4 * kPays);
  const auto fresh = make_keys(1000, kMostSmall / 2);
  for (int round = 0; round < 20; ++round) use_all(fresh, 10 * kPays);
  EXPECT_EQ(count(fresh, TableSize::none), 0U);
}

TEST_F(PublicKeyCacheTest, ManyKeysGetSmallTablesAtTheExpenseOfFewLargeOnes) {
  const auto few = make_keys(1, kMostLarge);
  use_all(few, 20 * kLargePays);
  ASSERT_GE(count(few, TableSize::large), kMostLarge * 3 / 4);  // small ones are in the rest
  const auto many = make_keys(1000, kMostSmall / 2, Algorithm::p256);
  for (int round = 0; round < 60; ++round) use_all(many, 30 * kPays);
  EXPECT_EQ(count(many, TableSize::none), 0U);
}

TEST_F(PublicKeyCacheTest, BytesThatAreNoPointTakeNoRoom) {
  std::vector<Key> keys = make_keys(1, 2);
  keys[0].make_no_point();
  const std::vector<KeyView> views = {keys[0].view(), keys[1].view()};
  cache.add(views);
  EXPECT_EQ(look_up(keys[0]).size, TableSize::none);
  EXPECT_EQ(look_up(keys[1]).size, TableSize::large);
  EXPECT_EQ(cache.contents().bytes, kLargeBytes);
}

TEST_F(PublicKeyCacheTest, AnnouncedKeysHaveTablesAtOnceLargeOnesWhereAllFindRoom) {
  const auto few = make_keys(1, kMostLarge / 2);
  std::vector<KeyView> views;
  for (const Key& key : few) views.push_back(key.view());
  cache.add(views);
  EXPECT_EQ(count(few, TableSize::large), few.size());

  FakeMaker other_maker;
  PublicKeyCache other(other_maker, kBytes);
  const auto many = make_keys(1, kMostSmall);
  views.clear();
  for (const Key& key : many) views.push_back(key.view());
  views.push_back({Algorithm::ed25519, views[0].bytes.first(31)});
  other.add(views);
  other.add(views);
  EXPECT_EQ(other.contents().small_tables, many.size());
  EXPECT_EQ(other_maker.made, many.size());
}

TEST_F(PublicKeyCacheTest, ATableStaysAsLongAsAReaderLooksAtIt) {
  const auto keys = make_keys(1, kMostSmall);
  use_all(keys, kPays);
  std::set<std::uint64_t> offsets;
  {
    const auto reader = cache.enter();
    std::vector<KeyView> views;
    for (const Key& key : keys) views.push_back(key.view());
    std::vector<CachedKey> found(views.size());
    cache.find(reader, views, found);
    const std::size_t made = maker.made;
    use_all(make_keys(1000, 20), 20 * kPays);
    EXPECT_EQ(maker.made, made) << "there was no room but that of tables in use";
  }
  use_all(make_keys(1000, 20), 20 * kPays);
  EXPECT_EQ(count(make_keys(1000, 20), TableSize::none), 0U);
}

TEST_F(PublicKeyCacheTest, WithoutRoomThereAreNoTables) {
  PublicKeyCache none(maker, 0);
  const Key key(1);
  const KeyView view = key.view();
  CachedKey found;
  for (int i = 0; i < 100; ++i) {
    const auto reader = none.enter();
    none.find(reader, std::span(&view, 1), std::span(&found, 1));
    none.count_valid(view, found);
  }
  none.add(std::span(&view, 1));
  none.wait_until_idle();
  EXPECT_EQ(none.contents().bytes, 0U);
}

TEST_F(PublicKeyCacheTest, AMakerThatFailsLeavesEverythingUnknown) {
  maker.fails = true;
  const Key key(1);
  use(key, 10 * kPays);
  cache.wait_until_idle();
  EXPECT_EQ(look_up(key).size, TableSize::none);
  EXPECT_EQ(cache.contents().bytes, 0U);
}

TEST_F(PublicKeyCacheTest, ManyThreadsUseIt) {
  std::vector<std::jthread> threads;
  for (std::uint64_t i = 0; i < 4; ++i)
    threads.emplace_back([this, i] {
      const auto keys = make_keys(i * 50, 200);  // shared with the neighbours
      for (int round = 0; round < 20; ++round)
        for (const Key& key : keys) use(key, 3);
    });
  threads.clear();
  cache.wait_until_idle();
  EXPECT_LE(cache.contents().bytes, kBytes);
  EXPECT_GT(cache.contents().small_tables + cache.contents().large_tables, 0U);
}

}  // namespace
}  // namespace salus::engine::signature

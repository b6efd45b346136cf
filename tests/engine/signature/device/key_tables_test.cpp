// What lies in a device's memory for tables, whatever the cache has done: for every key that is
// found its own table.
#include "engine/signature/device/key_tables.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>
#include <thread>

#include "engine/error.h"
#include "engine/signature/cpu/ed25519_batch.h"
#include "engine/signature/cpu/host_tables.h"
#include "engine/signature/cpu/p256_batch.h"
#include "engine/signature/device/base_tables.h"
#include "kernels/gpu/signature_batch.h"
#include "tests/engine/signature/p256_oracle.h"
#include "tests/engine/signature/sanitized.h"

namespace salus::engine::signature::device {
namespace {

using KeyBytes = std::vector<std::uint8_t>;

struct Signer {
  Algorithm algorithm;
  KeyBytes key;

  [[nodiscard]] KeyView view() const { return {algorithm, key}; }
  [[nodiscard]] Item item() const { return {algorithm, key, {}, {}}; }
};

/// Most Ed25519 keys here are points by chance; the cache asks for valid ones only.
std::vector<Signer> make_signers(std::mt19937_64& random, std::size_t count) {
  std::vector<Signer> signers;
  while (signers.size() < count) {
    if (signers.size() % 2 == 0) {
      const auto bytes = EcPoint::random().bytes();
      signers.push_back({Algorithm::p256, {bytes.begin(), bytes.end()}});
      continue;
    }
    KeyBytes key(kEd25519KeyBytes);
    for (auto& byte : key) byte = static_cast<std::uint8_t>(random());
    std::vector<std::uint64_t> table(cpu::comb_words(4));
    const std::uint8_t* const keys[] = {key.data()};
    std::uint64_t* const tables[] = {table.data()};
    bool is_point = false;
    cpu::best_ed25519_variant().make_combs(keys, 1, 4, tables, &is_point);
    if (is_point) signers.push_back({Algorithm::ed25519, key});
  }
  return signers;
}

/// The table that belongs to the signer.
std::vector<std::uint64_t> table_of(const Signer& signer, TableSize size) {
  const int bits = cpu::window_bits(size);
  const bool is_ed25519 = signer.algorithm == Algorithm::ed25519;
  std::vector<std::uint64_t> table(is_ed25519 ? cpu::comb_words(bits) : cpu::p256_comb_words(bits));
  const std::uint8_t* const keys[] = {signer.key.data()};
  std::uint64_t* const tables[] = {table.data()};
  bool is_point = false;
  const auto make =
      is_ed25519 ? cpu::best_ed25519_variant().make_combs : cpu::best_p256_variant().make_combs;
  make(keys, 1, bits, tables, &is_point);
  EXPECT_TRUE(is_point);
  if (!is_ed25519) to_device_form(table);
  return table;
}

class DeviceKeyTables : public testing::Test {
 protected:
  static constexpr std::uint64_t kBytes = std::uint64_t{4} << 20;

  void store(std::uint64_t offset, Bytes table) {
    EXPECT_EQ(std::this_thread::get_id(), device_thread_);
    ASSERT_LE(offset + table.size(), kBytes);
    if (is_lost_) throw Error(ErrorKind::device, "out of memory");
    std::ranges::copy(table, memory_.begin() + static_cast<std::ptrdiff_t>(offset));
  }

  /// A call with items of these signers; all of their signatures are good.
  SortedItems call(std::span<const Signer> signers) {
    std::vector<Item> items;
    for (const Signer& signer : signers) items.push_back(signer.item());
    SortedItems sorted;
    {
      const auto reader = tables_.enter();
      sorted = tables_.sort(reader, items);
      expect_own_tables(signers, sorted);
    }
    tables_.count_valid(items, sorted, std::vector<Reason>(items.size(), Reason::valid));
    return sorted;
  }

  void expect_own_tables(std::span<const Signer> signers, const SortedItems& sorted) {
    std::size_t items = 0;
    for (const Path path : kPaths) {
      items += sorted.at(path).size();
      for (const Entry& entry : sorted.at(path)) {
        ASSERT_EQ(signers[entry.item].algorithm, path.algorithm);
        if (path.size == TableSize::none) continue;
        const auto expected = table_of(signers[entry.item], path.size);
        ASSERT_EQ(std::memcmp(&memory_[std::size_t{entry.table} * SALUS_TABLE_UNIT],
                              expected.data(), expected.size() * sizeof expected[0]),
                  0);
      }
    }
    EXPECT_EQ(items, signers.size());
  }

  std::size_t with_tables(std::span<const Signer> signers) {
    const SortedItems sorted = call(signers);
    std::size_t without = 0;
    for (const Algorithm algorithm : {Algorithm::ed25519, Algorithm::p256})
      without += sorted.at({algorithm, TableSize::none}).size();
    return signers.size() - without;
  }

  const std::thread::id device_thread_ = std::this_thread::get_id();
  std::vector<std::uint8_t> memory_ = std::vector<std::uint8_t>(kBytes);
  bool is_lost_ = false;
  std::mt19937_64 random_{5};
  KeyTables tables_{kBytes, [this](std::uint64_t offset, Bytes table) { store(offset, table); }};
};

TEST_F(DeviceKeyTables, AnnouncedKeysHaveTheirsAtOnce) {
  const auto signers = make_signers(random_, 6);
  std::vector<KeyView> keys;
  for (const Signer& signer : signers) keys.push_back(signer.view());
  tables_.add(keys);
  EXPECT_EQ(tables_.cache().contents().large_tables, 6U);
  EXPECT_EQ(with_tables(signers), 6U);
}

TEST_F(DeviceKeyTables, BytesThatAreNoKeyArePassedOver) {
  const KeyBytes no_point(kP256KeyBytes, 4);
  const KeyBytes short_key(5, 1);
  tables_.add(std::vector<KeyView>{
      {Algorithm::p256, no_point}, {Algorithm::ed25519, short_key}, {Algorithm::p256, {}}});
  EXPECT_EQ(tables_.cache().contents().bytes, 0U);
}

TEST_F(DeviceKeyTables, KeysThatAreNoPointsLeaveNeighboursAlone) {
  auto signers = make_signers(random_, 40);
  std::vector<KeyView> keys;
  for (std::size_t i = 0; i < signers.size(); ++i) {
    if (i % 5 == 2) signers[i].key.back() ^= 1;  // half of Ed25519's stay points
    keys.push_back(signers[i].view());
  }
  tables_.add(keys);
  const auto contents = tables_.cache().contents();
  EXPECT_GE(contents.small_tables + contents.large_tables, 32U);
  EXPECT_LT(contents.small_tables + contents.large_tables, 40U);
  call(signers);
}

// The cache's thread makes them; they are stored when the next call looks keys up.
TEST_F(DeviceKeyTables, KeysThatComeBackHaveThemSoon) {
  const auto signers = make_signers(random_, 4);
  for (int use = 0; use < 32; ++use) EXPECT_EQ(with_tables(signers), 0U) << use;
  tables_.cache().wait_until_idle();
  EXPECT_EQ(with_tables(signers), 4U);
}

// Random traffic in which the favourites change, with announcements between: tables of both
// algorithms and sizes move about in room for a few of them.
TEST_F(DeviceKeyTables, WhateverIsFoundIsTheKeysOwn) {
  const auto signers = make_signers(random_, scaled(200) + 60);
  for (std::size_t round = 0; round < scaled(60) + 6; ++round) {
    std::vector<Signer> items;
    const std::size_t favourite = round / 3 * 20;
    for (std::size_t i = 0; i < 200; ++i)
      items.push_back(
          signers[(favourite + random_() % (round % 2 == 0 ? 8 : 60)) % signers.size()]);
    call(items);
    if (round % 5 == 4)
      tables_.add(std::vector<KeyView>{signers[random_() % signers.size()].view()});
    if (round % 3 == 2) tables_.cache().wait_until_idle();
    EXPECT_LE(tables_.cache().contents().bytes, kBytes);
  }
  EXPECT_GT(tables_.cache().contents().bytes, 0U);
}

TEST_F(DeviceKeyTables, ADeviceThatCannotStoreATableFindsNothingUntilItCan) {
  const auto signers = make_signers(random_, 2);
  for (int use = 0; use < 32; ++use) call(signers);
  tables_.cache().wait_until_idle();
  is_lost_ = true;
  EXPECT_THROW(call(signers), Error);
  EXPECT_THROW(call(signers), Error);
  is_lost_ = false;
  EXPECT_EQ(with_tables(signers), 2U);
}

}  // namespace
}  // namespace salus::engine::signature::device

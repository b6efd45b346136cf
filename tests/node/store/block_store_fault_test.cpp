// The block store when the process, the disk or the files fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <random>
#include <stdexcept>
#include <thread>

#include "engine/error.h"
#include "node/store/block_store.h"
#include "node/store/database.h"
#include "node/store/keys.h"
#include "node/store/paced_writer.h"
#include "node/store/store_folder.h"
#include "tests/node/store/block_support.h"
#include "tests/node/store/child_process.h"
#include "tests/node/store/small_disk.h"
#include "tests/support/temporary_folder.h"

namespace salus::node {
namespace {

using test::ChildProcess;
using test::expect_equal;
using test::MadeBlock;
using test::make_block;
using test::ModelStore;
using test::TemporaryFolder;
using testing::HasSubstr;

constexpr BlockStoreOptions kSmall{.memory_bytes = 4 << 20, .ids_per_run = 100};

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

/// The block at a height is the same whoever makes it.
MadeBlock block_at(Height height) {
  std::mt19937_64 random(height);
  return make_block(random, height, 20 + height % 50);
}

ModelStore model_of(std::optional<Tip> tip) {
  ModelStore model;
  for (Height height = 0; tip && height <= tip->height; ++height) model.commit(block_at(height));
  return model;
}

/// Adds blocks up to a height.
void fill(const std::filesystem::path& folder, Height blocks) {
  BlockStore store(folder, kSmall);
  for (Height height = store.tip() ? store.tip()->height + 1 : 0; height < blocks; ++height) {
    block_at(height).commit_to(store);
  }
}

std::vector<std::filesystem::path> files(const std::filesystem::path& folder,
                                         const char* extension) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "rocksdb")) {
    if (entry.path().extension() == extension) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

void flip(const std::filesystem::path& path, std::uintmax_t at) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekg(static_cast<std::streamoff>(at));
  const int byte = file.get();
  file.seekp(static_cast<std::streamoff>(at));
  file.put(static_cast<char>(byte ^ 0x20));
}

TEST(BlockStoreFaults, IsAtAWholeBlockWithAllThatWasCommittedAfterKill) {
  const TemporaryFolder folder;
  std::mt19937 random(7);
  for (int round = 0; round < 10; ++round) {
    ChildProcess child([&](const ChildProcess::Reporter& report) {
      BlockStore store(folder.path(), kSmall);
      // Forth three blocks and back one, so that a kill hits both.
      for (;;) {
        for (int i = 0; i < 3; ++i) {
          const Height height = store.tip() ? store.tip()->height + 1 : 0;
          block_at(height).commit_to(store);
          report(height);
        }
        const ModelStore model = model_of(store.tip());
        const auto changes = model.reverse();
        store.disconnect(test::views(changes));
      }
    });
    std::uint64_t last = 0;
    ASSERT_TRUE(child.next(last));
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 60));
    for (const std::uint64_t later : child.kill()) last = later;

    // In a process of its own, too: a fork has none of the threads that RocksDB starts once for
    // all.
    ChildProcess check([&](const ChildProcess::Reporter& report) {
      const BlockStore store(folder.path(), kSmall);
      report(store.tip().value().height);
      expect_equal(store, model_of(store.tip()));
      store.verify_files();
      if (HasFailure()) throw std::runtime_error("the store is not what was committed");
    });
    std::uint64_t height = 0;
    ASSERT_TRUE(check.next(height));
    ASSERT_EQ(check.wait(), 0);
    // At most one was taken back, or one more written, after the last report.
    EXPECT_GE(height + 1, last);
    EXPECT_LE(height, last + 1);
    if (HasFailure()) FAIL() << "in round " << round;
  }
}

TEST(BlockStoreFaults, WhatACrashLeftOfABlockWithoutItsHeaderIsRemoved) {
  const TemporaryFolder folder;
  fill(folder.path(), 3);
  {
    Database database(database_folder(folder.path()), kSmall);
    PacedWriter ahead(database, 0);
    const std::string digests(64, 'd'), body(100, 'b');
    for (const Height height : {3U, 4U})
      for (std::uint32_t index = 0; index < 40; ++index)
        for (const Column column : {Column::leaf_hashes, Column::statement_ids, Column::bodies}) {
          const rocksdb::Slice value = column == Column::bodies ? body : digests;
          ahead.put(column, position_key({height, index}), {&value, 1});
        }
    ahead.finish();
  }
  {
    BlockStore store(folder.path(), kSmall);
    expect_equal(store, model_of(store.tip()));
    EXPECT_TRUE(store.leaf_hashes(3).empty());
    EXPECT_TRUE(store.statement_ids(4).empty());
    block_at(3).commit_to(store);
  }
  BlockStore store(folder.path(), kSmall);
  EXPECT_EQ(store.tip().value().height, 3U);
  expect_equal(store, model_of(store.tip()));
}

TEST(BlockStoreFaults, ALargeBlockIsWholeOrNotThereAfterKill) {
  const TemporaryFolder folder;
  constexpr std::size_t kStatements = 20'000;  // written in several pieces
  std::mt19937 random(11);
  for (int round = 0; round < 4; ++round) {
    ChildProcess child([&](const ChildProcess::Reporter& report) {
      BlockStore store(folder.path(), kSmall);
      std::mt19937_64 bytes(5);
      const Height begin = store.tip() ? store.tip()->height + 1 : 0;
      for (Height height = begin;; ++height) {
        const MadeBlock block = make_block(bytes, height, kStatements);
        report(height);
        block.commit_to(store);
      }
    });
    std::uint64_t begun = 0;
    ASSERT_TRUE(child.next(begun));
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 80));
    child.kill();
    ChildProcess check([&](const ChildProcess::Reporter& report) {
      const BlockStore store(folder.path(), kSmall);
      const Height above = store.tip() ? store.tip()->height + 1 : 0;
      const bool is_clean = store.leaf_hashes(above).empty() && store.statement_ids(above).empty();
      const bool is_whole =
          above == 0 || (store.leaf_hashes(above - 1).size() == kStatements &&
                         std::ranges::all_of(store.bodies(above - 1).entries, [](const auto& e) {
                           return e.presence == BodyPresence::present;
                         }));
      report(is_clean && is_whole ? 1 : 0);
    });
    std::uint64_t is_good = 0;
    ASSERT_TRUE(check.next(is_good));
    EXPECT_EQ(is_good, 1U) << "in round " << round;
    ASSERT_EQ(check.wait(), 0);
  }
}

TEST(BlockStoreFaults, ADamagedFileIsNamedAndNotServed) {
  const TemporaryFolder folder;
  fill(folder.path(), 20);
  {
    BlockStore store(folder.path(), kSmall);
    const Position first{0, 0};
    store.erase({&first, 1});
    store.purge();  // Writes all columns to files.
  }
  const ModelStore model = model_of(Tip{19, block_at(19).id});
  const auto tables = files(folder.path(), ".sst");
  ASSERT_GT(tables.size(), 5U);
  for (const auto& table : tables) {
    flip(table, std::filesystem::file_size(table) / 3);
    const std::string told = error_of([&] {
      const BlockStore store(folder.path(), kSmall);
      store.verify_files();
    });
    EXPECT_THAT(told, HasSubstr("is damaged"));
    EXPECT_THAT(told, HasSubstr(table.filename().string()));
    // Reads tell, or give what was written: never anything else.
    try {
      const BlockStore store(folder.path(), kSmall);
      for (Height height = 1; height < 20; ++height) {
        const auto bodies = store.bodies(height);
        const auto leaves = store.leaf_hashes(height);
        for (std::size_t i = 0; i < leaves.size(); ++i) {
          const auto& expected = model.blocks()[height].statements[i];
          ASSERT_EQ(std::string(bodies.entries[i].bytes.begin(), bodies.entries[i].bytes.end()),
                    expected.body);
          ASSERT_EQ(leaves[i], expected.leaf);
        }
      }
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(table.filename().string()));
    }
    flip(table, std::filesystem::file_size(table) / 3);
  }
  const BlockStore store(folder.path(), kSmall);
  store.verify_files();
}

TEST(BlockStoreFaults, AFileThatIsShortOrMissingIsNamed) {
  const TemporaryFolder folder;
  fill(folder.path(), 5);
  {
    BlockStore store(folder.path(), kSmall);
    const Position first{0, 0};
    store.erase({&first, 1});
    store.purge();
  }
  for (const auto& table : files(folder.path(), ".sst")) {
    const auto aside = folder.path() / "aside";
    std::filesystem::rename(table, aside);
    EXPECT_THAT(error_of([&] { const BlockStore store(folder.path(), kSmall); }),
                HasSubstr(table.filename().string()));
    std::filesystem::copy_file(aside, table);
    std::filesystem::resize_file(table, std::filesystem::file_size(table) - 1);
    EXPECT_THAT(error_of([&] { const BlockStore store(folder.path(), kSmall); }),
                HasSubstr(table.filename().string()));
    std::filesystem::rename(aside, table);
  }
  expect_equal(BlockStore(folder.path() / "other"), ModelStore());
  std::filesystem::remove(folder.path() / "rocksdb" / "CURRENT");
  EXPECT_THAT(error_of([&] { const BlockStore store(folder.path(), kSmall); }),
              HasSubstr("CURRENT is missing"));
}

/// RocksDB's log of what is not in tables yet: cut anywhere, the store is at a whole block; damaged
/// anywhere but at its end, it says so.
TEST(BlockStoreFaults, ATornWriteAheadLogIsCutAndADamagedOneIsNamed) {
  const TemporaryFolder folder;
  const auto original = folder.path() / "original", copy = folder.path() / "copy";
  {
    ChildProcess child([&](const ChildProcess::Reporter& report) {
      BlockStore store(original, {});
      for (Height height = 0; height < 6; ++height) block_at(height).commit_to(store);
      report(1);
      ::pause();
    });
    std::uint64_t report = 0;
    ASSERT_TRUE(child.next(report));
    child.kill();
  }
  const auto logs = files(original, ".log");
  ASSERT_EQ(logs.size(), 1U);
  const auto name = logs[0].filename();
  const auto size = std::filesystem::file_size(logs[0]);
  std::mt19937_64 random(5);
  for (int i = 0; i < 12; ++i) {
    const auto at = random() % size;
    std::filesystem::remove_all(copy);
    std::filesystem::copy(original, copy, std::filesystem::copy_options::recursive);
    std::filesystem::resize_file(copy / "rocksdb" / name, at);
    {
      const BlockStore store(copy);
      expect_equal(store, model_of(store.tip()));
    }
    std::filesystem::remove_all(copy);
    std::filesystem::copy(original, copy, std::filesystem::copy_options::recursive);
    flip(copy / "rocksdb" / name, at);
    EXPECT_THAT(error_of([&] { const BlockStore store(copy); }), HasSubstr(copy.string()))
        << at << " of " << size;
  }
}

TEST(BlockStoreFaults, AFullDiskIsToldAndNothingCommittedIsLost) {
  test::SmallDisk disk(32 << 20);
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting a tmpfs is not permitted";
  const auto folder = disk.path() / "store";
  std::string told;
  std::optional<Tip> tip;
  {
    BlockStore store(folder, kSmall);
    block_at(0).commit_to(store);
    disk.fill_but(2 << 20);
    for (Height height = 1; told.empty() && height < 300; ++height) {
      tip = store.tip();
      told = error_of([&] { block_at(height).commit_to(store); });
    }
    EXPECT_THAT(told, testing::AllOf(HasSubstr(folder.string()), HasSubstr("No space left")));
  }
  disk.empty();
  {
    const BlockStore store(folder, kSmall);
    ASSERT_TRUE(store.tip());
    EXPECT_GE(store.tip()->height, tip->height);
    expect_equal(store, model_of(store.tip()));
  }
  fill(folder, tip->height + 5);
  const BlockStore store(folder, kSmall);
  expect_equal(store, model_of(Tip{tip->height + 4, {}}));
}

TEST(BlockStoreFaults, AReadOnlyFolderIsNamed) {
  test::SmallDisk disk(8 << 20);
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting a tmpfs is not permitted";
  fill(disk.path(), 2);
  ASSERT_TRUE(disk.make_read_only());
  EXPECT_THAT(error_of([&] { BlockStore store(disk.path(), kSmall); }),
              testing::AllOf(HasSubstr(disk.path().string()), HasSubstr("Read-only file system")));
}

TEST(BlockStoreFaults, AnotherFormatIsNamed) {
  const TemporaryFolder folder;
  fill(folder.path(), 1);
  std::ofstream(folder.path() / "format") << "Salus block store, format 2\n";
  EXPECT_EQ(error_of([&] { BlockStore store(folder.path()); }),
            folder.path("format") + " says format 2, this program reads format 1");
  std::ofstream(folder.path() / "format") << "something else";
  EXPECT_THAT(error_of([&] { BlockStore store(folder.path()); }),
              HasSubstr("not that of a Salus block store"));
  std::filesystem::remove(folder.path() / "format");
  EXPECT_THAT(error_of([&] { BlockStore store(folder.path()); }), HasSubstr("format is missing"));
}

TEST(BlockStoreFaults, AnotherProcessIsKeptOut) {
  const TemporaryFolder folder;
  ChildProcess child([&](const ChildProcess::Reporter& report) {
    const BlockStore store(folder.path());
    report(static_cast<std::uint64_t>(::getpid()));
    ::pause();
  });
  std::uint64_t process = 0;
  ASSERT_TRUE(child.next(process));
  EXPECT_EQ(error_of([&] { BlockStore store(folder.path()); }),
            folder.path().string() + " is in use by process " + std::to_string(process));
}

TEST(BlockStoreFaults, ADamagedBackupIsNotRestored) {
  const TemporaryFolder folder;
  fill(folder.path() / "store", 10);
  const std::uint32_t number =
      BlockStore(folder.path() / "store", kSmall).backup(folder.path() / "backup");
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder.path() / "backup")) {
    if (entry.path().extension() == ".sst")
      flip(entry.path(), std::filesystem::file_size(entry.path()) / 2);
  }
  EXPECT_THAT(error_of([&] {
                BlockStore::restore(folder.path() / "backup", number, folder.path() / "restored");
              }),
              HasSubstr("is damaged"));
}

}  // namespace
}  // namespace salus::node

// The intake log when the process, the disk or the files fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <random>
#include <thread>
#include <utility>

#include "engine/error.h"
#include "node/store/intake_log.h"
#include "tests/node/store/child_process.h"
#include "tests/node/store/failing_sync.h"
#include "tests/node/store/log_support.h"
#include "tests/node/store/small_disk.h"
#include "tests/support/temporary_folder.h"

namespace salus::node {
namespace {

using test::append_numbered;
using test::ChildProcess;
using test::content;
using test::record_text;
using test::TemporaryFolder;

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

/// The numbers 1 to n with the right text, and no others.
void expect_prefix(const std::map<Sequence, std::string>& records) {
  Sequence expected = 0;
  for (const auto& [at, text] : records) {
    ASSERT_EQ(at, ++expected);
    ASSERT_EQ(text, record_text(at));
  }
}

constexpr IntakeLogOptions kSmall{.segment_bytes = 2'000};

constexpr std::size_t kHeader = 48;       // docs/storage.md
constexpr std::size_t kGroupHeader = 40;  // The same.

/// A closed log of one file with three groups of two records, without the room behind them.
struct SmallLog {
  std::filesystem::path file;
  std::string bytes;                  ///< With the seal at the end.
  std::vector<std::size_t> group_at;  ///< Of each group, and of the seal.

  explicit SmallLog(const std::filesystem::path& folder) {
    IntakeLog log(folder, kSmall);
    group_at = {kHeader};
    for (Sequence at = 1; at < 7; at += 2) {
      log.wait_durable(append_numbered(log, at, 2));
      group_at.push_back(group_at.back() + kGroupHeader + 8 + record_text(at).size() +
                         record_text(at + 1).size());
    }
  }
  void load(const std::filesystem::path& folder) {
    file = test::segments(folder).at(0);
    bytes = read_file(file).substr(0, group_at.back() + kGroupHeader);
  }
  /// How many groups end at or before an offset.
  [[nodiscard]] std::size_t groups_before(std::size_t offset) const {
    std::size_t groups = 0;
    while (groups < 3 && group_at[groups + 1] <= offset) ++groups;
    return groups;
  }
};

SmallLog small_log(const std::filesystem::path& folder) {
  SmallLog log(folder);
  log.load(folder);
  return log;
}

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(IntakeLogFaults, EveryAcknowledgedRecordIsThereAfterKill) {
  const TemporaryFolder folder;
  std::mt19937 random(42);
  Sequence acknowledged = 0;
  for (int round = 0; round < 10; ++round) {
    ChildProcess child([&](const ChildProcess::Reporter& report) {
      IntakeLog log(folder.path(), {.segment_bytes = 50'000});
      for (Sequence at = log.durable_up_to() + 1;;) {
        const std::size_t batch = 1 + at % 50;
        const Sequence last = append_numbered(log, at, batch);
        log.wait_durable(last);
        report(last);
        at = last + 1;
      }
    });
    std::uint64_t report = 0;
    ASSERT_TRUE(child.next(report));
    acknowledged = report;
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 30'000));
    for (const std::uint64_t later : child.kill()) acknowledged = later;

    const IntakeLog log(folder.path(), {.segment_bytes = 50'000});
    const auto records = content(log);
    expect_prefix(records);
    ASSERT_GE(records.size(), acknowledged);
    ASSERT_EQ(records.size(), log.durable_up_to());
  }
  EXPECT_GT(acknowledged, 100U);
}

TEST(IntakeLogFaults, CutsATornTailAtEveryByteAndGoesOn) {
  const test::SmallDisk folder(16 << 20);
  const SmallLog whole = small_log(folder.path());
  for (std::size_t length = kHeader; length < whole.bytes.size(); ++length) {
    write_file(whole.file, whole.bytes.substr(0, length));
    const std::size_t groups = whole.groups_before(length);
    {
      IntakeLog log(folder.path(), kSmall);
      ASSERT_EQ(log.durable_up_to(), groups * 2) << length;
      expect_prefix(content(log));
      // The system may have made the file longer before its content was there: zeros are no tear.
      const std::size_t torn = length - whole.group_at[groups];
      const bool told = log.torn_tail().has_value();
      ASSERT_EQ(told, torn > 0) << length;
      if (told) {
        ASSERT_EQ(log.torn_tail()->offset, whole.group_at[groups]);
        ASSERT_LE(log.torn_tail()->bytes, torn);
      }
      log.wait_durable(append_numbered(log, groups * 2 + 1, 4));
    }
    const IntakeLog log(folder.path(), kSmall);
    ASSERT_EQ(content(log).size(), groups * 2 + 4);
    expect_prefix(content(log));
  }
}

TEST(IntakeLogFaults, AFileWithoutItsHeaderIsNamed) {
  const test::SmallDisk folder(16 << 20);
  const SmallLog whole = small_log(folder.path());
  for (std::size_t length = 0; length < kHeader; ++length) {
    write_file(whole.file, whole.bytes.substr(0, length));
    EXPECT_THAT(error_of([&] { IntakeLog log(folder.path(), kSmall); }),
                testing::HasSubstr(whole.file.string() + " is damaged at byte 0"));
  }
}

TEST(IntakeLogFaults, DamageToAnyByteThatWasSyncedIsNamedAndNotServed) {
  const test::SmallDisk folder(16 << 20);
  const SmallLog whole = small_log(folder.path());
  for (std::size_t at = 0; at < whole.group_at.back(); ++at) {
    std::string damaged = whole.bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
    write_file(whole.file, damaged);
    const std::string told = error_of([&] { IntakeLog log(folder.path(), kSmall); });
    ASSERT_THAT(told, testing::HasSubstr(whole.file.string())) << at;
    if (at >= kHeader) {
      ASSERT_THAT(told,
                  testing::HasSubstr("is damaged at byte " +
                                     std::to_string(whole.group_at[whole.groups_before(at)])));
    }
    ASSERT_EQ(read_file(whole.file), damaged) << "it was changed";
  }
}

TEST(IntakeLogFaults, DamageToTheSealCostsNoRecord) {
  const test::SmallDisk folder(16 << 20);
  const SmallLog whole = small_log(folder.path());
  for (std::size_t at = whole.group_at.back(); at < whole.bytes.size(); ++at) {
    std::string damaged = whole.bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
    write_file(whole.file, damaged);
    const IntakeLog log(folder.path(), kSmall);
    ASSERT_EQ(content(log).size(), 6U);
    ASSERT_TRUE(log.torn_tail());
  }
}

TEST(IntakeLogFaults, DamageToALastGroupWithoutASealIsATornTail) {
  const test::SmallDisk folder(16 << 20);
  const SmallLog whole = small_log(folder.path());
  for (std::size_t at = kHeader; at < whole.group_at[3]; ++at) {
    std::string damaged = whole.bytes.substr(0, whole.group_at[3]);
    damaged[at] = static_cast<char>(damaged[at] ^ 0x80);
    write_file(whole.file, damaged);
    if (at < whole.group_at[2]) {
      ASSERT_NE(error_of([&] { IntakeLog log(folder.path(), kSmall); }), "") << at;
    } else {
      const IntakeLog log(folder.path(), kSmall);
      ASSERT_EQ(content(log).size(), 4U);
      ASSERT_TRUE(log.torn_tail());
    }
  }
}

TEST(IntakeLogFaults, ReplayNamesOlderFilesThatAreDamagedShortOrMissing) {
  const TemporaryFolder folder;
  const IntakeLogOptions small{.segment_bytes = 300};
  {
    IntakeLog log(folder.path(), small);
    for (Sequence at = 1; at <= 40; ++at) log.wait_durable(append_numbered(log, at, 1));
  }
  const auto files = test::segments(folder.path());
  ASSERT_GT(files.size(), 4U);
  const std::string second = read_file(files[1]);
  const auto replayed = [&] {
    const IntakeLog log(folder.path(), small);
    std::map<Sequence, std::string> records;
    const std::string told = error_of([&] {
      log.replay(0, [&](Sequence at, Bytes record) {
        records.emplace(at, std::string(record.begin(), record.end()));
      });
    });
    expect_prefix(records);
    return told;
  };
  EXPECT_EQ(replayed(), "");
  std::string damaged = second;
  damaged[second.size() - 1] ^= 1;
  write_file(files[1], damaged);
  EXPECT_THAT(replayed(), testing::HasSubstr(files[1].string() + " is damaged"));
  write_file(files[1], second.substr(0, second.size() - 20));
  EXPECT_THAT(replayed(), testing::HasSubstr(files[1].string() + " is damaged"));
  std::filesystem::remove(files[1]);
  EXPECT_THAT(replayed(), testing::HasSubstr(files[2].string() + " is damaged"));
}

/// Fills the disk while records are appended, checks that nothing is claimed or lost, and makes
/// room.
TEST(IntakeLogFaults, AFullDiskRefusesWhatIsNewAndPasses) {
  test::SmallDisk disk(1 << 20);
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting a tmpfs is not permitted";
  const auto folder = disk.path() / "log";
  const IntakeLogOptions small{.segment_bytes = 64 << 10};
  std::map<Sequence, std::string> durable;
  {
    IntakeLog log(folder, small);
    const std::vector<std::string> record = {std::string(1000, 'x')};
    bool was_full = false, was_usable_again = false;
    std::uint64_t refused = 0;
    disk.fill_but(200 << 10);
    for (int i = 0; i < 500 && !was_usable_again; ++i) {
      const Sequence last = test::append(log, record);
      const std::string told = error_of([&] { log.wait_durable(last); });
      if (told.empty()) {
        durable[last] = record[0];
        was_usable_again = was_full;
      } else {
        EXPECT_THAT(told, testing::AllOf(testing::HasSubstr(folder.string()),
                                         testing::HasSubstr("No space left")));
        EXPECT_EQ(log.state(last), Durability::refused);
        EXPECT_LT(log.durable_up_to(), last);
        EXPECT_EQ(content(log), durable);
        ++refused;
        if (std::exchange(was_full, true)) disk.empty();
      }
    }
    EXPECT_TRUE(was_full && was_usable_again);
    EXPECT_EQ(log.stats().refused, refused);
    EXPECT_EQ(content(log), durable);
  }
  const IntakeLog log(folder, small);
  EXPECT_EQ(content(log), durable);
}

TEST(IntakeLogFaults, AFileThatMayNotGrowRefusesWhatIsNew) {
  const TemporaryFolder folder;
  ChildProcess child([&](const ChildProcess::Reporter&) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    IntakeLog log(folder.path(), {.segment_bytes = 4096});
    log.wait_durable(append_numbered(log, 1, 3));
    const std::vector<std::string> large = {std::string(8192, 'x')};
    const Sequence last = test::append(log, large);
    if (error_of([&] { log.wait_durable(last); }).find("File too large") == std::string::npos) {
      throw Error(ErrorKind::system, "no clear refusal");
    }
    log.wait_durable(append_numbered(log, 5, 1));
  });
  EXPECT_EQ(child.wait(), 0);
  const IntakeLog log(folder.path(), kSmall);
  const auto records = content(log);
  EXPECT_EQ(records.size(), 4U);
  EXPECT_EQ(records.at(5), record_text(5));
}

TEST(IntakeLogFaults, ASyncThatFailedIsFinal) {
  const TemporaryFolder folder;
  {
    IntakeLog log(folder.path(), kSmall);
    log.wait_durable(append_numbered(log, 1, 3));
    Sequence last = 0;
    {
      const test::FailingSync failing;
      last = append_numbered(log, 4, 1);
      EXPECT_THAT(error_of([&] { log.wait_durable(last); }),
                  testing::AllOf(testing::HasSubstr("must be opened anew"),
                                 testing::HasSubstr(folder.path().string())));
    }
    EXPECT_EQ(log.durable_up_to(), 3U);
    EXPECT_EQ(log.state(last), Durability::refused);
    EXPECT_EQ(log.state(3), Durability::durable);
    EXPECT_THROW(append_numbered(log, 5, 1), Error);
    EXPECT_THROW(log.wait_durable(last), Error);
    EXPECT_EQ(content(log).size(), 3U);
  }
  IntakeLog log(folder.path(), kSmall);
  expect_prefix(content(log));
  EXPECT_GE(log.durable_up_to(), 3U);
}

TEST(IntakeLogFaults, AReadOnlyFolderIsNamed) {
  test::SmallDisk disk(1 << 20);
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting a tmpfs is not permitted";
  ASSERT_TRUE(disk.make_read_only());
  EXPECT_THAT(error_of([&] { IntakeLog log(disk.path()); }),
              testing::AllOf(testing::HasSubstr(disk.path().string()),
                             testing::HasSubstr("Read-only file system")));
}

TEST(IntakeLogFaults, AnotherProcessIsKeptOut) {
  const TemporaryFolder folder;
  ChildProcess child([&](const ChildProcess::Reporter& report) {
    const IntakeLog log(folder.path(), kSmall);
    report(static_cast<std::uint64_t>(::getpid()));
    ::pause();
  });
  std::uint64_t process = 0;
  ASSERT_TRUE(child.next(process));
  EXPECT_EQ(error_of([&] { IntakeLog log(folder.path(), kSmall); }),
            folder.path().string() + " is in use by process " + std::to_string(process));
  child.kill();
  const IntakeLog log(folder.path(), kSmall);
}

}  // namespace
}  // namespace salus::node

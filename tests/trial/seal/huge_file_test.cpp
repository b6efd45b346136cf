// Sealing one file that takes long: killed in the middle of it, and gone on with there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>

#include "engine/error.h"
#include "tests/trial/folder_contents.h"
#include "tests/trial/huge_file.h"
#include "tests/trial/study.h"

namespace salus::trial {
namespace {

namespace fs = std::filesystem;
using test::contents;
using test::read_text;
using testing::HasSubstr;

constexpr std::uint64_t kHugeBytes = test::kHugeChunks * kChunkBytes + 12'345;

/// Bytes of the log from which on a run is killed: some fifty chunks.
constexpr std::uint64_t kKilledAt = 2000;

/// A study with a huge file between two small ones; its sealing was killed in the middle of it.
class KilledInAHugeFile : public testing::Test {
 protected:
  void SetUp() override {
    study_.write("a", "before");
    study_.write("z", "after");
    test::make_huge_file(study_.data("huge"), kHugeBytes);
    const pid_t child = fork();
    if (child == 0) seal_and_die();
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "it came to its end";
    ASSERT_FALSE(fs::exists(study_.seal_path()));
  }

  /// With one slow thread, so that there is a middle.
  void seal_and_die() {
    SealRequest request = study_.request();
    request.save_every = std::chrono::milliseconds(0);
    request.cpu = {.threads = 1, .variant = "scalar"};
    const fs::path log = begun_log();
    study_.seal(request, {.stop = {}, .progress = [&log](std::uint64_t, std::uint64_t) {
                            std::error_code none;
                            const std::uintmax_t size = fs::file_size(log, none);
                            if (!none && size >= kKilledAt) std::raise(SIGKILL);
                          }});
    _exit(0);
  }

  [[nodiscard]] fs::path partial() const { return study_.seal_path() + ".partial"; }
  [[nodiscard]] fs::path begun_log() const { return partial() / "begun"; }

  SealSummary resume() {
    SealRequest request = study_.request();
    request.resume = true;
    return study_.seal(request, {.stop = {}, .progress = [this](std::uint64_t done, std::uint64_t) {
                                   read_ = std::max(read_, done);
                                 }});
  }
  /// What a run gives that nobody stopped.
  std::map<std::string, std::string> sealed_at_once() {
    SealRequest request = study_.request();
    request.seal = study_.folder.path("other.seal");
    request.replace = true;
    study_.seal(request);
    return contents(request.seal);
  }

  test::Study study_;
  std::uint64_t read_ = 0;  ///< Bytes that the last run said to have read.
};

TEST_F(KilledInAHugeFile, GoesOnThereAndGivesTheSameBytes) {
  const SealSummary summary = resume();
  EXPECT_EQ(summary.files, 3U);
  EXPECT_GE(summary.resumed_bytes, 17 * kChunkBytes);
  EXPECT_LE(read_, kHugeBytes + 12 - summary.resumed_bytes + summary.resumed * 6);
  EXPECT_EQ(contents(study_.seal_path()), sealed_at_once());
}

TEST_F(KilledInAHugeFile, DropsWhatACrashLeftBehindTheLastPointToGoOnFrom) {
  std::ofstream(begun_log(), std::ios::app | std::ios::binary) << std::string(300, '\x55');
  EXPECT_GE(resume().resumed_bytes, 17 * kChunkBytes);
  EXPECT_EQ(contents(study_.seal_path()), sealed_at_once());
}

TEST_F(KilledInAHugeFile, IsNotResumedFromADamagedLog) {
  const std::string log = read_text(begun_log());
  for (const std::size_t at : {std::size_t{0}, log.size() / 2, log.size() - 1}) {
    std::string flipped = log;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    std::ofstream(begun_log(), std::ios::binary) << flipped;
    try {
      resume();
      ADD_FAILURE() << "resumed with byte " << at << " changed";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("begun: is damaged; seal without --resume"));
    }
  }
  fs::resize_file(begun_log(), log.size() - 1);
  EXPECT_THROW(resume(), Error);
}

TEST_F(KilledInAHugeFile, BeginsItAnewWhereItHasChangedSince) {
  test::mark_chunk(study_.data("huge"), 3, "another mark");
  const SealSummary summary = resume();
  EXPECT_LE(summary.resumed_bytes, 6U);  // "a" at most
  EXPECT_EQ(contents(study_.seal_path()), sealed_at_once());
}

}  // namespace
}  // namespace salus::trial

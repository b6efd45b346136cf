// What is believed of a log that was cut short, damaged, or is another run's.
#include "trial/seal/begun_log.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>

#include "engine/error.h"
#include "tests/support/random_data.h"
#include "tests/support/temporary_folder.h"
#include "trial/seal/seal.h"

namespace salus::trial {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
const auto kWantAll = [](std::uint64_t) { return true; };

/// A log of two files, whose parts come by turns.
class BegunLogs : public testing::Test {
 protected:
  BegunLogs() {
    BegunLog log(path_, "this run");
    for (int i = 0; i < kParts; ++i) {
      log.append(i % 2 == 0 ? 1 : 2, part(i));
      ends_.push_back(log.size());
    }
    log.sync();
    std::ifstream file(path_, std::ios::binary);
    content_ = {std::istreambuf_iterator<char>(file), {}};
  }

  [[nodiscard]] BegunPart part(int number) const {
    const std::uint64_t first = std::uint64_t{kChunksEach} * (static_cast<unsigned>(number) / 2);
    BegunPart out;
    out.identity = {.device = 1,
                    .inode = number % 2 == 0 ? 10U : 20U,
                    .size = 99 * kChunkBytes,
                    .modified_ns = -3,
                    .changed_ns = 4};
    out.first = first;
    out.chunks = std::span(leaves_).subspan(first, kChunksEach);
    out.stream.state[7] = static_cast<std::uint32_t>(number);
    out.stream.length = (first + kChunksEach) * kChunkBytes;
    return out;
  }
  /// Parts that a log of this content is believed to have.
  [[nodiscard]] int believed(const std::string& content) const {
    std::ofstream(path_, std::ios::binary) << content;
    BegunLog log(path_, "this run");
    const BegunFiles files = log.load(kAll, kWantAll);
    std::uint64_t chunks = 0;
    for (const auto& [name, file] : files) chunks += file.chunks.size();
    const int parts = static_cast<int>(chunks / kChunksEach);
    EXPECT_EQ(log.size(), parts == 0 ? 0 : ends_[static_cast<std::size_t>(parts) - 1]);
    return parts;
  }

  static constexpr int kParts = 6;
  static constexpr unsigned kChunksEach = 3;

  test::TemporaryFolder folder_;
  fs::path path_ = folder_.path("begun");
  std::vector<Digest> leaves_ = test::random_digests(kParts / 2 * kChunksEach, 1);
  std::vector<std::uint64_t> ends_;  ///< Of each part, in the file.
  std::string content_;
};

TEST_F(BegunLogs, GiveBackWhatWasWritten) {
  BegunLog log(path_, "this run");
  const BegunFiles files = log.load(kAll, kWantAll);
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(log.size(), content_.size());
  for (const std::uint64_t name : {1U, 2U}) {
    const BegunFile& file = files.at(name);
    const BegunPart last = part(name == 1 ? 4 : 5);
    EXPECT_EQ(file.identity, last.identity);
    EXPECT_EQ(file.chunks, leaves_);
    EXPECT_EQ(file.stream.length, last.stream.length);
    EXPECT_EQ(file.stream.state[7], last.stream.state[7]);
  }
  BegunLog again(path_, "this run");
  EXPECT_EQ(again.load(kAll, [](std::uint64_t name) { return name == 2; }).count(1), 0U);
}

TEST_F(BegunLogs, AreGoneOnWith) {
  std::ofstream(path_, std::ios::binary) << content_.substr(0, content_.size() - 1);
  BegunLog log(path_, "this run");
  EXPECT_EQ(log.load(kAll, kWantAll).at(2).chunks.size(), 2 * kChunksEach);
  log.append(2, part(5));
  log.sync();
  std::ifstream file(path_, std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), content_);
}

TEST_F(BegunLogs, CutShortHoldUpToThere) {
  for (std::size_t size = 0; size < content_.size(); size += 5) {
    const auto whole = std::ranges::count_if(ends_, [&](auto end) { return end <= size; });
    ASSERT_EQ(believed(content_.substr(0, size)), whole) << size;
  }
}

TEST_F(BegunLogs, WithAChangedByteHoldUpToIt) {
  for (std::size_t at = 0; at < content_.size(); at += 7) {
    std::string flipped = content_;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    const auto before = std::ranges::count_if(ends_, [&](auto end) { return end <= at; });
    ASSERT_EQ(believed(flipped), before) << at;
  }
}

TEST_F(BegunLogs, OfAnotherRunSayNothing) {
  BegunLog other(path_, "another run");
  EXPECT_TRUE(other.load(kAll, kWantAll).empty());
  BegunLog missing(folder_.path("none"), "this run");
  EXPECT_TRUE(missing.load(kAll, kWantAll).empty());
}

TEST_F(BegunLogs, NeverWaitForAPipe) {
  const std::string pipe = folder_.path("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  BegunLog log(pipe, "this run");
  EXPECT_THROW(log.load(kAll, kWantAll), Error);
}

TEST_F(BegunLogs, ForgetAFileThatIsBegunAnewOrHasAGap) {
  BegunLog log(path_, "this run");
  BegunPart anew = part(0);
  anew.identity.size += 1;
  log.append(1, part(0));
  log.append(1, part(2));
  log.append(1, anew);
  log.append(2, part(1));
  log.append(2, part(5));
  log.sync();
  BegunLog read(path_, "this run");
  const BegunFiles files = read.load(kAll, kWantAll);
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files.at(1).identity, anew.identity);
  EXPECT_EQ(files.at(1).chunks.size(), kChunksEach);
}

}  // namespace
}  // namespace salus::trial

// Who gets which chunks of a large file, and when.
#include "trial/content/large_file.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <thread>

#include "trial/seal/seal.h"

namespace salus::trial {
namespace {

constexpr std::uint64_t kChunks = 100;

std::shared_ptr<LargeFile> file_of(std::uint64_t chunks, std::uint64_t index = 0) {
  auto file = std::make_shared<LargeFile>();
  file->task.index = index;
  file->result.identity.size = chunks * kChunkBytes - 1;
  file->result.chunks.resize(chunks);
  file->is_told = true;
  return file;
}

/// What a stream is after some chunks, for tests: it only counts.
void feed(const ChunkClaim& claim) { claim.file->stream.length += claim.count; }

const auto kNeverStopped = [] { return false; };

/// The chunks that are told of, as "first+count" with the stream that belongs to them.
std::vector<std::array<std::uint64_t, 3>> told(LargeFilePool& pool) {
  std::vector<std::array<std::uint64_t, 3>> out;
  pool.visit_begun([&out](const BegunPart& part) {
    out.push_back({part.first, part.chunks.size(), part.stream.length});
  });
  return out;
}

TEST(LargeFilePool, GivesOneFileToSeveralWorkersAtOnce) {
  for (const bool has_streams : {false, true}) {
    LargeFilePool pool(4, has_streams);
    pool.add(file_of(kChunks));
    for (std::uint64_t first = 0; first < kChunks; first += 32) {
      const auto claim = pool.claim(32);
      ASSERT_TRUE(claim.has_value());
      EXPECT_EQ(claim->first, first);
      EXPECT_EQ(claim->count, std::min<std::uint64_t>(32, kChunks - first));
    }
    EXPECT_FALSE(pool.claim(32).has_value());
  }
}

TEST(LargeFilePool, SpreadsWorkersOverFilesWithStreams) {
  LargeFilePool pool(4, true);
  pool.add(file_of(kChunks, 1));
  pool.add(file_of(kChunks, 2));
  EXPECT_EQ(pool.claim(8)->file->task.index, 1U);
  EXPECT_EQ(pool.claim(8)->file->task.index, 2U);
  EXPECT_EQ(pool.claim(8)->first, 8U);
}

TEST(LargeFilePool, HandsTheStreamOnInOrder) {
  LargeFilePool pool(4, true);
  pool.add(file_of(kChunks));
  auto first = pool.claim(50);
  auto second = pool.claim(50);
  EXPECT_TRUE(pool.has_turn(*first));
  EXPECT_FALSE(pool.has_turn(*second));
  bool came = false;
  std::thread waiting([&] { came = pool.wait_for_turn(*second, kNeverStopped); });
  feed(*first);
  pool.pass_turn(*first);
  waiting.join();
  EXPECT_TRUE(came);
  feed(*second);
  pool.pass_turn(*second);
  EXPECT_FALSE(pool.finish(*second, 0));
  EXPECT_TRUE(pool.finish(*first, 0));
}

TEST(LargeFilePool, EndsTheWaitWhereAnEarlierPartFailsOrAllIsStopped) {
  LargeFilePool pool(4, true);
  pool.add(file_of(kChunks));
  const auto first = pool.claim(30);
  const auto second = pool.claim(30);
  EXPECT_FALSE(pool.wait_for_turn(*second, [] { return true; }));
  std::thread failing([&] { EXPECT_FALSE(pool.finish(*first, EIO)); });
  EXPECT_FALSE(pool.wait_for_turn(*second, kNeverStopped));
  failing.join();
  EXPECT_FALSE(pool.claim(30).has_value());
  EXPECT_TRUE(pool.finish(*second, -2));
  EXPECT_EQ(second->file->error, EIO);
}

/// Only what nothing is missing before, and with the stream as it was there.
TEST(LargeFilePool, TellsOfChunksInARowFromTheBeginning) {
  LargeFilePool pool(4, true);
  pool.add(file_of(kChunks));
  std::vector<ChunkClaim> claims;
  for (int i = 0; i < 4; ++i) {
    claims.push_back(*pool.claim(10));
    feed(claims.back());
    pool.pass_turn(claims.back());
  }
  using Parts = std::vector<std::array<std::uint64_t, 3>>;
  EXPECT_EQ(told(pool), Parts());
  pool.finish(claims[1], 0);
  pool.finish(claims[2], 0);
  EXPECT_EQ(told(pool), Parts());
  pool.finish(claims[0], 0);
  EXPECT_EQ(told(pool), (Parts{{0, 30, 30}}));
  EXPECT_EQ(told(pool), Parts());
  pool.finish(claims[3], 0);
  EXPECT_EQ(told(pool), (Parts{{30, 10, 40}}));
}

TEST(LargeFile, GoesOnOnlyWithWhatIsStillThatFile) {
  BegunFile begun;
  begun.identity.size = kChunks * kChunkBytes - 1;
  begun.chunks.resize(40);
  begun.stream.length = 40 * kChunkBytes;
  const auto begun_chunks = [](const BegunFile& from, bool needs_stream) {
    const auto file = file_of(kChunks);
    file->go_on_after(from, needs_stream);
    EXPECT_EQ(file->claimed, file->result.begun_chunks);
    return file->result.begun_chunks;
  };
  EXPECT_EQ(begun_chunks(begun, true), 40U);
  BegunFile other = begun;
  other.identity.changed_ns = 1;
  EXPECT_EQ(begun_chunks(other, true), 0U);
  other = begun;
  other.stream.length = 0;
  EXPECT_EQ(begun_chunks(other, true), 0U);
  EXPECT_EQ(begun_chunks(other, false), 40U);
  other.chunks.resize(kChunks);
  EXPECT_EQ(begun_chunks(other, false), 0U);
}

}  // namespace
}  // namespace salus::trial

// Files of all sizes against OpenSSL and the definition of RFC 9162.
#include "trial/content/content_hasher.h"

#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <string>

#include "engine/error.h"
#include "engine/merkle/tree.h"
#include "engine/openssl_sha256.h"
#include "tests/support/random_data.h"
#include "tests/support/temporary_folder.h"
#include "trial/seal/seal.h"

namespace salus::trial {
namespace {

/// Hands out a list, now and then with a pause, and keeps what comes.
class Collector : public ContentClient {
 public:
  explicit Collector(std::vector<std::string> paths) : paths_(std::move(paths)) {}

  Supply take(std::vector<ContentTask>& tasks, std::size_t limit) override {
    if (++calls_ % 3 == 0) return Supply::later;
    for (; next_ < paths_.size() && tasks.size() < limit; ++next_)
      tasks.push_back({next_, paths_[next_]});
    return next_ < paths_.size() ? Supply::more : Supply::end;
  }
  void done(const ContentTask& task, ContentResult&& result) override {
    const std::scoped_lock lock(mutex_);
    EXPECT_EQ(task.path, paths_[task.index]);
    EXPECT_TRUE(results.emplace(paths_[task.index], std::move(result)).second);
  }

  std::map<std::string, ContentResult> results;

 private:
  std::vector<std::string> paths_;
  std::mutex mutex_;
  std::size_t next_ = 0;
  int calls_ = 0;
};

void run(const std::string& folder, Collector& client, const ContentOptions& options) {
  const StudyFolder study(folder);
  const engine::LaneHasher hasher(options.cpu);
  ContentHasher content(study, client, options, hasher);
  while (!content.wait_for(std::chrono::milliseconds(10))) {
  }
}

constexpr std::size_t kChunk = kChunkBytes;

struct Case {
  unsigned threads;
  bool whole_digests;
};

/// So many threads have so small buffers each that several take part in one file.
class ContentHasherModes : public testing::TestWithParam<Case> {};

TEST_P(ContentHasherModes, GiveDigestsAndChunkLeaves) {
  const test::TemporaryFolder folder;
  std::map<std::string, std::vector<std::uint8_t>> files;
  std::vector<std::string> paths;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{55}, std::size_t{64}, std::size_t{4096},
        std::size_t{65'536}, kChunk - 1, kChunk, kChunk + 1, 2 * kChunk, 18 * kChunk + 70'001}) {
    const std::string name = std::to_string(size);
    files[name] = test::random_bytes(size, static_cast<std::uint32_t>(size));
    folder.write(name, Bytes(files[name]));
    paths.push_back(name);
  }
  Collector client(paths);
  run(folder.path().string(), client,
      {.whole_digests = GetParam().whole_digests,
       .look_again = GetParam().whole_digests,
       .cpu = {.threads = GetParam().threads}});
  ASSERT_EQ(client.results.size(), files.size());
  for (const auto& [name, bytes] : files) {
    const ContentResult& result = client.results.at(name);
    EXPECT_EQ(result.error, 0) << name;
    EXPECT_FALSE(result.changed) << name;
    EXPECT_EQ(result.identity.size, bytes.size());
    const bool has_chunks = bytes.size() > kChunk;
    ASSERT_EQ(result.chunks.size(), has_chunks ? (bytes.size() + kChunk - 1) / kChunk : 0) << name;
    ASSERT_EQ(result.digest.has_value(), !has_chunks || GetParam().whole_digests) << name;
    EXPECT_EQ(result.digest.value_or(openssl_sha256(bytes)), openssl_sha256(bytes)) << name;
    for (std::size_t i = 0; i < result.chunks.size(); ++i) {
      const Bytes chunk =
          Bytes(bytes).subspan(i * kChunk, std::min(kChunk, bytes.size() - i * kChunk));
      ASSERT_EQ(result.chunks[i], merkle::leaf_hash(merkle::TreeKind::rfc9162, chunk))
          << name << " chunk " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, ContentHasherModes,
                         testing::Values(Case{1, false}, Case{1, true}, Case{3, false},
                                         Case{3, true}, Case{40, false}, Case{40, true}),
                         [](const auto& mode) {
                           return std::to_string(mode.param.threads) +
                                  (mode.param.whole_digests ? "Whole" : "Chunks");
                         });

TEST(ContentHasher, SaysWhatIsMissingOrNoFile) {
  const test::TemporaryFolder folder;
  folder.write("folder/file", "x");
  std::filesystem::create_symlink("folder/file", folder.path("link"));
  Collector client({"none", "folder", "link", "folder/file"});
  run(folder.path().string(), client, {});
  EXPECT_EQ(client.results.at("none").error, ENOENT);
  EXPECT_EQ(client.results.at("folder").kind, "folder");
  EXPECT_EQ(client.results.at("link").kind, "symbolic link");
  EXPECT_TRUE(client.results.at("folder/file").digest.has_value());
}

/// Files of procfs say that they have no bytes.
TEST(ContentHasher, SaysThatAFileHoldsMoreThanItsSize) {
  Collector client({"version"});
  run("/proc", client, {});
  EXPECT_TRUE(client.results.at("version").changed);
}

TEST(ContentHasher, GivesManySmallFiles) {
  const test::TemporaryFolder folder;
  std::vector<std::string> paths;
  for (int i = 0; i < 2000; ++i) {
    paths.push_back(std::to_string(i));
    folder.write(paths.back(), paths.back());
  }
  Collector client(paths);
  run(folder.path().string(), client, {});
  for (const std::string& path : paths)
    ASSERT_EQ(client.results.at(path).digest, openssl_sha256(as_bytes(path)));
}

class Thrower : public ContentClient {
 public:
  Supply take(std::vector<ContentTask>&, std::size_t) override {
    throw Error(ErrorKind::input, "no more");
  }
  void done(const ContentTask&, ContentResult&&) override {}
};

TEST(ContentHasher, HandsOnWhatItsClientThrows) {
  const test::TemporaryFolder folder;
  const StudyFolder study(folder.path().string());
  const engine::LaneHasher hasher;
  Thrower client;
  ContentHasher content(study, client, {}, hasher);
  EXPECT_THROW(while (!content.wait_for(std::chrono::milliseconds(10))){}, Error);
}

}  // namespace
}  // namespace salus::trial

// The file pipeline against OpenSSL, on files of every awkward size and kind.
#include "engine/files/file_hasher.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "tests/engine/files/temporary_folder.h"

namespace salus::files {
namespace {

FileHasherOptions with_threads(unsigned threads) {
  return {.cpu = {.threads = threads, .variant = ""}};
}

/// Files that all differ, with the digests that OpenSSL gives them.
class FileSet {
 public:
  void add(std::size_t size) {
    const auto number = static_cast<unsigned>(paths_.size());
    const std::string content = pattern(size, number);
    // Two folders in turn, then one for long: with and without the open folder.
    const std::string folder = number % 7 == 0 ? "a/" : "b/";
    paths_.push_back(folder_.write(folder + std::to_string(number), content));
    digests_.push_back(openssl_sha256(as_bytes(content)));
    sizes_.push_back(size);
  }

  void expect_right(const std::vector<FileResult>& results) const {
    ASSERT_EQ(results.size(), paths_.size());
    for (std::size_t i = 0; i < results.size(); ++i) {
      EXPECT_EQ(results[i].error, 0) << paths_[i];
      EXPECT_EQ(results[i].digest, digests_[i]) << paths_[i];
      EXPECT_EQ(results[i].bytes, sizes_[i]) << paths_[i];
    }
  }

  void expect_right_with_threads(std::initializer_list<unsigned> counts) const {
    for (const unsigned threads : counts) {
      SCOPED_TRACE(threads);
      expect_right(hash_files(paths_, with_threads(threads)));
    }
  }

  [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }

 private:
  TemporaryFolder folder_;
  std::vector<std::string> paths_;
  std::vector<Digest> digests_;
  std::vector<std::size_t> sizes_;
};

TEST(FileHasher, HashesEverySmallSize) {
  FileSet files;
  for (std::size_t size = 0; size <= 200; ++size) files.add(size);
  files.expect_right_with_threads({1, 2, 4});
}

TEST(FileHasher, HashesSizesAroundItsBuffers) {
  FileSet files;
  for (const std::size_t kib : {4, 8, 32, 64, 128, 448, 512, 1024, 2048, 4096})
    for (const std::size_t size : {kib * 1024 - 1, kib * 1024, kib * 1024 + 1}) files.add(size);
  files.expect_right_with_threads({1, 2, 4});
}

TEST(FileHasher, HashesMoreFilesThanAreOnTheirWayAtOnce) {
  FileSet files;
  for (std::size_t i = 0; i < 400; ++i) files.add(i % 50 == 0 ? 300'000 : i);
  std::vector<std::string> paths;
  for (int i = 0; i < 50; ++i)
    paths.insert(paths.end(), files.paths().begin(), files.paths().end());
  const std::vector<FileResult> results = hash_files(paths, with_threads(4));
  ASSERT_EQ(results.size(), paths.size());
  for (std::size_t i = 0; i < results.size(); i += 400)
    files.expect_right({results.begin() + static_cast<std::ptrdiff_t>(i),
                        results.begin() + static_cast<std::ptrdiff_t>(i + 400)});
}

TEST(FileHasher, HashesMoreLargeFilesThanLanes) {
  FileSet files;
  for (std::size_t i = 0; i < 70; ++i) files.add(100'000 + 7'919 * i);
  files.expect_right_with_threads({1, 2, 3});
}

TEST(FileHasher, AnEmptyListIsDoneAtOnce) { EXPECT_TRUE(hash_files({}).empty()); }

TEST(FileHasher, EveryVariantAgrees) {
  FileSet files;
  for (const std::size_t size : {0, 1, 55, 56, 64, 4096, 65'535, 65'536, 200'000, 300'001})
    files.add(size);
  for (const std::string& variant : engine::cpu_variants()) {
    SCOPED_TRACE(variant);
    files.expect_right(hash_files(files.paths(), {.cpu = {.threads = 2, .variant = variant}}));
  }
}

TEST(FileHasher, DeliversInOrderWithTheirNames) {
  FileSet files;
  for (std::size_t i = 0; i < 1000; ++i) files.add(i % 100 == 0 ? 500'000 : 10);
  std::uint64_t next = 0;
  FileHasher hasher(with_threads(4),
                    [&](std::uint64_t index, const std::string& path, const FileResult&) {
                      EXPECT_EQ(index, next);
                      EXPECT_EQ(path, files.paths()[next]);
                      ++next;
                    });
  for (const std::string& path : files.paths()) hasher.add(path);
  hasher.finish();
  EXPECT_EQ(next, files.paths().size());
}

TEST(FileHasher, WhatCannotBeReadIsAResult) {
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "content");
  const std::vector<std::string> paths = {folder.path("missing"), folder.path(""),        file,
                                          file + "/below",        std::string(5000, 'x'), ""};
  const std::vector<FileResult> results = hash_files(paths);
  EXPECT_EQ(results[0].error, ENOENT);
  EXPECT_EQ(results[1].error, EISDIR);
  EXPECT_EQ(results[2].error, 0);
  EXPECT_EQ(results[3].error, ENOTDIR);
  EXPECT_EQ(results[4].error, ENAMETOOLONG);
  EXPECT_EQ(results[5].error, ENOENT);
}

TEST(FileHasher, WhatMayNotBeReadIsAResult) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "content");
  std::filesystem::permissions(file, std::filesystem::perms::none);
  EXPECT_EQ(hash_files(std::vector{file})[0].error, EACCES);
}

TEST(FileHasher, ADashIsAFileUnlessItIsToBeStandardInput) {
  EXPECT_EQ(hash_files(std::vector<std::string>{"-"})[0].error, ENOENT);
}

/// Standard input replaced by a file, for one test.
class StdinFrom {
 public:
  explicit StdinFrom(const std::string& path) : saved_(dup(STDIN_FILENO)) {
    const int file = open(path.c_str(), O_RDONLY);
    dup2(file, STDIN_FILENO);
    close(file);
  }
  ~StdinFrom() {
    dup2(saved_, STDIN_FILENO);
    close(saved_);
  }
  StdinFrom(const StdinFrom&) = delete;
  StdinFrom& operator=(const StdinFrom&) = delete;

 private:
  int saved_;
};

TEST(FileHasher, StandardInputIsAtItsEndTheSecondTime) {
  const TemporaryFolder folder;
  const std::string content = pattern(300'000, 1);
  const StdinFrom input(folder.write("input", content));
  const std::vector<std::string> paths = {"-", "-"};
  const std::vector<FileResult> results = hash_files(paths, {.dash_is_stdin = true});
  EXPECT_EQ(results[0].digest, openssl_sha256(as_bytes(content)));
  EXPECT_EQ(results[1].digest, openssl_sha256({}));
}

TEST(FileHasher, StandardInputThatCannotBeReadFailsEveryTime) {
  const StdinFrom input("/");
  const std::vector<std::string> paths = {"-", "-"};
  for (const FileResult& result : hash_files(paths, {.dash_is_stdin = true}))
    EXPECT_EQ(result.error, EISDIR);
}

TEST(FileHasher, ReadsPipesWhoseWritersComeLateAndWriteSlowly) {
  const TemporaryFolder folder;
  std::vector<std::string> paths;
  for (int i = 0; i < 3; ++i) {
    paths.push_back(folder.path("pipe" + std::to_string(i)));
    ASSERT_EQ(mkfifo(paths.back().c_str(), 0600), 0);
    paths.push_back(folder.write("file" + std::to_string(i), "content"));
  }
  const std::string content = pattern(200'000, 3);
  std::jthread writer([&] {
    for (std::size_t i = 0; i < paths.size(); i += 2) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      std::ofstream pipe(paths[i], std::ios::binary);
      for (std::size_t at = 0; at < content.size(); at += 50'000) {
        pipe.write(content.data() + at, 50'000).flush();
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
    }
  });
  const std::vector<FileResult> results = hash_files(paths, with_threads(1));
  for (std::size_t i = 0; i < paths.size(); i += 2) {
    EXPECT_EQ(results[i].digest, openssl_sha256(as_bytes(content)));
    EXPECT_EQ(results[i + 1].digest, openssl_sha256(as_bytes("content")));
  }
}

TEST(FileHasher, APipeWithoutAByteIsAnEmptyFile) {
  const TemporaryFolder folder;
  const std::string path = folder.path("pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::jthread writer([&] { const std::ofstream pipe(path); });
  EXPECT_EQ(hash_files(std::vector{path})[0].digest, openssl_sha256({}));
}

TEST(FileHasher, FilesOfTheKernelHaveNoSizeAndShortReads) {
  const std::vector<std::string> paths = {"/proc/cpuinfo", "/proc/self/maps", "/dev/null"};
  const std::vector<FileResult> results = hash_files(paths);
  EXPECT_GT(results[0].bytes, 0);
  EXPECT_GT(results[1].bytes, 0);
  EXPECT_EQ(results[2].digest, openssl_sha256({}));
}

TEST(FileHasher, SurvivesFilesThatGrowShrinkAndVanish) {
  const TemporaryFolder folder;
  const std::string changing = folder.write("changing", pattern(1'000'000, 5));
  const std::string vanishing = folder.path("vanishing");
  const std::string steady = folder.write("steady", "content");
  std::jthread changer([&](const std::stop_token& stop) {
    for (unsigned i = 0; !stop.stop_requested(); ++i) {
      std::error_code ignored;
      std::filesystem::resize_file(changing, i % 2 == 0 ? 10 : 3'000'000, ignored);
      if (i % 2 == 0)
        folder.write("vanishing", "x");
      else
        std::filesystem::remove(vanishing, ignored);
    }
  });
  std::vector<std::string> paths;
  for (int i = 0; i < 60; ++i) paths.insert(paths.end(), {changing, vanishing, steady});
  const std::vector<FileResult> results = hash_files(paths, with_threads(2));
  for (std::size_t i = 0; i < results.size(); i += 3) {
    EXPECT_EQ(results[i].error, 0);
    EXPECT_LE(results[i].bytes, 3'000'000);
    EXPECT_TRUE(results[i + 1].error == 0 || results[i + 1].error == ENOENT);
    EXPECT_EQ(results[i + 2].digest, openssl_sha256(as_bytes("content")));
  }
}

TEST(FileHasher, ReadsWhatIsAppendedBeforeItsEnd) {
  const TemporaryFolder folder;
  const std::string path = folder.path("pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  // A pipe makes the moment certain: the second half is written when the first was read.
  std::jthread writer([&] {
    const int pipe = open(path.c_str(), O_WRONLY);
    EXPECT_EQ(write(pipe, "first", 5), 5);
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    EXPECT_EQ(write(pipe, "second", 6), 6);
    close(pipe);
  });
  EXPECT_EQ(hash_files(std::vector{path})[0].digest, openssl_sha256(as_bytes("firstsecond")));
}

TEST(FileHasher, HandsSmallFilesToABatchFunction) {
  FileSet files;
  for (const std::size_t size : {0, 1, 64, 5000, 1'000'000, 2'097'151, 2'097'152, 3'000'000})
    for (int i = 0; i < 3; ++i) files.add(size);
  std::atomic<std::size_t> handed = 0;
  FileHasherOptions options = with_threads(2);
  options.hash_batch = [&](const engine::MessageView& messages, std::span<Digest> out) {
    handed += messages.count();
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = openssl_sha256(messages[i]);
  };
  files.expect_right(hash_files(files.paths(), options));
  EXPECT_EQ(handed, 18);  // of 24; six have kDeviceFileLimit or more
}

TEST(FileHasher, PassesOnWhatTheBatchFunctionThrows) {
  FileSet files;
  for (std::size_t i = 0; i < 2000; ++i) files.add(i % 10);
  FileHasherOptions options = with_threads(2);
  options.hash_batch = [](const engine::MessageView&, std::span<Digest>) {
    throw Error(ErrorKind::device, "lost");
  };
  EXPECT_THROW(hash_files(files.paths(), options), Error);
}

TEST(FileHasher, PassesOnWhatTheReceiverThrows) {
  FileSet files;
  for (std::size_t i = 0; i < 1000; ++i) files.add(i);
  FileHasher hasher(with_threads(2),
                    [](std::uint64_t index, const std::string&, const FileResult&) {
                      if (index == 500) throw std::runtime_error("full");
                    });
  EXPECT_THROW(
      {
        for (const std::string& path : files.paths()) hasher.add(path);
        hasher.finish();
      },
      std::runtime_error);
}

TEST(FileHasher, StopsWhenAskedEvenWhileAPipeHasNoWriter) {
  const TemporaryFolder folder;
  const std::string path = folder.path("pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::stop_source source;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    source.request_stop();
  });
  EXPECT_THROW(hash_files(std::vector{path}, {}, {.stop = source.get_token(), .progress = {}}),
               Cancelled);
}

TEST(FileHasher, ProgressCountsBytesOnTheCallersThread) {
  FileSet files;
  for (int i = 0; i < 20; ++i) files.add(1'000'000);
  std::uint64_t last = 0;
  const auto caller = std::this_thread::get_id();
  hash_files(files.paths(), with_threads(2),
             {.stop = {}, .progress = [&](std::uint64_t done, std::uint64_t total) {
                EXPECT_EQ(std::this_thread::get_id(), caller);
                EXPECT_GE(done, last);
                EXPECT_EQ(total, 0);
                last = done;
              }});
  EXPECT_LE(last, 20'000'000);
}

TEST(FileHasher, MayBeWaitedForInBetween) {
  FileSet files;
  for (std::size_t i = 0; i < 300; ++i) files.add(i);
  std::uint64_t delivered = 0;
  FileHasher hasher(with_threads(2),
                    [&](std::uint64_t, const std::string&, const FileResult&) { ++delivered; });
  hasher.wait();
  for (std::uint64_t i = 0; i < 300; ++i) {
    hasher.add(files.paths()[i]);
    if (i % 100 == 0) {
      hasher.wait();
      EXPECT_EQ(delivered, i + 1);
    }
  }
  hasher.finish();
  EXPECT_EQ(delivered, 300);
}

TEST(FileHasher, EndsEarlyWithoutAFinish) {
  FileSet files;
  for (std::size_t i = 0; i < 1000; ++i) files.add(i);
  FileHasher hasher(with_threads(2), [](std::uint64_t, const std::string&, const FileResult&) {});
  for (const std::string& path : files.paths()) hasher.add(path);
}

}  // namespace
}  // namespace salus::files

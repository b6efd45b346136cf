// Sealing a folder: what other tools say of the result, odd files, interrupted runs, full disks.
#include "trial/seal/sealing.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <thread>

#include "engine/error.h"
#include "tests/support/random_data.h"
#include "tests/trial/folder_contents.h"
#include "tests/trial/study.h"
#include "trial/seal/sums.h"

namespace salus::trial {
namespace {

namespace fs = std::filesystem;
using test::contents;
using test::read_text;
using testing::ElementsAre;
using testing::HasSubstr;

int run_in(const std::string& folder, const std::string& command) {
  const int status =
      std::system(("cd '" + folder + "' && " + command + " > /dev/null 2>&1").c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool has_tool(const std::string& name) { return run_in("/", "command -v " + name) == 0; }

std::string random_text(std::size_t size, std::uint32_t seed) {
  const std::vector<std::uint8_t> bytes = test::random_bytes(size, seed);
  return {bytes.begin(), bytes.end()};
}

/// Names of all kinds, and sizes around the borders of a chunk.
void fill(const test::Study& study) {
  study.write("dm.bin", random_text(3000, 1));
  study.write("empty", "");
  study.write("a/b/c/deep.txt", "deep");
  study.write("a-b", "sorts before a/b");
  study.write("two words/ leading", "blank");
  study.write("new\nline", "newline");
  study.write("back\\slash", "backslash");
  study.write("\xff\xfe not utf-8", "bytes");
  study.write("#comment", "hash");
  study.write("one chunk", random_text(kChunkBytes, 2));
  study.write("one chunk and a byte", random_text(kChunkBytes + 1, 3));
  study.write("five chunks", random_text(5 * kChunkBytes - 1, 4));
}

TEST(Sealing, MakesSumsThatOtherToolsTake) {
  test::Study study;
  fill(study);
  const SealSummary summary = study.seal();
  EXPECT_EQ(summary.problems, 0U);
  EXPECT_EQ(summary.files, 12U);
  const std::string sums = study.seal_path() + "/SHA256SUMS";
  EXPECT_EQ(run_in(study.data(), "sha256sum -c --strict '" + sums + "'"), 0);
}

TEST(Sealing, MakesSumsThatRhashTakes) {
  if (!has_tool("rhash")) GTEST_SKIP() << "rhash is not installed";
  test::Study study;
  fill(study);
  // It reads no escaped names.
  fs::remove(study.data("new\nline"));
  fs::remove(study.data("back\\slash"));
  study.seal();
  const std::string check = "rhash --sha256 -c '" + study.seal_path() + "/SHA256SUMS'";
  EXPECT_EQ(run_in(study.data(), check), 0);
  study.write("empty", "no more");
  EXPECT_NE(run_in(study.data(), check), 0);
}

TEST(Sealing, SortsByTheBytesOfPaths) {
  test::Study study;
  for (const char* name : {"b", "a/x", "a-b", "a.b", "a/y/z", "a0", "\xc3\xa9", "B"})
    study.write(name, name);
  study.seal();
  std::vector<std::string> paths;
  const SealFolder seal(study.seal_path());
  for (const SealedFile& file : seal.seal().files) paths.push_back(file.path);
  EXPECT_THAT(paths, ElementsAre("B", "a-b", "a.b", "a/x", "a/y/z", "a0", "b", "\xc3\xa9"));
}

TEST(Sealing, GivesTheSameBytesWithEveryInstructionSetAndNumberOfThreads) {
  test::Study study;
  fill(study);
  study.seal();
  const auto expected = contents(study.seal_path());
  for (const char* variant : {"scalar", "sse2", "avx2", "avx512", "sha-ni"}) {
    SealRequest request = study.request();
    request.cpu.variant = variant;
    request.cpu.threads = variant[0] == 's' ? 1 : 3;
    request.replace = true;
    try {
      study.seal(request);
    } catch (const Error& error) {
      ASSERT_EQ(error.kind(), ErrorKind::usage) << error.what();  // not on this machine
      continue;
    }
    EXPECT_EQ(contents(study.seal_path()), expected) << variant;
  }
}

TEST(Sealing, NamesWhatItCannotSeal) {
  test::Study study;
  study.write("good", "good");
  study.write("folder/inner", "inner");
  fs::create_symlink("loop", study.data("loop"));
  fs::create_directory_symlink("..", study.data("up"));
  fs::create_symlink("/etc/passwd", study.data("passwd"));
  ASSERT_EQ(mkfifo(study.data("pipe").c_str(), 0600), 0);
  const int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = study.data("s");
  ASSERT_LT(name.size(), sizeof address.sun_path);
  name.copy(address.sun_path, name.size());
  ASSERT_EQ(bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const SealSummary summary = study.seal();
  close(descriptor);
  EXPECT_EQ(summary.files, 2U);
  std::map<std::string, std::string> problems;
  for (const SealProblem& problem : study.problems) problems[problem.path] = problem.reason;
  EXPECT_EQ(summary.problems, problems.size());
  EXPECT_EQ(problems, (std::map<std::string, std::string>{{"loop", "symbolic link: not sealed"},
                                                          {"up", "symbolic link: not sealed"},
                                                          {"passwd", "symbolic link: not sealed"},
                                                          {"pipe", "FIFO: not sealed"},
                                                          {"s", "socket: not sealed"}}));
}

TEST(Sealing, NamesADeviceNode) {
  test::Study study;
  if (mknod(study.data("null").c_str(), S_IFCHR | 0600, makedev(1, 3)) != 0)
    GTEST_SKIP() << "only root makes device nodes";
  study.seal();
  ASSERT_EQ(study.problems.size(), 1U);
  EXPECT_EQ(study.problems[0].reason, "device: not sealed");
}

/// What `action` returns, in a process that is not root's.
int run_as_nobody(const std::function<int()>& action) {
  constexpr uid_t kNobody = 65534;
  const pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && (setgid(kNobody) != 0 || setuid(kNobody) != 0)) _exit(126);
    try {
      _exit(action());
    } catch (const std::exception&) {
      _exit(127);
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Sealing, NamesWhatItMayNotRead) {
  test::Study study;
  study.write("closed", "x");
  study.write("folder/inner", "x");
  study.write("open", "x");
  fs::permissions(study.folder.path(), fs::perms::all);
  fs::permissions(study.data(), fs::perms::all);
  fs::permissions(study.data("closed"), fs::perms::none);
  fs::permissions(study.data("folder"), fs::perms::none);
  const int outcome = run_as_nobody([&] {
    const SealSummary summary = study.seal();
    const bool named = study.problems.size() == 2 && study.problems[0].path == "closed" &&
                       study.problems[0].reason == "Permission denied" &&
                       study.problems[1].path == "folder" &&
                       study.problems[1].reason == "Permission denied";
    return named && summary.files == 1 ? 0 : 1;
  });
  fs::permissions(study.data("folder"), fs::perms::owner_all);
  EXPECT_EQ(outcome, 0);
}

TEST(Sealing, LeavesOutWhatItIsTold) {
  test::Study study;
  for (const char* name : {"a.tmp", "a.txt", "work/x", "work/y.tmp", "keep/work"})
    study.write(name, name);
  SealRequest request = study.request();
  request.header.excludes = {"*.tmp", "work"};
  EXPECT_EQ(study.seal(request).files, 1U);
  EXPECT_EQ(SealFolder(study.seal_path()).seal().header.excludes, request.header.excludes);
}

TEST(Sealing, OfAnEmptyFolderIsASeal) {
  test::Study study;
  EXPECT_EQ(study.seal().files, 0U);
  EXPECT_TRUE(SealFolder(study.seal_path()).faults().empty());
}

TEST(Sealing, RefusesToLieWithinTheDataOrToReplace) {
  test::Study study;
  SealRequest request = study.request();
  request.seal = study.data("seal");
  EXPECT_THROW(study.seal(request), Error);
  fs::create_directory_symlink(study.data(), study.folder.path("link"));
  request.seal = study.folder.path("link/seal");
  EXPECT_THROW(study.seal(request), Error);
  study.seal();
  EXPECT_THROW(study.seal(), Error);
  request = study.request();
  request.folder = study.data("none");
  EXPECT_THROW(study.seal(request), Error);
}

TEST(Sealing, DoesNotTouchAFolderThatOnlyHasThePartialName) {
  test::Study study;
  study.folder.write("study.seal.partial/thesis.txt", "precious");
  EXPECT_THROW(study.seal(), Error);
  EXPECT_EQ(read_text(study.folder.path("study.seal.partial/thesis.txt")), "precious");
}

TEST(Sealing, LeavesTheOldSealWholeUntilTheNewOneIs) {
  test::Study study;
  study.write("a", "first");
  study.seal();
  const auto before = contents(study.seal_path());
  study.write("a", "second");
  SealRequest request = study.request();
  request.replace = true;
  request.sign = [](const SealHeader&, const merkle::Tree&) -> SealParts {
    throw Error(ErrorKind::system, "no signature");
  };
  EXPECT_THROW(study.seal(request), Error);
  EXPECT_EQ(contents(study.seal_path()), before);
  request.sign = study.request().sign;
  study.seal(request);
  EXPECT_NE(contents(study.seal_path()), before);
  EXPECT_FALSE(fs::exists(study.seal_path() + ".partial"));
}

/// Disk quotas and full disks look like this to a program: no file may grow any more.
TEST(Sealing, OnAFullDiskLeavesTheOldSealWhole) {
  test::Study study;
  for (int i = 0; i < 300; ++i) study.write("file " + std::to_string(i), "x");
  study.seal();
  const auto before = contents(study.seal_path());
  study.write("more", "y");
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{4096, 4096};
    setrlimit(RLIMIT_FSIZE, &limit);
    try {
      SealRequest request = study.request();
      request.replace = true;
      study.seal(request);
    } catch (const Error& error) {
      const std::string what = error.what();
      _exit(error.kind() == ErrorKind::system && what.find("SHA256SUMS") != std::string::npos ? 42
                                                                                              : 1);
    }
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 42);
  EXPECT_EQ(contents(study.seal_path()), before);
}

/// A process that is killed in the middle, and one that goes on: the bytes are those of a run that
/// was never stopped.
TEST(Sealing, ResumedAfterKillGivesTheSameBytes) {
  test::Study study;
  fill(study);
  for (int i = 0; i < 60; ++i)
    study.write("many/" + std::to_string(i), random_text(static_cast<std::size_t>(i) * 37, 9));
  study.seal();
  const auto expected = contents(study.seal_path());
  fs::remove_all(study.seal_path());

  SealRequest request = study.request();
  request.save_every = std::chrono::milliseconds(0);
  request.cpu.threads = 1;
  int kills = 0;
  for (int after = 5; kills < 4; after += 17, ++kills) {
    const pid_t child = fork();
    if (child == 0) {
      int calls = 0;
      request.resume = kills != 0;
      study.seal(request, {.stop = {}, .progress = [&](std::uint64_t, std::uint64_t) {
                             if (++calls == after) std::raise(SIGKILL);
                           }});
      _exit(0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    if (!WIFSIGNALED(status)) break;
    ASSERT_FALSE(fs::exists(study.seal_path()));
  }
  EXPECT_GE(kills, 2);
  if (!fs::exists(study.seal_path())) {
    request.resume = true;
    request.header.sealed = "2030-01-01T00:00:00Z";  // the time of the first run counts
    EXPECT_GT(study.seal(request).resumed, 0U);
  }
  EXPECT_EQ(contents(study.seal_path()), expected);
}

TEST(Sealing, KilledBeforeAnythingCountedIsResumedFromTheBeginning) {
  test::Study study;
  study.write("a", "a");
  fs::create_symlink("nowhere", study.data("b"));
  SealRequest request = study.request();
  const pid_t child = fork();
  if (child == 0) {
    seal_study(request, [](const SealProblem&) { std::raise(SIGKILL); });
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  ASSERT_TRUE(fs::exists(study.seal_path() + ".partial/progress"));
  request.resume = true;
  EXPECT_EQ(study.seal(request).files, 1U);
  EXPECT_FALSE(fs::exists(study.seal_path() + ".partial"));
}

TEST(Sealing, StoppedLeavesAPointToGoOnFrom) {
  test::Study study;
  fill(study);
  fs::create_symlink("nowhere", study.data("b link"));
  study.seal_until(study.request(), "b link");
  ASSERT_FALSE(fs::exists(study.seal_path()));
  SealRequest request = study.request();
  request.resume = true;
  EXPECT_EQ(study.seal(request).resumed, 3U);  // #comment, a-b, a/b/c/deep.txt
  EXPECT_EQ(SealFolder(study.seal_path()).seal().files.size(), 12U);
}

/// A run that is gone on with must find what the first one found.
struct Interrupted : test::Study {
  Interrupted() {
    for (int i = 0; i < 9; ++i) write(std::to_string(i), "content " + std::to_string(i));
    fs::create_symlink("nowhere", data("4 link"));
    seal_until(request(), "4 link");
  }
  [[nodiscard]] std::string refusal(SealRequest again) {
    again.resume = true;
    try {
      seal(again);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
};

TEST(Sealing, IsNotResumedOverFilesThatChanged) {
  Interrupted study;
  study.write("0", "different");
  EXPECT_THAT(study.refusal(study.request()), HasSubstr("0 is not what the interrupted run found"));
}

TEST(Sealing, IsNotResumedOverFilesThatAreNew) {
  Interrupted study;
  study.write("00", "new");
  EXPECT_THAT(study.refusal(study.request()), HasSubstr("is not what the interrupted run found"));
}

TEST(Sealing, IsNotResumedAsAnotherSeal) {
  Interrupted study;
  SealRequest other = study.request();
  other.header.note = "another note";
  EXPECT_THAT(study.refusal(other), HasSubstr("other options"));
}

TEST(Sealing, IsNotResumedFromDamagedLines) {
  Interrupted study;
  const std::string path = study.seal_path() + ".partial/SHA256SUMS";
  std::string text = read_text(path);
  text[20] ^= 1;
  study.folder.write("study.seal.partial/SHA256SUMS", text);
  EXPECT_THAT(study.refusal(study.request()), HasSubstr("is damaged"));
}

TEST(Sealing, WithNothingToResumeBeginsAnew) {
  test::Study study;
  study.write("a", "a");
  SealRequest request = study.request();
  request.resume = true;
  EXPECT_EQ(study.seal(request).resumed, 0U);
}

TEST(Sealing, WhatWasAddedFormsASectionAfterTheOldLines) {
  test::Study study;
  fill(study);
  study.seal();
  const SealFolder old(study.seal_path());
  study.write("0 later", "x");
  study.write("zz/later", random_text(2 * kChunkBytes, 6));
  SealRequest request = study.request();
  request.grown_from = &old;
  request.section_time = "2026-12-01T00:00:00Z";
  request.replace = true;
  EXPECT_EQ(study.seal(request).files, 2U);
  const SealFolder grown(study.seal_path());
  EXPECT_TRUE(grown.text().starts_with(old.text()));
  EXPECT_EQ(grown.seal().sections.size(), 2U);
  EXPECT_EQ(grown.seal().files.size(), 14U);
  EXPECT_TRUE(grown.faults().empty());
  EXPECT_EQ(grown.find("0 later")->path, "0 later");
  EXPECT_TRUE(merkle::verify_consistency(old.size(), old.root(), grown.size(), grown.root(),
                                         grown.tree().consistency_proof(old.size())));
}

/// Another thread keeps making and removing a file; sooner or later it is gone when it is to be
/// read, though it was there when its folder was.
TEST(Sealing, GoesOnPastAFileThatVanishes) {
  test::Study study;
  constexpr int kSteady = 50;
  for (int i = 0; i < kSteady; ++i) study.write("steady " + std::to_string(i), "x");
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    while (!stop) {
      study.write("vanishing", "x");
      fs::remove(study.data("vanishing"));
    }
  });
  SealRequest request = study.request();
  request.replace = true;
  const auto has_vanished = [&] {
    return !study.problems.empty() && study.problems[0].reason == "No such file or directory";
  };
  constexpr int kMostTries = 500;
  SealSummary summary;
  for (int i = 0; i < kMostTries && !has_vanished(); ++i) summary = study.seal(request);
  stop = true;
  writer.join();
  ASSERT_TRUE(has_vanished());
  EXPECT_EQ(study.problems[0].path, "vanishing");
  EXPECT_EQ(summary.files, kSteady);
  EXPECT_TRUE(SealFolder(study.seal_path()).faults().empty());
}

/// Another thread keeps writing; sooner or later it does so while the file is read.
TEST(Sealing, SaysThatAFileChangesWhileItIsRead) {
  test::Study study;
  const std::string path = study.write("growing", random_text(3 * kChunkBytes, 1));
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    std::ofstream out(path, std::ios::app | std::ios::binary);
    while (!stop) out << "more" << std::flush;
  });
  SealRequest request = study.request();
  request.replace = true;
  constexpr int kMostTries = 200;
  for (int i = 0; i < kMostTries && study.problems.empty(); ++i) study.seal(request);
  stop = true;
  writer.join();
  ASSERT_EQ(study.problems.size(), 1U);
  EXPECT_THAT(study.problems[0].reason, HasSubstr("changed while it was read"));
  EXPECT_TRUE(SealFolder(study.seal_path()).seal().files.empty());
}

}  // namespace
}  // namespace salus::trial

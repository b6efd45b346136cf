// A million files in the walk: sealed and verified, in bounded memory.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "tests/cli/run_salus.h"

namespace salus::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSanitized = true;
#else
constexpr bool kIsSanitized = false;
#endif

constexpr int kFolders = kIsSanitized ? 20 : 1000;
constexpr int kFilesEach = 1000;
constexpr std::uint64_t kFiles = std::uint64_t{kFolders} * kFilesEach;

/// Of every process that was run. A sanitizer's own memory is no measure.
constexpr std::uint64_t kMostMemory = std::uint64_t{1} << 30;

// What the files and their seal take up in a file system in memory, with room for others.
constexpr std::uint64_t kBytesNeeded = std::uint64_t{2} << 30;
constexpr std::uint64_t kNamesNeeded = kFiles + kFiles / 10;

const char* const kMemoryFileSystem = "/dev/shm";

/// Why a million files cannot be made there; empty if they can.
std::string reason_against(const char* folder) {
  struct statvfs status {};
  if (statvfs(folder, &status) != 0 || access(folder, W_OK | X_OK) != 0)
    return std::string(folder) + " cannot be used";
  if (status.f_favail < kNamesNeeded)
    return std::string(folder) + " has room for " + std::to_string(status.f_favail) + " names";
  if (std::uint64_t{status.f_bavail} * status.f_frsize < kBytesNeeded)
    return std::string(folder) + " has not enough free bytes";
  return "";
}

void require(bool holds, const std::string& what) {
  if (!holds) throw std::system_error(errno, std::generic_category(), what);
}

/// Folders of tiny files. Those of the first have contents of their own; the others are further
/// names of them, which is less work for the system, and the same for who reads them.
class ManyFiles {
 public:
  ManyFiles() {
    require(mkdtemp(folder_.data()) != nullptr, folder_);
    fs::create_directory(study());
    for (int i = 0; i < kFolders; ++i) make_folder(i);
  }
  ~ManyFiles() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  ManyFiles(const ManyFiles&) = delete;
  ManyFiles& operator=(const ManyFiles&) = delete;

  [[nodiscard]] std::string study() const { return path("study"); }
  [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }

 private:
  void make_folder(int number) const {
    const std::string folder = study() + "/" + std::to_string(number) + "/";
    require(mkdir(folder.c_str(), 0700) == 0, folder);
    for (int i = 0; i < kFilesEach; ++i) {
      const std::string name = std::to_string(i);
      const std::string file = folder + name;
      if (number == 0)
        write_file(file, name);
      else
        require(link((study() + "/0/" + name).c_str(), file.c_str()) == 0, file);
    }
  }
  static void write_file(const std::string& file, const std::string& content) {
    const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    require(descriptor >= 0, file);
    const ssize_t count = write(descriptor, content.data(), content.size());
    close(descriptor);
    require(count == static_cast<ssize_t>(content.size()), file);
  }

  std::string folder_ = std::string(kMemoryFileSystem) + "/salus-many-XXXXXX";
};

/// Of the greediest process that was run so far.
std::uint64_t most_memory() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) << 10;
}

TEST(TrialCommandOnManyFiles, SealsAndVerifiesAMillionInBoundedMemory) {
  if (const std::string reason = reason_against(kMemoryFileSystem); !reason.empty())
    GTEST_SKIP() << "no room for " << kFiles << " files: " << reason;
  const ManyFiles files;
  const std::string seal = files.path("study.seal");
  const std::string key = files.path("key.pem");
  ASSERT_EQ(run_salus({"key", "new", "--alg", "ed25519", "--no-passphrase", "-o", key}).exit_code,
            0);
  const RunResult sealed = run_salus({"trial", "seal", files.study(), "--key", key});
  ASSERT_EQ(sealed.exit_code, 0) << sealed.err;
  EXPECT_THAT(sealed.out, HasSubstr("sealed  " + std::to_string(kFiles) + " files"));
  const std::uint64_t after_sealing = most_memory();

  // One of them is another one now, and one is new.
  fs::remove(files.study() + "/7/500");
  fs::create_hard_link(files.study() + "/0/501", files.study() + "/7/500");
  fs::create_hard_link(files.study() + "/0/1", files.study() + "/9/one more");
  const RunResult verified = run_salus({"trial", "verify", files.study(), seal, "--key", key});
  EXPECT_EQ(verified.exit_code, 1) << verified.err;
  EXPECT_EQ(line_count(verified.out), kFiles + 3);  // the seal, the file that was added, the sum
  for (const std::string& piece :
       {std::string("\n7/500: CHANGED (holds what was sealed as "),
        std::string("\n9/one more: ADDED\n"),
        "files   " + std::to_string(kFiles - 1) + " OK, 1 CHANGED, 1 ADDED"})
    EXPECT_NE(verified.out.find(piece), std::string::npos) << piece;  // too much to be shown
  if (!kIsSanitized) {
    EXPECT_LT(after_sealing, kMostMemory);
    EXPECT_LT(most_memory(), kMostMemory);
  }
  RecordProperty("MiB_to_seal", static_cast<int>(after_sealing >> 20));
  RecordProperty("MiB_to_verify", static_cast<int>(most_memory() >> 20));
}

}  // namespace
}  // namespace salus::test

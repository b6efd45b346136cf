#include "engine/files/folder_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace salus::files {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::IsEmpty;

struct Seen {
  std::vector<std::string> files;
  std::vector<std::string> failures;
  std::vector<std::string> skipped;
};

Seen walk(const std::string& folder) {
  Seen seen;
  walk_folder(folder, {.file = [&](const std::string& path) { seen.files.push_back(path); },
                       .failure =
                           [&](const std::string& path, int error) {
                             seen.failures.push_back(path + ": " + std::to_string(error));
                           },
                       .skipped =
                           [&](const std::string& path, std::string_view kind) {
                             seen.skipped.push_back(path + ": " + std::string(kind));
                           }});
  return seen;
}

TEST(FolderWalk, VisitsFilesInTheOrderOfTheirPathsBytes) {
  const TemporaryFolder folder;
  // '-' and '.' sort before '/', '0' behind it: a folder does not sort by its bare name.
  for (const char* name :
       {"a/x", "a-b", "a.c", "a0", "a/-", "b/c/d", "b/c-d", "B", "\xff", "a/y/z"})
    folder.write(name, "");
  std::vector<std::string> files = walk(folder.path("")).files;
  EXPECT_EQ(files.size(), 10);
  EXPECT_TRUE(std::is_sorted(files.begin(), files.end()));
}

TEST(FolderWalk, BeginsPathsWithTheFolderAsGiven) {
  const TemporaryFolder folder;
  const std::string file = folder.write("inner/file", "");
  EXPECT_THAT(walk(folder.path("inner")).files, ElementsAre(file));
  EXPECT_THAT(walk(folder.path("inner/")).files, ElementsAre(file));
  EXPECT_THAT(walk(folder.path("inner/.")).files, ElementsAre(folder.path("inner/./file")));
}

TEST(FolderWalk, FollowsNoLinksAndOpensNothingSpecial) {
  const TemporaryFolder folder;
  const std::string file = folder.write("in/file", "");
  std::filesystem::create_symlink("file", folder.path("in/link"));
  std::filesystem::create_directory_symlink(".", folder.path("in/loop"));
  ASSERT_EQ(mkfifo(folder.path("in/pipe").c_str(), 0600), 0);
  const Seen seen = walk(folder.path("in"));
  EXPECT_THAT(seen.files, ElementsAre(file));
  EXPECT_THAT(seen.skipped, ElementsAre(folder.path("in/link") + ": symbolic link",
                                        folder.path("in/loop") + ": symbolic link",
                                        folder.path("in/pipe") + ": FIFO"));
  EXPECT_THAT(seen.failures, IsEmpty());
}

TEST(FolderWalk, ReportsWhatItCannotRead) {
  const TemporaryFolder folder;
  const std::string missing = folder.path("missing");
  EXPECT_THAT(walk(missing).failures, ElementsAre(missing + ": " + std::to_string(ENOENT)));
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const std::string file = folder.write("in/file", "");
  const std::string closed = folder.path("in/closed");
  std::filesystem::create_directory(closed);
  std::filesystem::permissions(closed, std::filesystem::perms::none);
  const Seen seen = walk(folder.path("in"));
  std::filesystem::permissions(closed, std::filesystem::perms::owner_all);
  EXPECT_THAT(seen.files, ElementsAre(file));
  EXPECT_THAT(seen.failures, ElementsAre(closed + ": " + std::to_string(EACCES)));
}

TEST(FolderWalk, GoesDeeperThanAStackWould) {
  const TemporaryFolder folder;
  std::string deep = "in";
  for (int i = 0; i < 500; ++i) deep += "/d";
  const std::string file = folder.write(deep + "/file", "");
  EXPECT_THAT(walk(folder.path("in")).files, ElementsAre(file));
}

}  // namespace
}  // namespace salus::files

// The walk against `find`, and the opener against ways out of the folder.
#include "trial/content/study_walk.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "engine/error.h"
#include "tests/support/temporary_folder.h"

namespace salus::trial {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> walked(const std::string& folder,
                                const std::vector<std::string>& excludes = {}) {
  const StudyFolder study(folder);
  const Exclusion exclusion(excludes);
  StudyWalk walk(study, exclusion);
  std::vector<std::string> out;
  for (WalkEntry entry; walk.next(entry);)
    out.push_back(entry.kind.empty() ? entry.path : entry.path + "|" + std::string(entry.kind));
  return out;
}

TEST(StudyWalk, GoesInTheOrderOfPaths) {
  const test::TemporaryFolder folder;
  for (const char* name : {"b", "a/x", "a-b", "a/y/z", "a0", "\xff", "new\nline"})
    folder.write(name, "");
  fs::create_directory(folder.path("empty"));
  EXPECT_EQ(walked(folder.path().string()),
            (std::vector<std::string>{"a-b", "a/x", "a/y/z", "a0", "b", "new\nline", "\xff"}));
}

TEST(StudyWalk, GoesByWholeNamesWhereTheyBeginAlike) {
  const test::TemporaryFolder folder;
  std::vector<std::string> names = {"abcdefgh",        "abcdefgh-i",    "abcdefgh.txt", "abcdefg",
                                    "abcdefghi/x",     "abcdefghi.txt", "abcdefghi-",   "abcdefg.",
                                    "abcdefghi0/\xff", "abcdefgh\x01"};
  for (const std::string& name : names) folder.write(name, "");
  std::sort(names.begin(), names.end());
  EXPECT_EQ(walked(folder.path().string()), names);
}

TEST(StudyWalk, GivesSpecialFilesAndFollowsNoLink) {
  const test::TemporaryFolder folder;
  folder.write("a/file", "");
  fs::create_directory_symlink("..", folder.path("a/up"));
  fs::create_symlink("nowhere", folder.path("b"));
  ASSERT_EQ(mkfifo(folder.path("c").c_str(), 0600), 0);
  EXPECT_EQ(
      walked(folder.path().string()),
      (std::vector<std::string>{"a/file", "a/up|symbolic link", "b|symbolic link", "c|FIFO"}));
}

TEST(StudyWalk, LeavesOutAFolderWithAllBelowIt) {
  const test::TemporaryFolder folder;
  for (const char* name : {"a/x", "a/b/c", "d/a", "d/e"}) folder.write(name, "");
  EXPECT_EQ(walked(folder.path().string(), {"a"}), (std::vector<std::string>{"d/e"}));
}

TEST(StudyWalk, ManyFilesInManyFolders) {
  const test::TemporaryFolder folder;
  constexpr int kFolders = 40;
  constexpr int kFiles = 50;
  for (int i = 0; i < kFolders; ++i)
    for (int j = 0; j < kFiles; ++j) folder.write(std::to_string(i) + "/" + std::to_string(j), "");
  const std::vector<std::string> paths = walked(folder.path().string());
  EXPECT_EQ(paths.size(), static_cast<std::size_t>(kFolders * kFiles));
  EXPECT_TRUE(std::is_sorted(paths.begin(), paths.end()));
}

TEST(StudyFolder, IsRefusedWhereThereIsNone) {
  const test::TemporaryFolder folder;
  EXPECT_THROW(StudyFolder(folder.path("none")), Error);
  EXPECT_THROW(StudyFolder(folder.write("file", "")), Error);
}

TEST(StudyOpener, OpensNothingByWayOfALink) {
  const test::TemporaryFolder folder;
  folder.write("outside/secret", "secret");
  folder.write("study/inside/file", "file");
  fs::create_directory_symlink(folder.path("outside"), folder.path("study/out"));
  fs::create_symlink(folder.path("outside/secret"), folder.path("study/secret"));
  fs::create_directory_symlink("inside", folder.path("study/alias"));
  const StudyFolder study(folder.path("study"));
  StudyOpener opener(study);
  EXPECT_TRUE(opener.open("inside/file").descriptor.is_open());
  EXPECT_TRUE(opener.open("out/secret").is_missing());
  EXPECT_TRUE(opener.open("alias/file").is_missing());
  const StudyFile link = opener.open("secret");
  EXPECT_FALSE(link.descriptor.is_open());
  EXPECT_EQ(link.kind, "symbolic link");
}

TEST(StudyOpener, SaysWhatIsNoRegularFileAndWaitsForNone) {
  const test::TemporaryFolder folder;
  ASSERT_EQ(mkfifo(folder.path("pipe").c_str(), 0600), 0);
  fs::create_directory(folder.path("folder"));
  const StudyFolder study(folder.path().string());
  StudyOpener opener(study);
  EXPECT_EQ(opener.open("pipe").kind, "FIFO");
  EXPECT_EQ(opener.open("folder").kind, "folder");
  EXPECT_TRUE(opener.open("none").is_missing());
  EXPECT_TRUE(opener.open("none/none").is_missing());
}

TEST(StudyFolder, KnowsWhatLiesBelowIt) {
  const test::TemporaryFolder folder;
  fs::create_directory(folder.path("study"));
  fs::create_directory_symlink(folder.path("study"), folder.path("link"));
  EXPECT_TRUE(lies_below(folder.path("study/new"), folder.path("study")));
  EXPECT_TRUE(lies_below(folder.path("link/a/b"), folder.path("study")));
  EXPECT_TRUE(lies_below(folder.path("study"), folder.path("study")));
  EXPECT_FALSE(lies_below(folder.path("study.seal"), folder.path("study")));
  EXPECT_FALSE(lies_below(folder.path("study/../study.seal"), folder.path("study")));
}

}  // namespace
}  // namespace salus::trial

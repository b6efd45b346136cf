#include "trial/seal/study_secret.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "engine/error.h"
#include "tests/support/temporary_folder.h"

namespace salus::trial {
namespace {

TEST(StudySecret, IsReadAsItWasWrittenByItsOwnerOnly) {
  const test::TemporaryFolder folder;
  const StudySecret secret = StudySecret::generate();
  const std::string path = folder.path("study.secret");
  secret.save(path);
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_EQ(status.st_size, 65);
  EXPECT_TRUE(std::ranges::equal(StudySecret::load(path).bytes(), secret.bytes()));
}

TEST(StudySecret, IsAnotherEachTime) {
  EXPECT_FALSE(
      std::ranges::equal(StudySecret::generate().bytes(), StudySecret::generate().bytes()));
}

TEST(StudySecret, IsNeverOverwritten) {
  const test::TemporaryFolder folder;
  const std::string path = folder.write("study.secret", "precious");
  EXPECT_THROW(StudySecret::generate().save(path), Error);
  EXPECT_THROW(StudySecret::generate().save(folder.path("none/study.secret")), Error);
}

TEST(StudySecret, OfAnotherFormIsRefused) {
  const test::TemporaryFolder folder;
  const std::string good(64, '7');
  for (const std::string& text : {std::string(), good.substr(1), good + "7", good + "\n\n",
                                  "g" + good.substr(1), "A" + good.substr(1), good + "\n7"})
    EXPECT_THROW(StudySecret::load(folder.write("bad", text)), Error) << text;
  EXPECT_NO_THROW(StudySecret::load(folder.write("good", good)));
  EXPECT_THROW(StudySecret::load(folder.path("missing")), Error);
}

}  // namespace
}  // namespace salus::trial

// Records found by their values, by one thread and by several.
#include "trial/records/record_search.h"

#include <gtest/gtest.h>

#include <optional>

#include "engine/error.h"
#include "tests/trial/records/sealed_text.h"

namespace salus::trial {
namespace {

using test::joined;
using test::SealedFile;
using test::vital_signs;
using Records = std::vector<std::uint64_t>;

/// With a number of threads, of which 0 stands for a search without the index.
class RecordSearches : public testing::TestWithParam<unsigned> {
 protected:
  static Records find(const std::vector<Condition>& conditions, std::size_t limit) {
    return find(conditions, limit, file_->data_path());
  }
  static Records find(const std::vector<Condition>& conditions, std::size_t limit,
                      const std::string& path) {
    const RecordIndex index = file_->index();
    return find_records(test::open_to_read(path), {.path = SealedFile::kPath,
                                                   .canonical_form = file_->sealed().canonical_form,
                                                   .conditions = conditions,
                                                   .limit = limit,
                                                   .index = GetParam() == 0 ? nullptr : &index,
                                                   .threads = GetParam()});
  }
  static void SetUpTestSuite() { file_.emplace(joined(vital_signs(20'000))); }
  static void TearDownTestSuite() { file_.reset(); }

  inline static std::optional<SealedFile> file_;
};

TEST_P(RecordSearches, FindWhatMeetsAllConditions) {
  EXPECT_EQ(find({{"USUBJID", "01-701-2500"}, {"VSSEQ", "7"}}, 10), Records{15'006});
  EXPECT_TRUE(find({{"USUBJID", "nobody"}}, 3).empty());
  EXPECT_THROW(find({{"NOSUCH", "1"}}, 3), Error);
}

TEST_P(RecordSearches, GiveTheFirstOnesInOrder) {
  EXPECT_EQ(find({{"USUBJID", "01-701-1001"}}, 3), (Records{10, 11, 12}));
  const Records all = find({{"VSSEQ", "3"}}, 100'000);
  ASSERT_EQ(all.size(), 2000U);
  for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i], 10 * i + 2);
}

TEST_P(RecordSearches, OfAFileThatIsShorterByNowDoNotRunPastItsEnd) {
  const std::string path = file_->write(joined(vital_signs(30)));
  EXPECT_EQ(find({{"VSSEQ", "3"}}, 100, path), (Records{2, 12, 22}));
}

INSTANTIATE_TEST_SUITE_P(All, RecordSearches, testing::Values(0U, 1U, 2U, 5U),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace salus::trial

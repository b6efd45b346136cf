#include "trial/records/record_index.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "engine/error.h"
#include "engine/merkle/tree.h"
#include "tests/support/reference_tree.h"
#include "tests/trial/records/sealed_text.h"
#include "trial/records/csv/csv_records.h"

namespace salus::trial {
namespace {

using test::joined;
using test::SealedFile;
using test::vital_signs;

/// Leaves by the definitions, one record at a time.
std::vector<Digest> expected_leaves(const SealedFile& file) {
  const FileKey key(file.secret(), kCsvForm, SealedFile::kPath);
  const auto reader = open_csv(test::open_to_read(file.data_path()), "data");
  std::vector<Digest> leaves;
  for (RecordBatch batch; reader->next(batch);)
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const std::uint64_t record = batch.first + i;
      std::vector<Digest> digests;
      for (const Cell& cell : batch.record(i)) {
        const auto place = static_cast<std::uint32_t>(digests.size());
        digests.push_back(cell_digest(key.cell_salt(record, place), cell));
      }
      leaves.push_back(merkle::leaf_hash(merkle::TreeKind::rfc9162,
                                         record_entry(key.record_salt(record), record, digests)));
    }
  return leaves;
}

class RecordIndexOf : public testing::TestWithParam<std::size_t> {};

TEST_P(RecordIndexOf, LeadsFromEveryRecordToTheRootOfItsDefinition) {
  const std::size_t count = GetParam();
  const SealedFile file(joined(vital_signs(count)));
  EXPECT_EQ(file.sealed().count, count);
  const RecordIndex index = file.index();
  index.check();
  EXPECT_EQ(index.size(), count);
  EXPECT_EQ(index.root(), file.sealed().root);
  const std::vector<Digest> leaves = expected_leaves(file);
  ASSERT_EQ(leaves.size(), count);
  if (count == 0) {
    EXPECT_EQ(to_hex(index.root()),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    return;
  }
  EXPECT_EQ(test::ReferenceTree(merkle::TreeKind::rfc9162).root(leaves), index.root());
  for (std::uint64_t i = 0; i < count; i += 1 + count / 50) {
    EXPECT_EQ(index.leaf(i), leaves[i]);
    EXPECT_EQ(index.read_leaf(i), leaves[i]);
    EXPECT_TRUE(merkle::verify_inclusion(merkle::TreeKind::rfc9162, leaves[i], i, count,
                                         index.path(i), index.root()));
  }
  EXPECT_TRUE(merkle::verify_inclusion(merkle::TreeKind::rfc9162, leaves.back(), count - 1, count,
                                       index.path(count - 1), index.root()));
  EXPECT_THROW(static_cast<void>(index.leaf(count)), Error);
}

INSTANTIATE_TEST_SUITE_P(Sizes, RecordIndexOf,
                         testing::Values(0, 1, 2, 3, 4095, 4096, 4097, 8192, 12'289));

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What opening and checking an index of these bytes says; empty when nothing is wrong.
std::string fault_of(const SealedFile& file, std::string_view bytes) {
  try {
    RecordIndex(test::open_to_read(file.write(bytes)), "records/1").check();
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    return error.what();
  }
}

TEST(RecordIndex, AFlippedByteAnywhereIsTold) {
  for (const bool cells : {false, true}) {
    const SealedFile file(joined(vital_signs(9)), cells);
    const std::string whole = content_of(file.index_path());
    EXPECT_EQ(fault_of(file, whole), "");
    for (std::size_t i = 0; i < whole.size(); ++i) {
      std::string flipped = whole;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << i % 8));
      EXPECT_NE(fault_of(file, flipped).find("records/1"), std::string::npos) << "byte " << i;
    }
  }
}

TEST(RecordIndex, OneThatIsCutOffOrLongerIsTold) {
  const SealedFile file(joined(vital_signs(20)));
  const std::string whole = content_of(file.index_path());
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(fault_of(file, whole.substr(0, size)), "") << size;
  EXPECT_NE(fault_of(file, whole + '\0'), "");
}

TEST(RecordIndex, SaysWhenItIsOfAnotherVersion) {
  const SealedFile file(joined(vital_signs(1)));
  std::string other = content_of(file.index_path());
  other[other.find('/') + 1] = '2';
  EXPECT_NE(fault_of(file, other).find("another version"), std::string::npos);
  EXPECT_NE(fault_of(file, std::string(500, 'x')).find("no record index"), std::string::npos);
}

TEST(RecordIndex, IsTheSameHoweverManyThreadsMakeIt) {
  const std::string text = joined(vital_signs(30'000));
  const SealedFile one(text, true, kCsvForm, 1);
  const SealedFile four(text, true, kCsvForm, 4);
  EXPECT_EQ(one.sealed(), four.sealed());
  EXPECT_EQ(content_of(one.index_path()), content_of(four.index_path()));
}

TEST(RecordIndex, HoldsNoValueNoNameAndNothingThatCanBeGuessed) {
  const SealedFile file(joined(vital_signs(100)));
  const std::string bytes = content_of(file.index_path());
  for (const char* data : {"01-701", "SYSBP", "VSTESTCD", "USUBJID"})
    EXPECT_EQ(bytes.find(data), std::string::npos);
}

TEST(RecordSealing, EndsWithTheFaultOfAFileThatIsMalformed) {
  auto lines = vital_signs(50'000);
  lines[40'001] = "only one field";
  try {
    const SealedFile file(joined(lines));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_STREQ(error.what(), "sdtm/vs.csv: record 40000: has 1 fields, the header has 4");
  }
}

TEST(RecordSealing, StopsWhenItIsAskedTo) {
  const test::TemporaryFolder folder;
  const std::string path = folder.write("data", joined(vital_signs(50'000)));
  const auto secret = test::random_bytes(kStudySecretBytes, 1);
  RecordSealRequest request;
  request.canonical_form = kCsvForm;
  request.path = "data";
  std::stop_source stop;
  const files::Descriptor index(open(folder.path("index").c_str(), O_WRONLY | O_CREAT, 0600));
  engine::JobControl control{stop.get_token(),
                             [&](std::uint64_t, std::uint64_t) { stop.request_stop(); }};
  EXPECT_THROW(seal_records(test::open_to_read(path), index.number(), StudySecretBytes(secret),
                            request, control),
               Cancelled);
}

}  // namespace
}  // namespace salus::trial

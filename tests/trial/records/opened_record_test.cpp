#include "trial/records/opened_record.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "engine/error.h"
#include "engine/merkle/tree.h"
#include "tests/support/places.h"
#include "tests/trial/records/sealed_text.h"
#include "trial/records/record_reader.h"
#include "trial/records/xpt/xpt_records.h"

namespace salus::trial {
namespace {

using test::joined;
using test::SealedFile;
using test::vital_signs;

std::string pilot_data(const std::string& name) {
  std::ifstream file(salus::test::test_data("trial/cdiscpilot01/sdtm/") + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

OpenedRecord opened(const SealedFile& file, std::uint64_t record) {
  return open_record(test::open_to_read(file.data_path()), file.index(), file.secret(),
                     SealedFile::kPath, file.sealed(), record);
}

void expect_proven(const OpenedRecord& record, const RecordCommitment& sealed) {
  std::vector<Digest> digests;
  for (const OpenedCell& cell : record.cells) {
    EXPECT_EQ(cell_digest(cell.salt, {cell.name, cell.value}), cell.digest);
    digests.push_back(cell.digest);
  }
  EXPECT_EQ(record_entry(record.salt, record.record, digests), record.entry);
  EXPECT_TRUE(merkle::verify_inclusion(merkle::TreeKind::rfc9162,
                                       merkle::leaf_hash(merkle::TreeKind::rfc9162, record.entry),
                                       record.record, record.tree_size, record.path, sealed.root));
}

TEST(OpenedRecord, EveryRecordOfASmallDatasetIsProven) {
  for (const char* name : {"suppds.xpt", "ts.xpt"}) {
    const SealedFile file(pilot_data(name), true, kXpt5Form);
    for (std::uint64_t i = 0; i < file.sealed().count; ++i)
      expect_proven(opened(file, i), file.sealed());
    EXPECT_THROW(opened(file, file.sealed().count), Error);
  }
}

TEST(OpenedRecord, HasTheValuesOfTheData) {
  const SealedFile file(pilot_data("ae.xpt"), true, kXpt5Form);
  const OpenedRecord record = opened(file, 2);
  EXPECT_EQ(record.dataset, "AE");
  EXPECT_EQ(record.key, "USUBJID=01-701-1015 AESEQ=3");
  EXPECT_EQ(record.cells.at(5).name, "AETERM");
  EXPECT_EQ(record.cells.at(5).value, "DIARRHOEA");
}

TEST(OpenedRecord, IsFoundFarBehindTheBeginning) {
  const SealedFile file(joined(vital_signs(50'000)));
  for (const std::uint64_t i : {0U, 4095U, 4096U, 33'333U, 49'999U}) {
    const OpenedRecord record = opened(file, i);
    EXPECT_EQ(record.cells.at(0).value, "01-701-" + std::to_string(1000 + i / 10));
    EXPECT_EQ(record.cells.at(1).value, std::to_string(1 + i % 10));
    expect_proven(record, file.sealed());
  }
}

TEST(OpenedRecord, DataThatIsNotAsSealedIsRefused) {
  auto lines = vital_signs(100);
  const SealedFile file(joined(lines));
  lines[51].back() = 'x';
  const std::string other = file.write(joined(lines));
  const auto open_from_other = [&](std::uint64_t record) {
    return open_record(test::open_to_read(other), file.index(), file.secret(), SealedFile::kPath,
                       file.sealed(), record);
  };
  expect_proven(open_from_other(49), file.sealed());
  EXPECT_THROW(open_from_other(50), Error);
}

}  // namespace
}  // namespace salus::trial

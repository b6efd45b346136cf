#include "trial/records/xpt/xpt_records.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/places.h"
#include "tests/trial/records/read_records.h"
#include "tests/trial/records/readstat_reader.h"

namespace salus::trial {
namespace {

using test::read_records;
using test::read_text_records;
using test::SasTable;
using test::SasValue;

const std::string kSdtm = salus::test::test_data("trial/cdiscpilot01/sdtm/");

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void expect_same_value(const std::string& text, const SasValue& value) {
  if (const auto* expected = std::get_if<std::string>(&value))
    EXPECT_EQ(text, *expected);
  else if (const auto* number = std::get_if<double>(&value))
    EXPECT_EQ(std::stod(text), *number);
  else if (std::get<char>(value) == '.')
    EXPECT_EQ(text, ".");
  else
    EXPECT_EQ(text, std::string(".") + std::get<char>(value));
}

void expect_same_table(const test::ReadRecords& read, const SasTable& expected) {
  EXPECT_EQ(read.failure, "");
  ASSERT_EQ(read.records.size(), expected.rows.size());
  for (std::size_t i = 0; i < read.records.size(); ++i) {
    ASSERT_EQ(read.records[i].size(), expected.names.size());
    for (std::size_t k = 0; k < expected.names.size(); ++k) {
      EXPECT_EQ(read.records[i][k].first, expected.names[k]);
      expect_same_value(read.records[i][k].second, expected.rows[i][k]);
    }
  }
}

TEST(XptRecords, AreWhatReadStatReadsFromThePilotStudy) {
  for (const char* dataset : {"ae", "dm", "suppds", "ts"}) {
    const std::string path = kSdtm + dataset + ".xpt";
    expect_same_table(read_records(open_xpt5, path), test::readstat_read(path));
  }
  EXPECT_EQ(read_records(open_xpt5, kSdtm + "ae.xpt").dataset, "AE");
}

SasTable made_table() {
  SasTable table;
  table.names = {"USUBJID", "A_NAME_OF_MORE_THAN_EIGHT", "VALUE"};
  for (int i = 0; i < 1000; ++i)
    table.rows.push_back({"SUBJECT-" + std::to_string(i), std::string(i % 7U, 'x'),
                          i % 5 == 0   ? SasValue('.')
                          : i % 7 == 0 ? SasValue('Q')
                                       : SasValue(i / 8.0)});
  return table;
}

TEST(XptRecords, OfVersion8AreWhatReadStatWrote) {
  const test::TemporaryFolder folder;
  const SasTable table = made_table();
  test::readstat_write(folder.path("table.xpt"), table, 8);
  expect_same_table(read_records(open_xpt8, folder.path("table.xpt")), table);
}

/// Of version 5, with this many variables of which the last alone has a byte, an "x" in each
/// observation.
std::string file_of_empty_variables(std::size_t variables, std::size_t observations) {
  const auto padded = [](std::string text) {
    text.resize((text.size() + 79) / 80 * 80, ' ');
    return text;
  };
  const auto header = [&](const std::string& name, const std::string& numbers) {
    return padded("HEADER RECORD*******" + name + "HEADER RECORD!!!!!!!" + numbers);
  };
  const std::string zeros(30, '0');
  const std::string count = std::to_string(variables);
  std::string namestrs;
  for (std::size_t i = 0; i < variables; ++i) {
    std::string namestr(140, '\0');
    namestr[1] = 2;
    namestr[5] = i + 1 == variables ? '\1' : '\0';
    namestrs += namestr.replace(8, 8, "V       ");
  }
  return header("LIBRARY ", zeros) + padded("SAS") + padded("SAS") +
         header("MEMBER  ", "000000000000000001600000000140") + header("DSCRPTR ", zeros) +
         padded("SAS     WIDE    ") + padded("SAS") +
         header("NAMESTR ", std::string(10 - count.size(), '0') + count) + padded(namestrs) +
         header("OBS     ", zeros) + padded(std::string(observations, 'x'));
}

TEST(XptRecords, OfVariablesWithoutBytesComeInBatchesThatFitIntoMemory) {
  constexpr std::size_t kVariables = 32'767;
  constexpr std::size_t kObservations = 400;
  const test::TemporaryFolder folder;
  const std::string path =
      folder.write("wide.xpt", file_of_empty_variables(kVariables, kObservations));
  const auto reader = open_xpt5(test::open_file(path), "wide.xpt");
  std::size_t records = 0;
  for (RecordBatch batch; reader->next(batch); records += batch.size()) {
    EXPECT_LE(batch.cells.size(), std::size_t{1} << 20);
    ASSERT_EQ(batch.cells.size(), batch.size() * kVariables);
    EXPECT_EQ(batch.cells.front().value, "");
    EXPECT_EQ(batch.cells.back().value, "x");
    EXPECT_EQ(batch.first, records);
  }
  EXPECT_EQ(records, kObservations);
}

TEST(XptRecords, TellVersionsApart) {
  const test::TemporaryFolder folder;
  test::readstat_write(folder.path("8.xpt"), made_table(), 8);
  EXPECT_EQ(xpt_form_of(content_of(kSdtm + "ts.xpt").substr(0, 80)), kXpt5Form);
  EXPECT_EQ(xpt_form_of(content_of(folder.path("8.xpt")).substr(0, 80)), kXpt8Form);
  EXPECT_EQ(xpt_form_of("USUBJID,AESEQ\n"), "");
  EXPECT_NE(read_records(open_xpt8, kSdtm + "ts.xpt").failure, "");
  EXPECT_NE(read_records(open_xpt5, folder.path("8.xpt")).failure, "");
}

TEST(XptRecords, ASetOfDatasetsInOneFileIsReadOneAfterTheOther) {
  constexpr std::size_t kLibraryHeader = 240;
  const std::string ts = content_of(kSdtm + "ts.xpt");
  const std::string dm = content_of(kSdtm + "dm.xpt");
  const auto both = read_text_records(open_xpt5, ts + dm.substr(kLibraryHeader));
  EXPECT_EQ(both.failure, "");
  EXPECT_EQ(both.dataset, "DM");
  auto expected = read_records(open_xpt5, kSdtm + "ts.xpt").records;
  for (auto& record : read_records(open_xpt5, kSdtm + "dm.xpt").records)
    expected.push_back(std::move(record));
  EXPECT_EQ(both.records, expected);
}

TEST(XptRecords, GoOnFromAnyBatch) {
  const std::string path = kSdtm + "ae.xpt";
  const auto all = read_records(open_xpt5, path).records;
  const auto first = open_xpt5(test::open_file(path), "ae.xpt");
  RecordBatch batch;
  ASSERT_TRUE(first->next(batch));
  ASSERT_NE(batch.offset, RecordBatch::kNoOffset);
  const std::size_t length = (std::filesystem::file_size(path) - batch.offset) / all.size();
  for (const std::size_t record : {0UL, 1UL, 500UL, all.size() - 1}) {
    const auto reader = open_xpt5(test::open_file(path), "ae.xpt");
    ASSERT_TRUE(reader->resume(record, batch.offset + record * length));
    RecordBatch rest;
    ASSERT_TRUE(reader->next(rest));
    EXPECT_EQ(rest.first, record);
    for (std::size_t i = 0; i < all[record].size(); ++i)
      EXPECT_EQ(rest.record(0)[i].value, all[record][i].second);
  }
  EXPECT_FALSE(open_xpt5(test::open_file(path), "ae.xpt")->resume(1, batch.offset));
}

TEST(XptRecords, AFileThatIsCutOffAnywhereIsTold) {
  const std::string whole = content_of(kSdtm + "suppds.xpt");
  const auto records = read_text_records(open_xpt5, whole).records.size();
  constexpr std::size_t kBegin = 2160;  // of the observations
  constexpr std::size_t kLength = 881;
  for (std::size_t size = 0; size + 1 < whole.size(); size += size < 2000 ? 7 : 40) {
    const auto read = read_text_records(open_xpt5, whole.substr(0, size));
    const std::size_t there = size < kBegin ? 0 : (size - kBegin) / kLength;
    EXPECT_EQ(read.records.size(), there) << size;
    // Only a cut between two observations that fill whole records of 80 bytes cannot be seen.
    if (read.failure.empty()) {
      EXPECT_EQ(size % 80, 0U);
      EXPECT_LT(read.records.size(), records);
    }
  }
  EXPECT_NE(read_text_records(open_xpt5, whole.substr(0, whole.size() - 1)).failure.find("cut off"),
            std::string::npos);
}

TEST(XptRecords, AHeaderThatContradictsItselfIsAnError) {
  const std::string whole = content_of(kSdtm + "suppds.xpt");
  const auto with = [&](std::size_t at, std::string_view bytes) {
    std::string changed = whole;
    changed.replace(at, bytes.size(), bytes);
    return read_text_records(open_xpt5, changed).failure;
  };
  constexpr std::size_t kNamestr = 640;
  EXPECT_NE(with(240 + 73, "00139"), "");                               // bytes of a NAMESTR
  EXPECT_NE(with(560 + 53, "99999"), "");                               // variables
  EXPECT_NE(with(560 + 53, "x0010"), "");                               // a number that is none
  EXPECT_NE(with(kNamestr, std::string_view("\0\3", 2)), "");           // neither text nor number
  EXPECT_NE(with(kNamestr + 4, std::string_view("\0\7", 2)), "");       // its length
  EXPECT_NE(with(kNamestr + 84, std::string_view("\0\0\0\1", 4)), "");  // its position
  EXPECT_NE(with(240, "HEADER RECORD*******MEMBXX  "), "");
}

}  // namespace
}  // namespace salus::trial

#include "trial/records/csv/csv_records.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/trial/records/read_records.h"

namespace salus::trial {
namespace {

using test::read_text_records;
using test::Record;
using Records = std::vector<Record>;

test::ReadRecords read(std::string_view text) { return read_text_records(open_csv, text); }

const Records kTwo = {{{"a", "1"}, {"b", "2"}}, {{"a", "3"}, {"b", "4"}}};

TEST(CsvRecords, LineEndsDelimitersAndByteOrderMarksAreNoPartOfThem) {
  for (const char* text :
       {"a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4\r\n", "a,b\n1,2\n3,4", "a;b\n1;2\n3;4\n",
        "a\tb\n1\t2\n3\t4\n",
        "\xef\xbb\xbf"
        "a,b\n1,2\n3,4\n",
        "\"a\",\"b\"\r\n\"1\",2\r\n3,\"4\"", "\xef\xbb\xbf\"a\";\"b\"\n1;2\n\"3\";4"}) {
    const auto result = read(text);
    EXPECT_EQ(result.failure, "") << text;
    EXPECT_EQ(result.records, kTwo) << text;
  }
}

// The rules of RFC 4180, section 2, in its own order.
TEST(CsvRecords, FollowRfc4180) {
  EXPECT_EQ(read("f\naaa\n").records, (Records{{{"f", "aaa"}}}));
  EXPECT_EQ(read("x,y\n \" a\n").failure.empty(), false);
  EXPECT_EQ(read("x,y\n a , b \n").records, (Records{{{"x", " a "}, {"y", " b "}}}));
  EXPECT_EQ(read("x,y\n\"b \r\nbb\",\"c,cc\"\n").records,
            (Records{{{"x", "b \r\nbb"}, {"y", "c,cc"}}}));
  EXPECT_EQ(read("x,y\n\"b\"\"bb\",\"\"\"\"\n").records, (Records{{{"x", "b\"bb"}, {"y", "\""}}}));
  EXPECT_EQ(read("x,y\n,\n\"\",\"\"\n").records,
            (Records{{{"x", ""}, {"y", ""}}, {{"x", ""}, {"y", ""}}}));
}

TEST(CsvRecords, OneColumnHasOneFieldInEveryLine) {
  EXPECT_EQ(read("x\n\n1\n").records, (Records{{{"x", ""}}, {{"x", "1"}}}));
}

TEST(CsvRecords, HaveSoManyFieldsAndNoMore) {
  const auto row = [](std::size_t fields) { return std::string(fields - 1, ',') + '\n'; };
  EXPECT_EQ(read(row(kMaxCsvFields)).failure, "");
  const auto result = read(row(kMaxCsvFields + 1));
  EXPECT_NE(result.failure.find("more than 1048576 fields"), std::string::npos) << result.failure;
}

TEST(CsvRecords, ACarriageReturnAloneIsPartOfAField) {
  EXPECT_EQ(read("x,y\n1\r,2\r3\n").records, (Records{{{"x", "1\r"}, {"y", "2\r3"}}}));
}

TEST(CsvRecords, AHeaderAloneHasNoRecords) {
  for (const char* text : {"a,b", "a,b\n", "a,b\r\n"}) {
    EXPECT_EQ(read(text).failure, "");
    EXPECT_TRUE(read(text).records.empty());
  }
}

TEST(CsvRecords, WhatIsMalformedIsNamedByItsRecord) {
  const auto failure = [](std::string_view text) { return read(text).failure; };
  EXPECT_EQ(failure("a,b\n1,2\n3\n"), "the file: record 1: has 1 fields, the header has 2");
  EXPECT_EQ(failure("a,b\n1,2,3\n"), "the file: record 0: has 3 fields, the header has 2");
  EXPECT_EQ(failure("a,b\n1,2\n\n"), "the file: record 1: has 1 fields, the header has 2");
  EXPECT_EQ(failure("a,b\n1,\"2\n"), "the file: record 0: a quote that is not closed");
  EXPECT_EQ(failure("a,b\n1,\"2\"x\n"), "the file: record 0: text behind a closing quote");
  EXPECT_EQ(failure("a,b\n1,2\"\n"),
            "the file: record 0: a quote within a field that does not begin with one");
  EXPECT_EQ(failure("\"a,b\n"), "the file: header: a quote that is not closed");
}

TEST(CsvRecords, BeforeAMalformedOneAreDelivered) {
  EXPECT_EQ(read("a,b\n1,2\n3\n").records, (Records{{{"a", "1"}, {"b", "2"}}}));
  EXPECT_EQ(read("a,b\n1,2\n3,\"4\n").records.size(), 1U);
}

TEST(CsvRecords, ARecordMayBeLongButNotWithoutEnd) {
  const std::string long_value(3'000'000, 'x');
  EXPECT_EQ(read("a,b\n1,\"" + long_value + "\"\n").records,
            (Records{{{"a", "1"}, {"b", long_value}}}));
  const std::string too_long(kMaxCsvRecord + 1'000'000, 'x');
  EXPECT_NE(read("a,b\n1,\"" + too_long).failure.find("16 MiB"), std::string::npos);
}

std::string quoted(const std::string& value, bool always) {
  if (!always && value.find_first_of(",;\t\"\r\n") == std::string::npos) return value;
  std::string out = "\"";
  for (const char c : value) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

/// Records of arbitrary bytes, and a file that holds them.
struct MadeFile {
  Records records;
  std::string text;
};
MadeFile made_file(std::uint32_t seed, std::size_t count, char delimiter) {
  constexpr std::string_view kLetters =
      "ab,;\t\"\r\n\xff \0x"
      "yz";
  std::mt19937 random(seed);
  MadeFile out;
  out.text = std::string("first") + delimiter + "second" + delimiter + "third\n";
  for (std::size_t i = 0; i < count; ++i) {
    Record& record = out.records.emplace_back();
    for (const char* name : {"first", "second", "third"}) {
      std::string value;
      for (std::size_t size = random() % 40; size > 0; --size)
        value += kLetters[random() % kLetters.size()];
      if (!record.empty()) out.text += delimiter;
      out.text += quoted(value, random() % 3 == 0);
      record.emplace_back(name, value);
    }
    out.text += random() % 2 == 0 ? "\n" : "\r\n";
  }
  return out;
}

TEST(CsvRecords, WhateverIsWrittenIsReadBack) {
  for (const char delimiter : {',', ';', '\t'}) {
    const MadeFile file = made_file(static_cast<std::uint8_t>(delimiter), 20'000, delimiter);
    const auto result = read(file.text);
    EXPECT_EQ(result.failure, "");
    EXPECT_EQ(result.records, file.records);
  }
}

TEST(CsvRecords, GoOnFromAnyBatch) {
  const MadeFile file = made_file(9, 20'000, ';');
  const test::TemporaryFolder folder;
  const std::string path = folder.write("records.csv", file.text);
  const auto reader = open_csv(test::open_file(path), "records.csv");
  std::size_t batches = 0;
  for (RecordBatch batch; reader->next(batch); ++batches) {
    const auto again = open_csv(test::open_file(path), "records.csv");
    ASSERT_TRUE(again->resume(batch.first, batch.offset));
    RecordBatch other;
    ASSERT_TRUE(again->next(other));
    EXPECT_EQ(other.first, batch.first);
    EXPECT_EQ(other.offset, batch.offset);
    EXPECT_EQ(other.cells, batch.cells);
  }
  EXPECT_GT(batches, 2U);
}

TEST(CsvRecords, AreToldByTheNameAndByBeingText) {
  EXPECT_EQ(csv_form_of("sdtm/ae.csv", "a,b\n"), kCsvForm);
  EXPECT_EQ(csv_form_of("AE.TSV", "a\tb\n"), kCsvForm);
  EXPECT_EQ(csv_form_of("ae.txt", "a,b\n"), "");
  EXPECT_EQ(csv_form_of(".csv", "a,b\n"), "");
  EXPECT_EQ(csv_form_of("ae.csv", std::string_view("a\0b", 3)), "");
}

}  // namespace
}  // namespace salus::trial

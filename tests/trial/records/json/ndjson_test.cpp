#include <gtest/gtest.h>

#include "tests/trial/records/read_records.h"
#include "trial/records/json/json_records.h"

namespace salus::test {
namespace {

ReadRecords read(std::string_view text) { return read_text_records(trial::open_ndjson, text); }

TEST(Ndjson, MakesCellsOfMembersInCanonicalOrder) {
  const ReadRecords read_back = read(
      "\xEF\xBB\xBF{\"USUBJID\":\"01\",\"AESEQ\":1.0,\"AETERM\":null}\r\n\n{}\n{\"x\":{\"b\":1,"
      "\"a\":[]}}");
  EXPECT_EQ(read_back.failure, "");
  ASSERT_EQ(read_back.records.size(), 3U);
  EXPECT_EQ(read_back.records[0],
            (Record{{"AESEQ", "1"}, {"AETERM", "null"}, {"USUBJID", "\"01\""}}));
  EXPECT_EQ(read_back.records[1], Record{});
  EXPECT_EQ(read_back.records[2], (Record{{"x", "{\"a\":[],\"b\":1}"}}));
}

TEST(Ndjson, TellsTheLineThatIsWrongAndKeepsThoseBeforeIt) {
  const ReadRecords read_back = read("{\"a\":1}\n\n{\"a\":2}\n{\"a\":}\n{\"a\":4}\n");
  EXPECT_EQ(read_back.records.size(), 2U);
  EXPECT_EQ(read_back.failure, "the file: line 4: not JSON at byte 6 of it");
  EXPECT_EQ(read("[1]\n").failure, "the file: line 1: not an object");
  EXPECT_EQ(read("{}\n{} {}\n").failure.substr(0, 25), "the file: line 2: not JSO");
}

TEST(Ndjson, BoundsALine) {
  const std::string line = "{\"a\":\"" + std::string(trial::kMaxJsonRecord, 'x') + "\"}\n";
  EXPECT_EQ(read(line).failure, "the file: line 1: more than 16 MiB");
}

TEST(Ndjson, GoesThroughManyBatches) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "{\"i\":" + std::to_string(i) + "}\n";
  const ReadRecords read_back = read(text);
  ASSERT_EQ(read_back.records.size(), 20'000U);
  for (int i = 0; i < 20'000; ++i)
    ASSERT_EQ(read_back.records[static_cast<std::size_t>(i)], (Record{{"i", std::to_string(i)}}));
}

TEST(Ndjson, GoesOnWhereABatchBegan) {
  const TemporaryFolder folder;
  std::string text = "\xEF\xBB\xBF";
  for (int i = 0; i < 9'000; ++i) text += "{\"i\":" + std::to_string(i) + "}\r\n";
  const std::string path = folder.write("many", text);
  const auto reader = trial::open_ndjson(open_file(path), "many");
  trial::RecordBatch batch;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> places;
  while (reader->next(batch)) places.emplace_back(batch.first, batch.offset);
  ASSERT_GE(places.size(), 2U);
  for (const auto& [record, offset] : places) {
    const auto again = trial::open_ndjson(open_file(path), "many");
    ASSERT_TRUE(again->resume(record, offset));
    ASSERT_TRUE(again->next(batch));
    EXPECT_EQ(batch.first, record);
    EXPECT_EQ(batch.record(0)[0].value, std::to_string(record));
  }
  EXPECT_FALSE(trial::open_ndjson(open_file(path), "many")->resume(1, places[1].second + 1));
  EXPECT_FALSE(trial::open_ndjson(open_file(path), "many")->resume(1, text.size() + 10));
}

TEST(Ndjson, LetsAnEarlierBatchStandWhileTheNextIsRead) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 9'000; ++i) text += "{\"i\":" + std::to_string(i) + "}\n";
  const auto reader = trial::open_ndjson(open_file(folder.write("many", text)), "many");
  trial::RecordBatch first;
  trial::RecordBatch second;
  ASSERT_TRUE(reader->next(first));
  ASSERT_TRUE(reader->next(second));
  EXPECT_EQ(first.record(0)[0].value, "0");
  EXPECT_EQ(second.first, first.size());
  EXPECT_EQ(second.record(0)[0].value, std::to_string(first.size()));
}

}  // namespace
}  // namespace salus::test

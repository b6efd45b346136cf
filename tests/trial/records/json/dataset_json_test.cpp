// CDISC's own examples, read in both forms and held against a JSON library.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/places.h"
#include "tests/trial/records/read_records.h"
#include "trial/records/json/json_records.h"

namespace salus::test {
namespace {

using nlohmann::json;

std::string example(const std::string& name) {
  return salus::test::test_data("trial/datasetjson/") + name;
}

ReadRecords read(std::string_view text) {
  return read_text_records(trial::open_dataset_json, text);
}
ReadRecords read_lines(std::string_view text) {
  return read_text_records(trial::open_dataset_ndjson, text);
}

TEST(DatasetJson, GivesTheValuesOfTheExamples) {
  for (const char* const name : {"dm", "suppdm"}) {
    const std::string path = example(std::string(name) + ".json");
    const ReadRecords read_back = read_records(trial::open_dataset_json, path);
    EXPECT_EQ(read_back.failure, "");
    std::ifstream stream(path);
    const json document = json::parse(stream);
    EXPECT_EQ(read_back.dataset, document["name"].get<std::string>());
    std::vector<Record> expected;
    for (const json& row : document["rows"]) {
      Record& record = expected.emplace_back();
      for (std::size_t i = 0; i < row.size(); ++i)
        record.emplace_back(document["columns"][i]["name"], row[i].dump());
    }
    EXPECT_FALSE(expected.empty());
    EXPECT_EQ(read_back.records, expected);
  }
}

TEST(DatasetJson, HasTheSameRecordsInLines) {
  for (const char* const name : {"dm", "suppdm"}) {
    const auto whole = read_records(trial::open_dataset_json, example(std::string(name) + ".json"));
    const auto lines =
        read_records(trial::open_dataset_ndjson, example(std::string(name) + ".ndjson"));
    EXPECT_EQ(lines.failure, "");
    EXPECT_EQ(lines.records, whole.records);
    EXPECT_EQ(lines.dataset, whole.dataset);
  }
}

constexpr const char* kColumns = R"("columns":[{"name":"A"},{"name":"B"}])";
constexpr const char* kVersion = R"("datasetJSONVersion":"1.1.0")";

TEST(DatasetJson, TakesMembersInAnyOrder) {
  const std::string rows = R"("rows":[[1,"x"],[null,2.50]])";
  const std::vector<Record> expected = {{{"A", "1"}, {"B", "\"x\""}},
                                        {{"A", "null"}, {"B", "2.5"}}};
  for (const std::string& text :
       {fmt::format("{{{},{},{}}}", kVersion, kColumns, rows),
        fmt::format("{{{},{},{}}}", rows, kColumns, kVersion),
        fmt::format("{{\"records\":2,{},{},\"more\":[{{}}],{}}}", rows, kVersion, kColumns)}) {
    const ReadRecords read_back = read(text);
    EXPECT_EQ(read_back.failure, "") << text;
    EXPECT_EQ(read_back.records, expected) << text;
  }
}

TEST(DatasetJson, NamesWhatIsWrong) {
  const auto failure = [](const std::string& members) { return read("{" + members + "}").failure; };
  const std::string both = std::string(kVersion) + "," + kColumns;
  EXPECT_EQ(failure(both + R"(,"rows":[[1,2],[1]])"), "the file: row 1: 1 values for 2 columns");
  EXPECT_EQ(failure(both + R"(,"rows":[[1,2],{"A":1}])"), "the file: row 1: not an array");
  EXPECT_EQ(failure(both + R"(,"rows":[[1,2],[1,tru]])"),
            "the file: row 1: not JSON at byte 7 of it");
  EXPECT_EQ(failure(both + R"(,"records":3,"rows":[[1,2]])"),
            "the file: 1 rows, where records says 3");
  EXPECT_EQ(failure(both + R"(,"rows":[[1,2]],"records":0)"),
            "the file: 1 rows, where records says 0");
  EXPECT_EQ(failure(both + R"(,"rows":[],"rows":[])"), "the file: a member's name is there twice");
  EXPECT_EQ(failure(both), "the file: rows is missing");
  EXPECT_EQ(failure(std::string(kVersion) + R"(,"rows":[])"), "the file: columns is missing");
  EXPECT_EQ(failure(std::string(kColumns) + R"(,"rows":[])"),
            "the file: datasetJSONVersion is missing");
  EXPECT_EQ(failure(std::string(kColumns) + R"(,"datasetJSONVersion":"1.0.0","rows":[])"),
            "the file: datasetJSONVersion is not 1.1");
  EXPECT_EQ(failure(R"("columns":[{"name":"A"},{"name":"A"}])"),
            "the file: two columns have the same name");
  EXPECT_EQ(failure(R"("columns":[{"label":"A"}])"), "the file: a column has no name");
  EXPECT_EQ(failure(R"("columns":[])"), "the file: columns is not an array of 1 to 65536 columns");
}

TEST(DatasetJson, TellsATruncatedFile) {
  std::ifstream stream(example("dm.json"));
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  for (std::size_t size = 0; size + 1 < text.size(); size += 97)
    EXPECT_NE(read(std::string_view(text).substr(0, size)).failure, "") << size;
}

TEST(DatasetNdjson, NamesWhatIsWrong) {
  const std::string header = fmt::format("{{{},{},\"records\":2}}\n", kVersion, kColumns);
  EXPECT_EQ(read_lines(header + "[1,2]\n[3,4]\n").records.size(), 2U);
  EXPECT_EQ(read_lines(header + "[1,2]\n").failure, "the file: 1 rows, where records says 2");
  EXPECT_EQ(read_lines(header + "[1,2]\n[3]\n").failure,
            "the file: line 3: 1 values for 2 columns");
  EXPECT_EQ(read_lines("[1,2]\n").failure, "the file: line 1: not an object");
  EXPECT_EQ(read_lines("").failure, "the file: datasetJSONVersion is missing");
  EXPECT_EQ(read_lines("{}\n").failure, "the file: line 1: datasetJSONVersion is missing");
}

}  // namespace
}  // namespace salus::test

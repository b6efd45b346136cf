#include <gtest/gtest.h>

#include "tests/support/places.h"
#include "tests/trial/records/read_records.h"
#include "trial/records/json/json_records.h"

namespace salus::test {
namespace {

ReadRecords read(std::string_view text) { return read_text_records(trial::open_fhir_bundle, text); }

TEST(FhirBundle, MakesARecordOfEachEntry) {
  const ReadRecords read_back = read_records(
      trial::open_fhir_bundle, salus::test::test_data("trial/fhir/bundle-example.json"));
  EXPECT_EQ(read_back.failure, "");
  ASSERT_EQ(read_back.records.size(), 2U);
  const Record& second = read_back.records[1];
  ASSERT_EQ(second.size(), 5U);
  EXPECT_EQ(second[0], (std::pair<std::string, std::string>(
                           "fullUrl", "\"https://example.com/base/Medication/example\"")));
  EXPECT_EQ(second[1].first, "resource.id");
  EXPECT_EQ(second[1].second, "\"example\"");
  EXPECT_EQ(second[2].second, "\"Medication\"");
  EXPECT_EQ(second[4], (std::pair<std::string, std::string>("search", "{\"mode\":\"include\"}")));
}

TEST(FhirBundle, KeepsThePrecisionOfDecimals) {
  const auto value = [](const std::string& number) {
    return read(R"({"resourceType":"Bundle","entry":[{"resource":{"v":)" + number + "}}]}")
        .records.at(0)
        .at(0)
        .second;
  };
  EXPECT_EQ(value("1.0"), "1.0");
  EXPECT_EQ(value("1.00"), "1.00");
  EXPECT_EQ(value("{\"value\":0.010}"), "{\"value\":0.010}");
}

TEST(FhirBundle, TakesTheTypeAfterTheEntriesAndABundleWithoutAny) {
  const ReadRecords behind = read(R"({"entry":[{"fullUrl":"u"}],"resourceType":"Bundle"})");
  EXPECT_EQ(behind.failure, "");
  EXPECT_EQ(behind.records.size(), 1U);
  EXPECT_EQ(read(R"({"resourceType":"Bundle","type":"batch"})").failure, "");
}

TEST(FhirBundle, NamesWhatIsWrong) {
  const auto failure = [](const std::string& entries) {
    return read(R"({"resourceType":"Bundle","entry":[)" + entries + "]}").failure;
  };
  EXPECT_EQ(failure("{},1"), "the file: entry 1: not an object");
  EXPECT_EQ(failure("{\"resource\":1}"),
            "the file: entry 0: a resource that is not an object with members");
  EXPECT_EQ(failure("{\"resource\":{}}"),
            "the file: entry 0: a resource that is not an object with members");
  EXPECT_EQ(failure("{\"resource.id\":1}"), "the file: entry 0: a dot in a member's name");
  EXPECT_EQ(read(R"({"entry":[]})").failure, "the file: its resourceType is not Bundle");
  EXPECT_EQ(read(R"({"resourceType":"Bundle","entry":[],"entry":[]})").failure,
            "the file: a member's name is there twice");
}

}  // namespace
}  // namespace salus::test

#include <gtest/gtest.h>

#include "trial/records/json/json_records.h"

namespace salus::test {
namespace {

using namespace trial;

TEST(JsonForm, IsToldByExtensionAndBeginning) {
  EXPECT_EQ(json_form_of("a.ndjson", R"({"a":1})"), kNdjsonForm);
  EXPECT_EQ(json_form_of("a.JSONL", "\n {\"a\":1}\n{"), kNdjsonForm);
  EXPECT_EQ(json_form_of("a.ndjson", R"({"x":{"y":[1]},"datasetJSONVersion":"1.1.0"})"),
            kDatasetNdjsonForm);
  EXPECT_EQ(json_form_of("a.json", R"({"datasetJSONVersion" : "1.1.0","col)"), kDatasetJsonForm);
  EXPECT_EQ(json_form_of("b.json", R"({ "resourceType" : "Bundle", "entry":[{"resourceT)"),
            kFhirBundleForm);
  EXPECT_EQ(json_form_of("b.json", "\xEF\xBB\xBF{\"resourceType\":\"Bundle\"}"), kFhirBundleForm);
}

TEST(JsonForm, IsNoneWhereItIsNotCertain) {
  EXPECT_EQ(json_form_of("a.json", R"({"a":{"datasetJSONVersion":"1.1.0"}})"), "");
  EXPECT_EQ(json_form_of("a.json", R"({"a":"datasetJSONVersion"})"), "");
  EXPECT_EQ(json_form_of("a.json", R"({"resourceType":"Patient"})"), "");
  EXPECT_EQ(json_form_of("a.json", R"({"entry":[{"resourceType":"Bundle"}]})"), "");
  EXPECT_EQ(json_form_of("a.txt", R"({"datasetJSONVersion":"1.1.0"})"), "");
  EXPECT_EQ(json_form_of(".json", R"({"datasetJSONVersion":"1.1.0"})"), "");
  EXPECT_EQ(json_form_of("a.ndjson", "[1]"), "");
  EXPECT_EQ(json_form_of("a.ndjson", ""), "");
  EXPECT_EQ(json_form_of("a.json", "{\"x"), "");
}

}  // namespace
}  // namespace salus::test

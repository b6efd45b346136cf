#include "trial/records/json/json_document.h"

#include <gtest/gtest.h>

#include "engine/error.h"
#include "tests/trial/records/read_records.h"

namespace salus::test {
namespace {

using trial::JsonDocument;

/// What the document says of `text`: names, values, elements, or how it fails.
std::string walk(std::string_view text, std::size_t max_value = 1 << 20) {
  const TemporaryFolder folder;
  std::string out;
  try {
    JsonDocument document(open_file(folder.write("document", text)), max_value);
    while (const auto name = document.next_member()) {
      out += *name + "=";
      if (*name == "rows") {
        document.enter_array();
        while (const auto element = document.next_element())
          out += "<" + std::string(*element) + ">";
      } else if (*name != "skip") {
        out += document.value();
      }
      out += ";";
    }
  } catch (const Error& error) {
    out += std::string("!") + error.what();
  }
  return out;
}

TEST(JsonDocument, GivesMembersAndElementsOneByOne) {
  EXPECT_EQ(walk("{}"), "");
  EXPECT_EQ(walk(R"( { "a" : 1 , "\u0062" : { "x" : [ 1 , 2 ] } } )"), R"(a=1;b={"x":[1 ,2 ]};)");
  EXPECT_EQ(walk(R"({"rows":[[1,"],["],{"k":"}"},3]})"), R"(rows=<[1,"],["]><{"k":"}"}><3>;)");
  EXPECT_EQ(walk(R"({"rows":[],"skip":{"a":["\"]"]},"z":true})"), "rows=;skip=;z=true;");
  EXPECT_EQ(walk("\xEF\xBB\xBF{\"a\":null}"), "a=null;");
}

TEST(JsonDocument, FindsWhereValuesEndAcrossWindows) {
  const std::string number(300'000, '7');
  const std::string text(300'000, 'x');
  EXPECT_EQ(walk("{\"a\":" + number + ",\"b\":\"" + text + "\\\"\"}"),
            "a=" + number + ";b=\"" + text + "\\\"\";");
}

TEST(JsonDocument, DoesNotGlueValuesTogether) {
  EXPECT_EQ(walk("{\"a\":[1 2]}"), "a=[1 2];");
  EXPECT_EQ(walk("{\"a\":1 2}"), "a=1;!byte 7: a comma is expected");
}

TEST(JsonDocument, NamesTheByteThatIsWrong) {
  EXPECT_EQ(walk(""), "!byte 0: an object is expected");
  EXPECT_EQ(walk("[1]"), "!byte 0: an object is expected");
  EXPECT_EQ(walk("{\"a\":1"), "a=1;!byte 6: a comma is expected");
  EXPECT_EQ(walk("{\"a\":1,}"), "a=1;!byte 7: a member's name is expected");
  EXPECT_EQ(walk("{\"a\" 1}"), "!byte 5: a colon is expected");
  EXPECT_EQ(walk("{\"a\":}"), "a=!byte 5: a value is missing");
  EXPECT_EQ(walk("{\"rows\":[1,]}"), "rows=<1>!byte 11: a value is missing");
  EXPECT_EQ(walk("{\"rows\":{}}"), "rows=!byte 8: an array is expected");
  EXPECT_EQ(walk("{} x"), "!byte 3: something behind the end of the object");
  EXPECT_EQ(walk("{\"a\":\"x"), "a=!byte 7: the file ends within a string");
  EXPECT_EQ(walk("{\"a\":[[]"), "a=!byte 8: the file ends within a value");
  EXPECT_EQ(walk("{\"a\":\"" + std::string(2 << 20, 'x') + "\"}").substr(0, 8), "a=!byte ");
}

TEST(JsonDocument, BeginsAgain) {
  const TemporaryFolder folder;
  JsonDocument document(open_file(folder.write("document", R"({"a":[1,2],"b":2})")), 100);
  EXPECT_EQ(document.next_member(), "a");
  EXPECT_EQ(document.next_member(), "b");
  document.restart();
  EXPECT_EQ(document.next_member(), "a");
  document.enter_array();
  EXPECT_EQ(document.next_element(), "1");
  EXPECT_EQ(document.next_member(), "b");
  EXPECT_EQ(document.value(), "2");
  EXPECT_EQ(document.next_member(), std::nullopt);
}

}  // namespace
}  // namespace salus::test

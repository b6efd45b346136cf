#include "cli/table.h"

#include <gtest/gtest.h>

namespace salus::cli {
namespace {

TEST(Table, AlignsColumns) {
  Table table({{"name"}, {"rate", Table::Align::right}});
  table.add_row({"cpu", "38.1"});
  table.add_row({"opencl:0", "1"});
  EXPECT_EQ(table.text(),
            "name      rate\n"
            "--------------\n"
            "cpu       38.1\n"
            "opencl:0     1\n");
}

TEST(Table, CountsCharactersNotBytes) {
  Table table({{"a"}, {"b"}});
  table.add_row({"µs", "x"});
  EXPECT_EQ(table.text(), "a   b\n-----\nµs  x\n");
}

TEST(Table, LeavesNoBlanksAtTheEndOfALine) {
  Table table({{"a"}, {"long title"}});
  table.add_row({"1"});
  EXPECT_EQ(table.text(), "a  long title\n-------------\n1\n");
}

}  // namespace
}  // namespace salus::cli

#include "node/api/media.h"

#include <gtest/gtest.h>

namespace salus::test {
namespace {

using namespace node::api;  // NOLINT: tests of it

TEST(Media, PrefersJsonWhereNothingElseIsAsked) {
  for (const char* accept : {"", "*/*", "application/*", "application/json",
                             "application/json, application/cbor", "text/html, */*;q=0.1"})
    EXPECT_EQ(choose_format(accept), Format::json) << accept;
}

TEST(Media, GivesCborWhereItIsPreferred) {
  for (const char* accept :
       {"application/cbor", "APPLICATION/CBOR", "application/json;q=0.5, application/cbor",
        "application/cbor;q=0.9, */*;q=0.1", "*/*, application/json;q=0",
        "application/json; q=0.001 ,application/cbor; q=0.002"})
    EXPECT_EQ(choose_format(accept), Format::cbor) << accept;
}

TEST(Media, GivesNothingWhereNeitherIsWanted) {
  for (const char* accept : {"text/html", "application/json;q=0", "*/*;q=0.000", "application/xml",
                             "application/cbor;q=2", "application/cbor;q=x"})
    EXPECT_EQ(choose_format(accept), std::nullopt) << accept;
}

TEST(Media, KnowsWhatHoldsStatements) {
  for (const char* type : {"", "application/cose", "application/cose; cose-type=\"cose-sign1\"",
                           "application/CBOR", "application/cbor-seq"})
    EXPECT_TRUE(may_hold_statements(type)) << type;
  for (const char* type : {"application/json", "text/plain", "application/cbor-sequence"})
    EXPECT_FALSE(may_hold_statements(type)) << type;
}

}  // namespace
}  // namespace salus::test

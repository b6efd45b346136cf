#include "node/nats/subjects.h"

#include <gtest/gtest.h>

#include <string>

namespace salus::node::nats {
namespace {

TEST(NatsSubjects, AreTokensBetweenDots) {
  for (const char* good : {"a", "salus.statements", "a.b-c.d_e", "$JS.x"})
    EXPECT_TRUE(is_subject(good)) << good;
  for (const char* bad : {"", ".", "a.", ".a", "a..b", "a b", "a.*", "a.>", "a\n", "\x7F"})
    EXPECT_FALSE(is_subject(bad)) << bad;
  EXPECT_FALSE(is_subject(std::string(kMaxSubjectBytes + 1, 'a')));
}

TEST(NatsSubjects, MayHaveWildcardsAsPatterns) {
  for (const char* good : {"a", "*", ">", "a.*.c", "a.>", "*.>"})
    EXPECT_TRUE(is_subject_pattern(good)) << good;
  for (const char* bad : {"a.>.b", "a*", "a.b>", ">.a", "a.*."})
    EXPECT_FALSE(is_subject_pattern(bad)) << bad;
}

TEST(NatsSubjects, NamesHaveNothingThatMeansSomething) {
  EXPECT_TRUE(is_name("salus-01_A"));
  for (const char* bad : {"", "a.b", "a b", "a*", "a>", "a/b", "\xC3\xA4"})
    EXPECT_FALSE(is_name(bad)) << bad;
  EXPECT_FALSE(is_name(std::string(kMaxNameBytes + 1, 'a')));
}

TEST(NatsSubjects, CoverWhatTheyMatch) {
  EXPECT_TRUE(covers("a.>", "a.b.c"));
  EXPECT_TRUE(covers("a.>", "a.*.>"));
  EXPECT_TRUE(covers("a.*", "a.*"));
  EXPECT_TRUE(covers("a.b", "a.b"));
  EXPECT_FALSE(covers("a.b", "a.*"));
  EXPECT_FALSE(covers("a.*", "a.>"));
  EXPECT_FALSE(covers("a.>", "a"));
  EXPECT_FALSE(covers("a.b.c", "a.b"));
  EXPECT_FALSE(covers("a.b", "a.b.c"));
}

TEST(NatsSubjects, OverlapWhereBothMatchSomething) {
  EXPECT_TRUE(overlap("salus.>", "salus.refused.*"));
  EXPECT_TRUE(overlap("salus.*.*", "salus.refused.*"));
  EXPECT_TRUE(overlap("*.refused.x", "salus.*.x"));
  EXPECT_TRUE(overlap(">", "a"));
  EXPECT_FALSE(overlap("salus.statements.>", "salus.refused.*"));
  EXPECT_FALSE(overlap("salus.*", "salus.refused.*"));
}

TEST(NatsAckSubject, SaysWhichMessageItIs) {
  const auto plain = parse_ack_subject("$JS.ACK.SALUS.node-1.3.17.21.1795286121669863220.5");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->stream, "SALUS");
  EXPECT_EQ(plain->consumer, "node-1");
  EXPECT_EQ(plain->deliveries, 3U);
  EXPECT_EQ(plain->stream_sequence, 17U);
  EXPECT_EQ(plain->backlog, 5U);
  for (const char* longer : {"$JS.ACK.hub.Kw3.SALUS.node-1.3.17.21.1795286121669863220.5",
                             "$JS.ACK.hub.Kw3.SALUS.node-1.3.17.21.1795286121669863220.5.Zx9"}) {
    const auto ack = parse_ack_subject(longer);
    ASSERT_TRUE(ack) << longer;
    EXPECT_EQ(ack->stream, "SALUS");
    EXPECT_EQ(ack->stream_sequence, 17U);
    EXPECT_EQ(ack->backlog, 5U);
  }
}

TEST(NatsAckSubject, IsNothingElse) {
  for (const char* bad :
       {"", "$JS.ACK.", "$JS.ACK.S.c.1.2.3.4", "$JS.ACK.S.c.1.2.3.4.5.6", "$JS.ACK.S.c.x.2.3.4.5",
        "$JS.ACK.S.c.1.-2.3.4.5", "$JS.ACK.S.c.1.2.3.4.99999999999999999999999", "_INBOX.a.b.c",
        "$JS.ACK.a.b.S.c.1.2.3.4.5.6.7", "$JS.API.STREAM.DELETE.SALUS.1.2.3.4.5"})
    EXPECT_FALSE(parse_ack_subject(bad)) << bad;
}

}  // namespace
}  // namespace salus::node::nats

#include "node/api/body_splitter.h"

#include <gtest/gtest.h>

#include "engine/cbor_writer.h"
#include "tests/support/random_data.h"

namespace salus::test {
namespace {

using namespace node::api;  // NOLINT: tests of it
using node::Submission;
using Body = std::vector<std::uint8_t>;

constexpr std::size_t kMany = 1000;

/// 18([h'a0', {}, payload, signature])
Body message(std::size_t payload) {
  Body out;
  CborWriter writer(out);
  writer.tag(18);
  writer.array(4);
  writer.byte_string(Body{0xa0});
  writer.map(0);
  writer.byte_string(random_bytes(payload, 1));
  writer.byte_string(random_bytes(64, 2));
  return out;
}

Body joined(std::initializer_list<Body> parts) {
  Body out;
  for (const Body& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

Submission split(Body body, std::size_t limit = kMany) {
  return std::get<Submission>(split_body(std::move(body), limit));
}

BodyFault fault_of(Body body, std::size_t limit = kMany) {
  return std::get<BodyFault>(split_body(std::move(body), limit));
}

void expect_messages(const Submission& submission, std::initializer_list<Body> expected) {
  ASSERT_EQ(submission.size(), expected.size());
  std::size_t i = 0;
  for (const Body& one : expected) {
    const Bytes found = submission.message(i++);
    EXPECT_EQ(Body(found.begin(), found.end()), one);
  }
  EXPECT_EQ(submission.bytes.size(), submission.ends.back());
}

TEST(BodySplitter, TakesOneMessage) { expect_messages(split(message(40)), {message(40)}); }

TEST(BodySplitter, TakesASequence) {
  expect_messages(split(joined({message(1), message(300), message(2)})),
                  {message(1), message(300), message(2)});
}

TEST(BodySplitter, TakesAnArray) {
  expect_messages(split(joined({{0x82}, message(5), message(70'000)})),
                  {message(5), message(70'000)});
}

TEST(BodySplitter, TakesAnUntaggedMessageAsOne) {
  Body untagged = message(3);
  untagged.erase(untagged.begin());
  expect_messages(split(untagged), {untagged});
  expect_messages(split(joined({untagged, untagged})), {untagged, untagged});
  expect_messages(split(joined({{0x81}, untagged})), {untagged});
}

TEST(BodySplitter, RefusesNothing) {
  EXPECT_EQ(fault_of({}), BodyFault::empty);
  EXPECT_EQ(fault_of({0x80}), BodyFault::empty);
}

TEST(BodySplitter, RefusesEveryTruncation) {
  for (const Body& whole : {message(40), joined({{0x82}, message(5), message(6)})})
    for (std::size_t size = 1; size < whole.size(); ++size)
      EXPECT_EQ(fault_of(Body(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))),
                BodyFault::malformed)
          << size;
}

TEST(BodySplitter, RefusesAnArrayThatLiesAboutItsLength) {
  EXPECT_EQ(fault_of(joined({{0x83}, message(5), message(6)})), BodyFault::malformed);
  EXPECT_EQ(fault_of(joined({{0x81}, message(5), message(6)})), BodyFault::malformed);
  EXPECT_EQ(fault_of({0x80, 0x80}), BodyFault::malformed);
  EXPECT_EQ(fault_of({0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xd2}),
            BodyFault::too_many_statements);
}

TEST(BodySplitter, RefusesMoreStatementsThanAllowed) {
  EXPECT_EQ(split(joined({message(1), message(2)}), 2).size(), 2U);
  EXPECT_EQ(fault_of(joined({message(1), message(2), message(3)}), 2),
            BodyFault::too_many_statements);
  EXPECT_EQ(fault_of(joined({{0x83}, message(1), message(2), message(3)}), 2),
            BodyFault::too_many_statements);
}

TEST(BodySplitter, RefusesDeepNestingAndIndefiniteLengths) {
  EXPECT_EQ(fault_of(Body(100'000, 0x81)), BodyFault::malformed);
  EXPECT_EQ(fault_of(Body(100'000, 0xd2)), BodyFault::malformed);
  EXPECT_EQ(fault_of({0x9f, 0xff}), BodyFault::malformed);
  EXPECT_EQ(fault_of({0x5f, 0xff}), BodyFault::malformed);
}

}  // namespace
}  // namespace salus::test

#include "cli/simulate/outcome_reader.h"

#include <gtest/gtest.h>

#include "engine/cbor_writer.h"
#include "node/mqtt/refusal_notice.h"

namespace salus::test {
namespace {

using cli::simulate::read_outcomes;
using cli::simulate::read_refused_notice;
using node::Refusal;

std::vector<std::uint8_t> answer(const char* reason, bool accepted) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.map(1);
  writer.text_string("statements");
  writer.array(1);
  writer.map(reason == nullptr ? 2 : 3);
  writer.text_string("later");
  writer.array(0);
  if (reason != nullptr) {
    writer.text_string("reason");
    writer.text_string(reason);
  }
  writer.text_string("accepted");
  writer.boolean(accepted);
  return out;
}

TEST(OutcomeReader, ReadsAnswers) {
  const auto accepted = read_outcomes(answer(nullptr, true));
  ASSERT_TRUE(accepted);
  EXPECT_FALSE(accepted->at(0).refusal);
  const auto refused = read_outcomes(answer("bad_signature", false));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->at(0).refusal, Refusal::bad_signature);
}

TEST(OutcomeReader, RefusesAnswersThatSayTwoThingsOrUnknownOnes) {
  EXPECT_FALSE(read_outcomes(answer("bad_signature", true)));
  EXPECT_FALSE(read_outcomes(answer(nullptr, false)));
  EXPECT_FALSE(read_outcomes(answer("no_such_reason", false)));
  EXPECT_FALSE(read_outcomes({}));
  std::vector<std::uint8_t> cut = answer(nullptr, true);
  cut.pop_back();
  EXPECT_FALSE(read_outcomes(cut));
}

TEST(OutcomeReader, ReadsTheNoticesThatTheNodeWrites) {
  const std::string text = node::mqtt::refusal_notice(Digest{}, Refusal::unknown_signer, 7);
  const auto notice = read_refused_notice(as_bytes(text));
  ASSERT_TRUE(notice);
  EXPECT_EQ(notice->refusal, Refusal::unknown_signer);
  EXPECT_EQ(notice->packet_id, 7);
  for (const char* json : {"", "{", "[]", "{}", R"({"reason":"x","packet_id":1})",
                           R"({"reason":"malformed","packet_id":65536})",
                           R"({"reason":"malformed","packet_id":null})"})
    EXPECT_FALSE(read_refused_notice(as_bytes(std::string_view(json)))) << json;
}

}  // namespace
}  // namespace salus::test

// Time stamps over checkpoints: `openssl ts` is the authority, and the second judge.
#include "trial/proof/timestamp.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>

#include "engine/error.h"
#include "tests/trial/proof/shell.h"
#include "tests/trial/proof/time_authority.h"

namespace salus::trial::test {
namespace {

using testing::HasSubstr;

constexpr std::string_view kCheckpoint = "salus-trial/x\n1\nAAAA\n\n\u2014 a b\n";

class Timestamps : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (has_program("openssl")) authority_ = new TimeAuthority;
  }
  static void TearDownTestSuite() { delete authority_; }
  void SetUp() override {
    if (authority_ == nullptr) GTEST_SKIP() << "openssl is not installed";
  }
  [[nodiscard]] static std::vector<std::uint8_t> stamped() {
    return authority_->answer(timestamp_request(kCheckpoint));
  }
  static std::string reason(const std::variant<Timestamp, std::string>& verdict) {
    const auto* text = std::get_if<std::string>(&verdict);
    return text == nullptr ? "" : *text;
  }

  static TimeAuthority* authority_;
};
TimeAuthority* Timestamps::authority_ = nullptr;

TEST_F(Timestamps, HoldForUsAndForOpenssl) {
  const std::vector<std::uint8_t> response = stamped();
  EXPECT_EQ(authority_->verified(response, kCheckpoint).exit_code, 0);
  const auto trusted = check_timestamp(response, kCheckpoint, authority_->authorities());
  ASSERT_EQ(reason(trusted), "");
  const auto& stamp = std::get<Timestamp>(trusted);
  EXPECT_TRUE(stamp.is_trusted);
  EXPECT_THAT(stamp.authority, HasSubstr("CN=Test TSA"));
  EXPECT_THAT(stamp.time, testing::MatchesRegex("20[0-9-]+T[0-9:]+Z"));
  const auto alone = check_timestamp(response, kCheckpoint);
  ASSERT_EQ(reason(alone), "");
  EXPECT_FALSE(std::get<Timestamp>(alone).is_trusted);
}

TEST_F(Timestamps, OverAnotherCheckpointDoNotHold) {
  const std::vector<std::uint8_t> response = stamped();
  EXPECT_NE(authority_->verified(response, "other").exit_code, 0);
  EXPECT_THAT(reason(check_timestamp(response, "other")), HasSubstr("another checkpoint"));
}

TEST_F(Timestamps, OfStrangersAreNotTrusted) {
  const TimeAuthority stranger;
  const std::vector<std::uint8_t> response = stamped();
  EXPECT_THAT(reason(check_timestamp(response, kCheckpoint, stranger.authorities())),
              HasSubstr("authority that you trust"));
  EXPECT_THROW(check_timestamp(response, kCheckpoint, "/nowhere.pem"), Error);
}

TEST_F(Timestamps, RepeatTheNonceThatWasSent) {
  constexpr std::uint64_t kNonce = 0xfedcba9876543210;
  const auto reason_of = [](Bytes request, std::optional<std::uint64_t> nonce) {
    return reason(check_timestamp(authority_->answer(request), kCheckpoint, {}, nonce));
  };
  for (const std::uint64_t nonce : {kNonce, std::uint64_t{0}, std::uint64_t{127}})
    EXPECT_EQ(reason_of(timestamp_request(kCheckpoint, nonce), nonce), "");
  EXPECT_EQ(reason_of(timestamp_request(kCheckpoint, kNonce), {}), "");
  EXPECT_THAT(reason_of(timestamp_request(kCheckpoint, kNonce), kNonce + 1), HasSubstr("nonce"));
  EXPECT_THAT(reason_of(timestamp_request(kCheckpoint), kNonce), HasSubstr("nonce"));
}

TEST_F(Timestamps, ThatWereRefusedSaySo) {
  std::vector<std::uint8_t> request = timestamp_request(kCheckpoint);
  const auto sha256 = std::ranges::search(request, std::array<std::uint8_t, 3>{0x03, 0x04, 0x02});
  ASSERT_FALSE(sha256.empty());
  sha256.back() = 0x03;  // SHA-512, which this authority does not take
  EXPECT_THAT(reason(check_timestamp(authority_->answer(request), kCheckpoint)),
              HasSubstr("did not grant"));
}

TEST_F(Timestamps, FailWhenAnyByteIsChanged) {
  const std::vector<std::uint8_t> good = stamped();
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::vector<std::uint8_t> bad = good;
    bad[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
    const auto verdict = check_timestamp(bad, kCheckpoint, authority_->authorities());
    if (std::holds_alternative<Timestamp>(verdict)) ++accepted;
  }
  // The status (granted, or with changes) and its text, and certificates that are not needed, are
  // covered by no signature.
  EXPECT_LE(accepted, good.size() / 3);
  std::vector<std::uint8_t> longer = good;
  longer.push_back(0);
  EXPECT_THAT(reason(check_timestamp(longer, kCheckpoint)), HasSubstr("not a response"));
  EXPECT_THAT(reason(check_timestamp({}, kCheckpoint)), HasSubstr("not a response"));
}

}  // namespace
}  // namespace salus::trial::test

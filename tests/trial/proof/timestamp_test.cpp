// Time stamps over checkpoints: `openssl ts` is the authority, and the second judge.
#include "trial/proof/timestamp.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/error.h"
#include "tests/support/temporary_folder.h"
#include "tests/trial/proof/shell.h"

namespace salus::trial::test {
namespace {

using salus::test::TemporaryFolder;
using testing::HasSubstr;

constexpr std::string_view kCheckpoint = "salus-trial/x\n1\nAAAA\n\n\u2014 a b\n";

/// An authority in a folder of its own.
class Authority {
 public:
  Authority() {
    folder_.write(
        "tsa.cnf",
        "[tsa]\ndefault_tsa = one\n[one]\nserial = " + folder_.path("serial") +
            "\ndefault_policy = 1.2.3.4.1\ndigests = sha256\naccuracy = secs:1\n"
            "ess_cert_id_alg = sha256\nsigner_digest = sha256\n"
            "[ca]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = keyCertSign\n"
            "[leaf]\nkeyUsage = digitalSignature\nextendedKeyUsage = critical,timeStamping\n");
    folder_.write("serial", "01\n");
    make_certificate("ca", "/CN=Test CA", "ca", {});
    make_certificate("tsa", "/O=Hospital/CN=Test TSA", "leaf",
                     {"-CA", folder_.path("ca.pem"), "-CAkey", folder_.path("ca.key")});
  }

  [[nodiscard]] std::string authorities() const { return folder_.path("ca.pem"); }

  /// The response to a request.
  [[nodiscard]] std::vector<std::uint8_t> answer(Bytes request) const {
    folder_.write("request.tsq", request);
    run({"openssl", "ts", "-reply", "-config", folder_.path("tsa.cnf"), "-queryfile",
         folder_.path("request.tsq"), "-signer", folder_.path("tsa.pem"), "-inkey",
         folder_.path("tsa.key"), "-chain", folder_.path("ca.pem"), "-out",
         folder_.path("answer.tsr")});
    std::ifstream file(folder_.path("answer.tsr"), std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    const std::string text = content.str();
    return {text.begin(), text.end()};
  }

  /// What `openssl ts -verify` says.
  [[nodiscard]] ShellResult verified(Bytes response, std::string_view checkpoint) const {
    return run_program({"openssl", "ts", "-verify", "-data", folder_.write("data", checkpoint),
                        "-in", folder_.write("response.tsr", response), "-CAfile", authorities()});
  }

 private:
  static void run(const std::vector<std::string>& command) {
    const ShellResult result = run_program(command);
    if (result.exit_code != 0) throw std::runtime_error(result.output);
  }
  void make_certificate(const std::string& name, const std::string& subject,
                        const std::string& extensions,
                        const std::vector<std::string>& issuer) const {
    std::vector<std::string> command = {"openssl",
                                        "req",
                                        "-x509",
                                        "-newkey",
                                        "ec",
                                        "-pkeyopt",
                                        "ec_paramgen_curve:P-256",
                                        "-nodes",
                                        "-days",
                                        "2",
                                        "-subj",
                                        subject,
                                        "-keyout",
                                        folder_.path(name + ".key"),
                                        "-out",
                                        folder_.path(name + ".pem"),
                                        "-config",
                                        folder_.path("req.cnf"),
                                        "-extensions",
                                        extensions};
    command.insert(command.end(), issuer.begin(), issuer.end());
    std::filesystem::copy_file(folder_.path("tsa.cnf"), folder_.path("req.cnf"),
                               std::filesystem::copy_options::overwrite_existing);
    std::ofstream(folder_.path("req.cnf"), std::ios::app)
        << "[req]\ndistinguished_name = name\n[name]\n";
    run(command);
  }

  TemporaryFolder folder_;
};

class Timestamps : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (has_program("openssl")) authority_ = new Authority;
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

  static Authority* authority_;
};
Authority* Timestamps::authority_ = nullptr;

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
  const Authority stranger;
  const std::vector<std::uint8_t> response = stamped();
  EXPECT_THAT(reason(check_timestamp(response, kCheckpoint, stranger.authorities())),
              HasSubstr("authority that you trust"));
  EXPECT_THROW(check_timestamp(response, kCheckpoint, "/nowhere.pem"), Error);
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

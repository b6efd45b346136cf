// `salus trial stamp --tsa` before an authority on the loopback, which answers well and in many
// wrong ways. `openssl ts` makes the stamps, and judges what was stored.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/cli/answering_server.h"
#include "tests/cli/run_salus.h"
#include "tests/support/temporary_folder.h"
#include "tests/trial/proof/time_authority.h"
#include "trial/proof/timestamp.h"

namespace salus::test {
namespace {

namespace fs = std::filesystem;
namespace http = boost::beast::http;
using testing::ContainsRegex;
using testing::HasSubstr;
using trial::test::TimeAuthority;

const std::string kReplyType = "application/timestamp-reply";

std::string text_of(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

/// An authority, and a seal to be stamped.
class TrialStamp : public testing::Test {
 protected:
  void SetUp() override {
    if (!trial::test::has_program("openssl")) GTEST_SKIP() << "openssl is not installed";
    authority_.emplace();
    folder_.write("study/a.csv", "A,B\n1,2\n");
    run_well({"key", "new", "--alg", "ed25519", "--no-passphrase", "-o", folder_.path("key.pem")});
    run_well({"trial", "seal", folder_.path("study"), "--key", folder_.path("key.pem")});
    checkpoint_ = read_text(seal_ + "/checkpoint");
  }

  static void run_well(const std::vector<std::string>& arguments) {
    const RunResult result = run_salus(arguments);
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  [[nodiscard]] RunResult stamp(const std::string& url, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"trial", "stamp", seal_, "--tsa", url};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_salus(arguments);
  }
  [[nodiscard]] bool is_stamped() const { return fs::exists(seal_ + "/timestamp.tsr"); }

  /// What the authority says to the request as it came.
  [[nodiscard]] std::string granted(const HttpRequest& request) const {
    return text_of(authority_->answer(as_bytes(request.body())));
  }

  /// Asks a server that answers so, and expects one line that says what is wrong, and no stamp.
  void expect_refused(const Answering& answering, const std::string& said,
                      const std::vector<std::string>& more = {}) const {
    const AnsweringServer server(answering);
    const RunResult result = stamp(server.url() + "/tsr", more);
    EXPECT_NE(result.exit_code, 0) << said;
    EXPECT_THAT(result.err, HasSubstr(said));
    EXPECT_EQ(line_count(result.err), 1U) << result.err;
    EXPECT_FALSE(is_stamped()) << said;
  }
  /// The same for a body under the right type.
  void expect_body_refused(const std::function<std::string(const HttpRequest&)>& body,
                           const std::string& said) const {
    expect_refused(
        [&](const HttpRequest& request) { return make_response(200, kReplyType, body(request)); },
        said);
  }

  TemporaryFolder folder_;
  std::string seal_ = folder_.path("study.seal");
  std::string checkpoint_;
  std::optional<TimeAuthority> authority_;
};

TEST_F(TrialStamp, AsksAsRfc3161SaysAndStoresTheAnswer) {
  HttpRequest asked;
  const AnsweringServer server([&](const HttpRequest& request) {
    asked = request;
    return make_response(200, "Application/Timestamp-Reply; x=y", granted(request));
  });
  const RunResult result =
      stamp(server.url() + "/tsa/tsr?policy=1", {"--ca", authority_->authorities()});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("CN=Test TSA"));
  EXPECT_EQ(asked.method(), http::verb::post);
  EXPECT_EQ(asked.target(), "/tsa/tsr?policy=1");
  EXPECT_EQ(asked[http::field::content_type], "application/timestamp-query");
  EXPECT_EQ(asked[http::field::accept], kReplyType);
  const auto query = trial::test::run_program(
      {"openssl", "ts", "-query", "-text", "-in", folder_.write("request.tsq", asked.body())});
  EXPECT_THAT(query.output, HasSubstr("Hash Algorithm: sha256"));
  EXPECT_THAT(query.output, HasSubstr("Certificate required: yes"));
  EXPECT_THAT(query.output, HasSubstr("Nonce: 0x"));

  const std::string stored = read_text(seal_ + "/timestamp.tsr");
  EXPECT_EQ(authority_->verified(as_bytes(stored), checkpoint_).exit_code, 0);
}

TEST_F(TrialStamp, IsToldByThoseWhoVerifyAndReport) {
  const auto verify = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"trial", "verify", folder_.path("study"), seal_});
    return run_salus(more);
  };
  const auto report = [&](const std::string& authorities) {
    return run_salus({"trial", "report", seal_, "--ca", authorities, "-o", folder_.path("r.csv")});
  };
  const std::string trusted = authority_->authorities();
  const TimeAuthority stranger;
  EXPECT_EQ(verify({}).exit_code, 0);
  const RunResult without = verify({"--ca", trusted});
  EXPECT_EQ(without.exit_code, 1);
  EXPECT_THAT(without.out, HasSubstr("NOT stamped"));
  EXPECT_EQ(report(trusted).exit_code, 1);
  EXPECT_THAT(read_text(folder_.path("r.csv")), HasSubstr("time stamp (RFC 3161),MISSING"));

  const AnsweringServer server(
      [&](const HttpRequest& request) { return make_response(200, kReplyType, granted(request)); });
  ASSERT_EQ(stamp(server.url() + "/tsr").exit_code, 0);
  EXPECT_THAT(verify({}).out, HasSubstr("was not asked: --ca says it"));
  const RunResult stamped = verify({"--ca", trusted});
  EXPECT_EQ(stamped.exit_code, 0) << stamped.out << stamped.err;
  EXPECT_THAT(stamped.out, ContainsRegex("stamp   20[0-9-]+T[0-9:]+Z by .*CN=Test TSA"));
  EXPECT_EQ(report(trusted).exit_code, 0);
  const RunResult distrusted = verify({"--ca", stranger.authorities()});
  EXPECT_EQ(distrusted.exit_code, 1);
  EXPECT_THAT(distrusted.out, HasSubstr("stamp   does NOT hold"));
  EXPECT_EQ(report(stranger.authorities()).exit_code, 1);
}

TEST_F(TrialStamp, RefusesAnswersThatAreNoStampOfThisRequest) {
  expect_body_refused(
      [&](const HttpRequest& request) {
        std::string other = request.body();
        const std::size_t sha256 = other.find("\x03\x04\x02");
        other.at(sha256 + 2) = '\x03';  // SHA-512, which this authority does not take
        return text_of(authority_->answer(as_bytes(other)));
      },
      "did not grant");
  expect_body_refused(
      [&](const HttpRequest&) {
        return text_of(authority_->answer(trial::timestamp_request(checkpoint_)));
      },
      "the nonce is not ours");
  expect_body_refused(
      [&](const HttpRequest&) {
        return text_of(authority_->answer(trial::timestamp_request(checkpoint_, 4711)));
      },
      "the nonce is not ours");
  expect_body_refused(
      [&](const HttpRequest&) {
        return text_of(authority_->answer(trial::timestamp_request("another", 4711)));
      },
      "over another checkpoint");
  expect_body_refused([&](const HttpRequest& request) { return granted(request) + '\0'; },
                      "not a response");
  expect_body_refused([](const HttpRequest&) { return std::string(); }, "not a response");
  expect_body_refused([](const HttpRequest&) { return std::string("<html>"); }, "not a response");
}

TEST_F(TrialStamp, RefusesAnAuthorityThatNobodyTrusts) {
  const TimeAuthority stranger;
  expect_refused(
      [&](const HttpRequest& request) { return make_response(200, kReplyType, granted(request)); },
      "authority that you trust", {"--ca", stranger.authorities()});
}

TEST_F(TrialStamp, RefusesAnswersOfAnotherTypeOrStatus) {
  const auto answered = [this](unsigned status, const std::string& type) -> Answering {
    return [this, status, type](const HttpRequest& request) {
      return make_response(status, type, granted(request));
    };
  };
  expect_refused(answered(200, "text/html"), "it answered with text/html");
  expect_refused(answered(200, ""), "it answered with no content type");
  expect_refused(answered(200, kReplyType + "-2"), "it answered with");
  expect_refused(answered(500, kReplyType), "answered with status 500");
  expect_refused(answered(404, "text/plain"), "answered with status 404");
  expect_refused(answered(302, kReplyType), "answered with status 302");
}

TEST_F(TrialStamp, ReadsNoMoreThanAStampMayHave) {
  const std::string much(trial::kMaxTimestampBytes + 1, 'x');
  expect_body_refused([&](const HttpRequest&) { return much; }, "cannot have an answer");
  expect_refused(
      [&](const HttpRequest&) {
        HttpResponse response = make_response(200, kReplyType, much);
        response.chunked(true);  // says nothing of its length
        return response;
      },
      "cannot have an answer");
}

TEST_F(TrialStamp, RefusesAnAnswerThatIsCutShort) {
  expect_refused(
      [&](const HttpRequest& request) {
        HttpResponse response = make_response(200, kReplyType, granted(request));
        response.content_length(response.body().size() + 10);
        return response;
      },
      "cannot have an answer");
}

TEST_F(TrialStamp, WaitsForNoAuthorityThatHangs) {
  expect_refused([](const HttpRequest&) { return std::nullopt; }, "no answer in time",
                 {"--timeout", "1"});
}

TEST_F(TrialStamp, NamesAnAuthorityThatIsNotThere) {
  std::string url;
  {
    const AnsweringServer gone([](const HttpRequest&) { return std::nullopt; });
    url = gone.url();
  }
  const RunResult result = stamp(url);
  EXPECT_NE(result.exit_code, 0);
  EXPECT_THAT(result.err, HasSubstr(url + ": cannot connect"));
  EXPECT_FALSE(is_stamped());
}

}  // namespace
}  // namespace salus::test

// `salus sign`: statements made of files, read by `salus statement show`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>

#include "node/statement/key_registration.h"
#include "node/statement/statement.h"
#include "tests/cli/run_salus.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using node::parse_statement;
using node::Statement;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::StartsWith;

/// [{0: "urn:x", 1: "Cel", 2: 36.5}]
const char* const kPack =
    "81a3006575726e3a7801634365"
    "6c02f95090";

class SignCommand : public testing::Test {
 protected:
  SignCommand() {
    folder_.write("pack", from_hex(kPack).value());
    folder_.write("note.json", "{\"resourceType\":\"Observation\"}");
    for (const char* const algorithm : {"ed25519", "p256"})
      EXPECT_EQ(run_salus({"key", "new", "--alg", algorithm, "--out",
                           path(std::string(algorithm) + ".pem")})
                    .exit_code,
                0);
  }

  [[nodiscard]] std::string path(std::string_view name) const { return folder_.path(name); }
  [[nodiscard]] static Statement parsed(const std::string& message) {
    return std::get<Statement>(parse_statement(as_bytes(message)));
  }
  /// What show says of a message, with the key of `algorithm`.
  [[nodiscard]] RunResult shown(const std::string& message, const std::string& algorithm) const {
    folder_.write("public.pem", run_salus({"key", "show", path(algorithm + ".pem")}).out);
    RunOptions options;
    options.stdin_text = message;
    return run_salus({"statement", "show", "--key", path("public.pem")}, options);
  }

  TemporaryFolder folder_;
};

TEST_F(SignCommand, MakesStatementsThatVerify) {
  for (const char* const algorithm : {"ed25519", "p256"}) {
    const RunResult made =
        run_salus({"sign", path("pack"), "--key", path(std::string(algorithm) + ".pem"), "--sub",
                   "patient-7", "--iss", "ward-3", "--seq", "42", "--iat", "1700000000"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    EXPECT_THAT(made.err, IsEmpty());
    const Statement statement = parsed(made.out);
    EXPECT_EQ(statement.subject, "patient-7");
    EXPECT_EQ(statement.issuer, "ward-3");
    EXPECT_EQ(statement.sequence, 42U);
    EXPECT_EQ(statement.issued_at, 1700000000);
    EXPECT_EQ(statement.type, node::ContentType::senml_cbor);
    EXPECT_EQ(to_hex(statement.payload), kPack);
    const RunResult verified = shown(made.out, algorithm);
    EXPECT_EQ(verified.exit_code, 0) << verified.out;
    EXPECT_THAT(verified.out, HasSubstr("signature  valid"));
  }
}

TEST_F(SignCommand, TakesTimeAndSequenceFromTheClock) {
  const std::time_t before = std::time(nullptr);
  const RunResult first = run_salus({"sign", path("pack"), "--key", path("ed25519.pem")});
  const RunResult second = run_salus({"sign", path("pack"), "--key", path("ed25519.pem")});
  EXPECT_GE(parsed(first.out).issued_at, before);
  EXPECT_LE(parsed(first.out).issued_at, std::time(nullptr));
  EXPECT_LT(parsed(first.out).sequence, parsed(second.out).sequence);
}

TEST_F(SignCommand, TakesTypesByLongAndShortNames) {
  for (const char* const name : {"fhir+json", "application/fhir+json"}) {
    const RunResult made =
        run_salus({"sign", path("note.json"), "--key", path("p256.pem"), "--type", name});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    EXPECT_EQ(parsed(made.out).type, node::ContentType::fhir_json);
  }
  node::KeyRegistration registration;
  registration.key.bytes.assign(32, 1);
  folder_.write("registration", node::encode(registration));
  const RunResult made = run_salus(
      {"sign", path("registration"), "--key", path("p256.pem"), "--type", "key-registration"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_EQ(parsed(made.out).type, node::ContentType::key_registration);
}

TEST_F(SignCommand, WritesAFileAndPrintsTheId) {
  const RunResult made = run_salus(
      {"sign", path("pack"), "--key", path("ed25519.pem"), "--out", path("statement.cose")});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.out, MatchesRegex("[0-9a-f]{64}\n"));
  const std::string message = read_text(path("statement.cose"));
  EXPECT_EQ(to_hex(node::statement_id(parsed(message))) + "\n", made.out);
}

TEST_F(SignCommand, ReadsThePayloadFromStandardInput) {
  RunOptions options;
  options.stdin_text = read_text(path("pack"));
  const RunResult made = run_salus({"sign", "-", "--key", path("ed25519.pem")}, options);
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_EQ(to_hex(parsed(made.out).payload), kPack);
}

TEST_F(SignCommand, RefusesWhatNoNodeWouldTake) {
  const std::string key = path("ed25519.pem");
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"sign", path("note.json"), "--key", key}, "application/senml+cbor"},
      {{"sign", path("pack"), "--key", key, "--type", "erasure"}, "erasure"},
      {{"sign", path("pack"), "--key", key, "--type", "text/plain"}, "text/plain"},
      {{"sign", path("pack"), "--key", key, "--sub", "two\nlines"}, "sub"},
      {{"sign", path("pack"), "--key", key, "--iss", std::string(256, 'i')}, "iss"},
      {{"sign", path("pack"), "--key", key, "--iat", "-1"}, "iat"},
      {{"sign", path("pack"), "--key", key, "--seq", "-1"}, "--seq"},
      {{"sign", path("pack"), "--key", key, "--seq", "x"}, "--seq"},
      {{"sign", path("pack"), "--key", key, "--seq", "18446744073709551616"}, "--seq"},
      {{"sign", path("pack"), "--key", key, "--iat", "1.5"}, "--iat"},
      {{"sign", path("pack")}, "--key"},
      {{"sign", path("none"), "--key", key}, "none"},
      {{"sign", path("pack"), "--key", path("pack")}, "no private key"},
      {{"sign", "--key", key}, "FILE"}};
  for (const auto& [arguments, problem] : cases) {
    const RunResult result = run_salus(arguments);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, StartsWith("salus: "));
    EXPECT_THAT(result.err, HasSubstr(problem));
    EXPECT_EQ(line_count(result.err), 1U) << result.err;
  }
}

TEST_F(SignCommand, SaysSoWhenTheStatementCannotBeWritten) {
  const RunResult result = run_salus(
      {"sign", path("pack"), "--key", path("ed25519.pem"), "--out", path("no/folder/file")});
  EXPECT_EQ(result.exit_code, 3);
  RunOptions full;
  full.stdout_path = "/dev/full";
  EXPECT_EQ(run_salus({"sign", path("pack"), "--key", path("ed25519.pem")}, full).exit_code, 3);
}

}  // namespace
}  // namespace salus::test

// `salus sign`: statements made of files, read by `salus statement show`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>

#include "node/state/rules.h"
#include "node/state/state.h"
#include "node/state/state_overlay.h"
#include "node/statement/data_seal.h"
#include "node/statement/erasure.h"
#include "node/statement/key_registration.h"
#include "node/statement/key_revocation.h"
#include "node/statement/key_rotation.h"
#include "node/statement/signing_key.h"
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

/// A chain's state with the P-256 key as its authority, and what the rules say of statements made
/// by the command line.
class SignedFromOptions : public SignCommand {
 protected:
  SignedFromOptions() {
    state_.add_key(authority_.id(),
                   node::new_key_record(authority_.public_key(), node::Role::authority, 1000));
    folder_.write("device.pub", run_salus({"key", "show", path("ed25519.pem")}).out);
    EXPECT_EQ(run_salus({"key", "new", "--alg", "ed25519", "--out", path("next.pem")}).exit_code,
              0);
  }

  /// Makes a statement and has the rules take it, or says why not.
  std::optional<node::Refusal> apply(std::vector<std::string> arguments,
                                     const std::string& key = "p256.pem") {
    arguments.insert(arguments.begin(), "sign");
    arguments.insert(arguments.end(),
                     {"--key", path(key), "--iat", "2000", "--seq", std::to_string(++sequence_)});
    const RunResult made = run_salus(arguments);
    EXPECT_EQ(made.exit_code, 0) << made.err;
    message_ = made.out;
    const auto read = parse_statement(as_bytes(message_));
    if (const auto* refusal = std::get_if<node::Refusal>(&read)) return *refusal;
    const auto& statement = std::get<Statement>(read);
    if (const auto refusal = node::check_payload(statement)) return refusal;
    const auto signer = find_signer(state_, statement);
    if (const auto* refusal = std::get_if<node::Refusal>(&signer)) return *refusal;
    const auto change =
        apply_rules(state_, statement, node::statement_id(statement),
                    *std::get<const node::KeyRecord*>(signer), {.time = 2000, .height = 1});
    if (const auto* refusal = std::get_if<node::Refusal>(&change)) return *refusal;
    state_.apply(std::get<node::StatementChange>(change));
    payload_ = {statement.payload.begin(), statement.payload.end()};
    return std::nullopt;
  }
  [[nodiscard]] node::KeyId id_of(const std::string& key) const {
    return node::SigningKey::load(path(key)).id();
  }

  node::SigningKey authority_ = node::SigningKey::load(path("p256.pem"));
  node::State base_;
  node::StateOverlay state_{base_};
  std::uint64_t sequence_ = 0;
  std::string message_;
  std::vector<std::uint8_t> payload_;
};

TEST_F(SignedFromOptions, IsTakenByTheRulesOfTheState) {
  const auto accepted = std::optional<node::Refusal>();
  ASSERT_EQ(apply({"--type", "register", "--public-key", path("device.pub"), "--name", "bed-12"}),
            accepted);
  EXPECT_EQ(node::decode_key_registration(payload_)->name, "bed-12");
  EXPECT_EQ(node::decode_key_registration(payload_)->role, node::Role::device);
  const node::KeyRecord* const device = state_.find_key(id_of("ed25519.pem"));
  ASSERT_NE(device, nullptr);
  EXPECT_EQ(device->role, node::Role::device);

  ASSERT_EQ(apply({path("pack")}, "ed25519.pem"), accepted);
  ASSERT_EQ(apply({"--type", "rotate", "--public-key", path("next.pem")}, "ed25519.pem"), accepted);
  EXPECT_EQ(apply({path("pack")}, "ed25519.pem"), node::Refusal::revoked_signer);
  ASSERT_EQ(apply({path("pack")}, "next.pem"), accepted);

  ASSERT_EQ(apply({"--type", "seal", "--name", "trial 7", "--size", "3", "--root",
                   std::string(64, 'a'), "--media-type", "text/csv", "--note", "final"},
                  "next.pem"),
            accepted);
  EXPECT_EQ(node::decode_data_seal(payload_)->tree_size, 3U);
  EXPECT_EQ(node::decode_data_seal(payload_)->note, "final");

  ASSERT_EQ(apply({"--type", "erase", "--statement", std::string(64, 'b')}), accepted);
  EXPECT_TRUE(state_.is_erased(digest_from_hex(std::string(64, 'b')).value()));

  const std::string next = to_hex(id_of("next.pem"));
  ASSERT_EQ(apply({"--type", "revoke", "--key-id", next, "--reason", "key_compromise"}), accepted);
  EXPECT_EQ(node::decode_key_revocation(payload_)->reason, node::RevocationReason::key_compromise);
  EXPECT_EQ(apply({path("pack")}, "next.pem"), node::Refusal::revoked_signer);
}

TEST_F(SignedFromOptions, RotatesAnotherKeyForAnAuthority) {
  ASSERT_EQ(
      apply({"--type", "register", "--public-key", path("device.pub"), "--role", "validator"}),
      std::nullopt);
  ASSERT_EQ(apply({"--type", "rotate", "--key-id", to_hex(id_of("ed25519.pem")), "--public-key",
                   path("next.pem")}),
            std::nullopt);
  EXPECT_EQ(state_.find_key(id_of("next.pem"))->role, node::Role::validator);
}

TEST_F(SignedFromOptions, IsShownReadably) {
  ASSERT_EQ(apply({"--type", "revoke", "--key-id", std::string(32, 'c')}),
            node::Refusal::unknown_target);
  const RunResult shown_revocation = shown(message_, "p256");
  EXPECT_EQ(shown_revocation.exit_code, 0) << shown_revocation.err;
  EXPECT_THAT(shown_revocation.out, HasSubstr("key-revocation"));
  EXPECT_THAT(shown_revocation.out, HasSubstr("  revokes    " + std::string(32, 'c')));
  EXPECT_THAT(shown_revocation.out, HasSubstr("  reason     unspecified"));
}

TEST_F(SignedFromOptions, NamesTheOptionThatIsWrong) {
  const std::string key = path("p256.pem");
  const std::string root(64, 'a');
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"register"}, "--type register needs --public-key FILE"},
      {{"register", "--public-key", path("pack")}, "pack"},
      {{"register", "--public-key", path("device.pub"), "--role", "nurse"}, "--role: 'nurse'"},
      {{"register", "--public-key", path("device.pub"), "--name", "a\nb"}, "--name"},
      {{"register", "--public-key", path("device.pub"), "--reason", "superseded"},
       "--reason is not for --type register"},
      {{"rotate", "--key-id", "12"}, "--key-id: '12'"},
      {{"rotate", "--public-key", key}, "the old key itself"},
      {{"revoke"}, "--key-id ID"},
      {{"revoke", "--key-id", std::string(32, 'c'), "--reason", "bored"}, "--reason: 'bored'"},
      {{"seal", "--size", "1", "--root", root}, "--name TEXT"},
      {{"seal", "--name", "n", "--size", "0", "--root", root}, "--size"},
      {{"seal", "--name", "n", "--size", "-1", "--root", root}, "--size"},
      {{"seal", "--name", "n", "--size", "1", "--root", "12"}, "--root: '12'"},
      {{"erase"}, "--statement ID"},
      {{"erase", "--statement", "xyz"}, "--statement: 'xyz'"},
      {{"erase", path("pack"), "--statement", root}, "takes no FILE"},
      {{"senml+cbor", path("pack"), "--note", "x"}, "--note is not for --type senml+cbor"}};
  for (const auto& [arguments, problem] : cases) {
    std::vector<std::string> all = {"sign", "--key", key, "--type"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const RunResult result = run_salus(all);
    EXPECT_EQ(result.exit_code, 2) << problem;
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, HasSubstr(problem));
    EXPECT_EQ(line_count(result.err), 1U) << result.err;
  }
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

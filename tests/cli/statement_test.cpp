// `salus statement show`: statements, other people's COSE_Sign1 messages, and what is neither.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/statement_diagnostic.h"
#include "engine/bytes.h"
#include "tests/cli/run_salus.h"
#include "tests/support/places.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using cli::diagnostic_notation;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using Json = nlohmann::json;

std::string bytes(std::string_view hex) {
  const auto decoded = from_hex(hex).value();
  return {decoded.begin(), decoded.end()};
}

Json data(const std::string& name) { return Json::parse(read_text(test_data(name))); }

RunResult show(const std::string& messages, std::vector<std::string> arguments = {}) {
  arguments.insert(arguments.begin(), {"statement", "show"});
  RunOptions options;
  options.stdin_text = messages;
  return run_salus(arguments, options);
}

class StatementShow : public testing::Test {
 protected:
  /// The first statement of the npm library's, and the file of its key.
  StatementShow() {
    const Json vector = data("statements/npm.json").at(0);
    message_ = bytes(vector.at("statement").get<std::string>());
    folder_.write("key.cose", bytes(vector.at("key").get<std::string>()));
    key_ = folder_.path("key.cose");
  }

  TemporaryFolder folder_;
  std::string message_;
  std::string key_;
};

TEST_F(StatementShow, SaysWhatAStatementSays) {
  const RunResult shown = show(message_, {"--key", key_});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.err, IsEmpty());
  EXPECT_THAT(
      shown.out,
      AllOf(StartsWith("statement  "), HasSubstr("signer     866eefbd6718c8846cd7ddfe43fc74ab\n"),
            HasSubstr("algorithm  ed25519\n"), HasSubstr("type       application/senml+cbor\n"),
            HasSubstr("issuer     ward-3\n"), HasSubstr("subject    patient-7\n"),
            HasSubstr("issued     2023-11-14T22:13:20Z\n"), HasSubstr("sequence   42\n"),
            HasSubstr("signature  valid, by key 866eefbd6718c8846cd7ddfe43fc74ab\n")));
  EXPECT_THAT(shown.out, HasSubstr("2010-06-08T18:01:16.001Z  urn:dev:ow:10e2073a0108006:voltage"
                                   "  120.1 V\n"));
  EXPECT_THAT(shown.out,
              HasSubstr("message    18([<<{1: -8, 3: 112, 4: h'866eefbd6718c8846cd7ddfe43fc74ab', "
                        "15: {1: \"ward-3\", 2: \"patient-7\", 6: 1700000000, \"seq\": 42}}>>, {}, "
                        "<<[{-2: \"urn:dev:ow:10e2073a0108006:\", "));
}

TEST_F(StatementShow, SaysWhenTheSignatureDoesNotHold) {
  message_.back() ^= 1;
  const RunResult shown = show(message_, {"--key", key_});
  EXPECT_EQ(shown.exit_code, 1);
  EXPECT_THAT(shown.out, HasSubstr("signature  INVALID: "));
}

TEST_F(StatementShow, SaysWhenNobodyCouldTell) {
  const RunResult without = show(message_);
  EXPECT_EQ(without.exit_code, 0);
  EXPECT_THAT(without.out, HasSubstr("signature  not checked: give the signer's --key\n"));
  folder_.write("other", std::string(32, 'k'));
  const RunResult other = show(message_, {"--key", folder_.path("other")});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.out, HasSubstr("signature  not checked: no --key has this id\n"));
}

TEST_F(StatementShow, FindsTheKeyAmongMany) {
  const std::string pem = run_salus({"key", "show", key_}).out;
  folder_.write("p256.cose", bytes(data("statements/npm.json").at(2).at("key").get<std::string>()));
  const std::string other = run_salus({"key", "show", folder_.path("p256.cose")}).out;
  folder_.write("many.pem", other + pem);
  const RunResult shown = show(message_, {"--key", folder_.path("many.pem")});
  EXPECT_EQ(shown.exit_code, 0) << shown.out;
  EXPECT_EQ(show(message_, {"--key", folder_.path("p256.cose"), "--key", key_}).exit_code, 0);
}

TEST_F(StatementShow, ShowsSeveralFilesAndSequences) {
  const Json vectors = data("statements/npm.json");
  std::string all;
  std::vector<std::string> arguments;
  for (const Json& vector : vectors) all += bytes(vector.at("statement").get<std::string>());
  folder_.write("all.cose", all);
  folder_.write("one.cose", message_);
  folder_.write("p256.cose", bytes(vectors.at(2).at("key").get<std::string>()));
  const RunResult shown =
      run_salus({"statement", "show", folder_.path("all.cose"), folder_.path("one.cose"), "--key",
                 key_, "--key", folder_.path("p256.cose")});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  std::size_t valid = 0;
  for (std::size_t at = shown.out.find("valid, by"); at != std::string::npos;
       at = shown.out.find("valid, by", at + 1))
    ++valid;
  EXPECT_EQ(valid, vectors.size() + 1);
}

TEST_F(StatementShow, ShowsMessagesThatAreNoStatements) {
  const Json example = data("cose/ecdsa-sig-01.json");
  const std::string message = bytes(example.at("output").at("cbor").get<std::string>());
  folder_.write("key.point",
                bytes("04bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff"
                      "20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e"));
  const RunResult shown = show(message, {"--key", folder_.path("key.point")});
  EXPECT_EQ(shown.exit_code, 0) << shown.out << shown.err;
  EXPECT_THAT(shown.out,
              AllOf(StartsWith("COSE_Sign1 no statement that a node would take: malformed\n"),
                    HasSubstr("signature  valid, by key "),
                    HasSubstr("message    18([<<{1: -7, 3: 0}>>, {4: h'3131'}, "
                              "\"This is the content.\", h'")));
  const std::string p384 =
      bytes(data("cose/ecdsa-sig-02.json").at("output").at("cbor").get<std::string>());
  EXPECT_THAT(show(p384).out, HasSubstr("not checked: no algorithm of ours"));
  const std::string broken =
      bytes(data("cose/sign-fail-02.json").at("output").at("cbor").get<std::string>());
  EXPECT_EQ(show(broken, {"--key", folder_.path("key.point")}).exit_code, 1);
}

TEST_F(StatementShow, ShowsHeadsThatAreNotTheShortest) {
  std::string wide = message_;
  wide.replace(1, 1, "\x98\x04");
  const RunResult shown = show(wide);
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, StartsWith("COSE_Sign1 no statement"));
}

TEST_F(StatementShow, RefusesWhatIsNoMessageWithOneLine) {
  for (const std::string& input : {std::string(), std::string("hello"), message_.substr(0, 100),
                                   message_ + "x", std::string(5000, '\x81'), bytes("a0")}) {
    const RunResult shown = show(input);
    EXPECT_EQ(shown.exit_code, 2);
    EXPECT_THAT(shown.err, StartsWith("salus: (stdin): message "));
    EXPECT_EQ(line_count(shown.err), 1U) << shown.err;
  }
  EXPECT_EQ(run_salus({"statement", "show", folder_.path("none")}).exit_code, 2);
  EXPECT_EQ(show(message_, {"--key", folder_.path("none")}).exit_code, 2);
  EXPECT_EQ(run_salus({"statement"}).exit_code, 2);
}

TEST_F(StatementShow, DoesNotTakePrivateKeys) {
  ASSERT_EQ(run_salus({"key", "new", "--alg", "p256", "--out", folder_.path("key.pem")}).exit_code,
            0);
  const RunResult shown = show(message_, {"--key", folder_.path("key.pem")});
  EXPECT_EQ(shown.exit_code, 2);
  EXPECT_THAT(shown.err, HasSubstr("private key"));
}

std::string diagnostic(std::string_view hex) {
  return diagnostic_notation(from_hex(hex).value()).value_or("none");
}

TEST(DiagnosticNotation, IsThatOfTheRfc) {
  // RFC 8949, appendix A.
  EXPECT_EQ(diagnostic("00"), "0");
  EXPECT_EQ(diagnostic("1bffffffffffffffff"), "18446744073709551615");
  EXPECT_EQ(diagnostic("3bffffffffffffffff"), "-18446744073709551616");
  EXPECT_EQ(diagnostic("3903e7"), "-1000");
  EXPECT_EQ(diagnostic("f90000"), "0.0");
  EXPECT_EQ(diagnostic("f98000"), "-0.0");
  EXPECT_EQ(diagnostic("f93c00"), "1.0");
  EXPECT_EQ(diagnostic("fb3ff199999999999a"), "1.1");
  EXPECT_EQ(diagnostic("fa47c35000"), "100000.0");
  EXPECT_EQ(diagnostic("fb7e37e43c8800759c"), "1e+300");
  EXPECT_EQ(diagnostic("f97c00"), "Infinity");
  EXPECT_EQ(diagnostic("f97e00"), "NaN");
  EXPECT_EQ(diagnostic("f4"), "false");
  EXPECT_EQ(diagnostic("f6"), "null");
  EXPECT_EQ(diagnostic("f7"), "undefined");
  EXPECT_EQ(diagnostic("f0"), "simple(16)");
  EXPECT_EQ(diagnostic("c11a514b67b0"), "1(1363896240)");
  EXPECT_EQ(diagnostic("4401020304"), "h'01020304'");
  EXPECT_EQ(diagnostic("6449455446"), "\"IETF\"");
  EXPECT_EQ(diagnostic("62225c"), "\"\\\"\\\\\"");
  EXPECT_EQ(diagnostic("8301820203820405"), "[1, [2, 3], [4, 5]]");
  EXPECT_EQ(diagnostic("a26161016162820203"), "{\"a\": 1, \"b\": [2, 3]}");
  EXPECT_EQ(diagnostic("1817"), "23");
}

TEST(DiagnosticNotation, DoesNotLetTextSteerATerminal) {
  EXPECT_EQ(diagnostic("641b5b324a"), "\"\\u001b[2J\"");
  EXPECT_EQ(diagnostic("617f"), "\"\\u007f\"");
  EXPECT_EQ(diagnostic("62c29b"), "\"\\u009b\"");
  EXPECT_EQ(diagnostic("62c3bc"), "\"\xc3\xbc\"");
  EXPECT_THAT(diagnostic("61ff"), Not(HasSubstr("\xff")));
}

TEST(DiagnosticNotation, IsOfOneWholeItemThatIsNotTooDeep) {
  for (const char* const hex :
       {"", "0000", "81", "9fff", "818181818181818100", "5bffffffffffffffff"})
    EXPECT_EQ(diagnostic(hex), "none") << hex;
}

}  // namespace
}  // namespace salus::test

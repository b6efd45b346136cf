// `salus verify` on what the openssl command signed, on published vectors, and on bad input.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "engine/bytes.h"
#include "tests/cli/run_salus.h"
#include "tests/support/places.h"
#include "tests/support/temporary_folder.h"

namespace salus::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using Json = nlohmann::json;

RunResult verify(std::vector<std::string> arguments, const std::string& stdin_text = "") {
  arguments.insert(arguments.begin(), {"verify", "--device", "cpu"});
  RunOptions options;
  options.stdin_text = stdin_text;
  return run_salus(arguments, options);
}

std::string as_hex(const std::string& bytes) { return to_hex(as_bytes(bytes)); }

std::string base64url(const std::string& bytes) {
  static constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) out += digits[bits >> (count - 6) & 63];
  }
  if (count != 0) out += digits[bits << (6 - count) & 63];
  return out;
}

/// Keys, a message and signatures over it, all made by the openssl command.
class Signed {
 public:
  Signed() {
    folder.write("message", "the message");
    run("openssl genpkey -algorithm ED25519 -out ed.key");
    run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.key");
    for (const char* const name : {"ed", "ec"}) {
      const std::string key = name;
      run("openssl pkey -in " + key + ".key -pubout -out " + key + ".pem");
      run("openssl pkey -in " + key + ".key -pubout -outform DER -out " + key + ".der");
      run("openssl req -x509 -new -subj /CN=test -key " + key + ".key -out " + key + ".crt");
    }
    run("openssl pkeyutl -sign -rawin -inkey ed.key -in message -out ed.sig");
    run("openssl dgst -sha256 -sign ec.key -out ec.sig message");
    run("openssl ec -in ec.key -pubout -conv_form compressed -outform DER -out ec33.der");
    folder.write("ed.raw", content("ed.der").substr(12));
    folder.write("ec.point", content("ec.der").substr(26));
  }

  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder.path() / name).string();
  }
  [[nodiscard]] std::string content(const std::string& name) const {
    return read_text(folder.path() / name);
  }

  TemporaryFolder folder;

 private:
  void run(const std::string& command) const {
    const std::string line = "cd '" + folder.path().string() + "' && " + command + " 2>openssl.err";
    if (std::system(line.c_str()) != 0)
      throw std::runtime_error(command + ": " + content("openssl.err"));
  }
};

const Signed& made() {
  static const Signed once;
  return once;
}

TEST(Verify, AcceptsWhatOpensslSigned) {
  for (const std::string name : {"ed", "ec"}) {
    const RunResult result = verify({"--key", made().path(name + ".pem"), "--sig",
                                     made().path(name + ".sig"), made().path("message")});
    EXPECT_EQ(result.out, made().path("message") + ": valid\n");
    EXPECT_THAT(result.err, IsEmpty());
    EXPECT_EQ(result.exit_code, 0);
  }
}

TEST(Verify, TakesEveryFormOfAKey) {
  const TemporaryFolder folder;
  const std::string ed_hex = as_hex(made().content("ed.raw"));
  const std::string ec_text = base64url(made().content("ec.point"));
  const std::string cose = "\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20" + made().content("ed.raw");
  const std::vector<std::pair<std::string, std::string>> keys = {
      {"ed", made().path("ed.der")},
      {"ed", made().path("ed.crt")},
      {"ed", made().path("ed.raw")},
      {"ed", "hex:" + ed_hex},
      {"ed", "base64url:" + base64url(made().content("ed.der"))},
      {"ed", folder.write("key.hex", ed_hex + "\n")},
      {"ed", folder.write("key.cose", cose)},
      {"ec", made().path("ec.der")},
      {"ec", made().path("ec33.der")},
      {"ec", made().path("ec.crt")},
      {"ec", made().path("ec.point")},
      {"ec", folder.write("key.b64", ec_text + "\n")},
      {"ec", folder.write("key.text", "base64url:" + ec_text)}};
  for (const auto& [name, key] : keys) {
    const RunResult result =
        verify({"--key", key, "--sig", made().path(name + ".sig"), made().path("message")});
    EXPECT_THAT(result.out, EndsWith(": valid\n")) << key << result.err;
  }
}

TEST(Verify, TakesEveryFormOfASignature) {
  const TemporaryFolder folder;
  const std::string ed = made().content("ed.sig");
  for (const std::string& sig :
       {made().path("ed.sig"), "hex:" + as_hex(ed), "base64url:" + base64url(ed),
        folder.write("hex", as_hex(ed) + "\n"), folder.write("text", base64url(ed))}) {
    const RunResult result =
        verify({"--key", made().path("ed.raw"), "--sig", sig, made().path("message")});
    EXPECT_THAT(result.out, EndsWith(": valid\n")) << sig << result.err;
  }
  const RunResult der = verify({"--key", made().path("ec.der"), "--sig",
                                "hex:" + as_hex(made().content("ec.sig")), made().path("message")});
  EXPECT_THAT(der.out, EndsWith(": valid\n"));
}

TEST(Verify, RefusesAnotherMessage) {
  const TemporaryFolder folder;
  const std::string other = folder.write("message", "the massage");
  for (const std::string name : {"ed", "ec"}) {
    const RunResult result =
        verify({"--alg", name == "ed" ? "ed25519" : "p256", "--key", made().path(name + ".pem"),
                "--sig", made().path(name + ".sig"), other, made().path("message")});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, other + ": invalid mismatch\n" + made().path("message") + ": valid\n");
    EXPECT_THAT(result.err, IsEmpty());
  }
}

TEST(Verify, ReadsTheMessageFromStandardInputAndTheSignatureBesideTheFile) {
  const RunResult piped = verify({"--key", made().path("ed.pem"), "--sig", made().path("ed.sig")},
                                 made().content("message"));
  EXPECT_EQ(piped.out, "(stdin): valid\n");
  const TemporaryFolder folder;
  const std::string file = folder.write("m", made().content("message"));
  folder.write("m.sig", made().content("ed.sig"));
  EXPECT_THAT(verify({"--key", made().path("ed.pem"), file}).out, EndsWith("m: valid\n"));
}

TEST(Verify, TakesASignatureForEachFile) {
  const std::string sig = made().path("ec.sig");
  const std::string wrong = "hex:" + as_hex(made().content("ed.sig"));
  const RunResult result = verify({"--key", made().path("ec.pem"), "--sig", wrong, "--sig", sig,
                                   made().path("message"), made().path("message")});
  EXPECT_THAT(result.out, AllOf(HasSubstr("message: invalid "), EndsWith("message: valid\n")));
  EXPECT_EQ(result.exit_code, 1);
}

TEST(Verify, AMissingFileIsOneLineAndTheOthersAreStillVerified) {
  const RunResult result = verify({"--key", made().path("ed.pem"), "--sig", made().path("ed.sig"),
                                   "/no/such/file", made().path("message")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "salus: /no/such/file: cannot open: No such file or directory\n");
  EXPECT_EQ(result.out, made().path("message") + ": valid\n");
}

TEST(Verify, AMessageThatIsTooLongIsRefusedByTheRule) {
  const TemporaryFolder folder;
  const std::string file = folder.write("long", "");
  std::filesystem::resize_file(file, (16 << 20) + 1);
  const RunResult result =
      verify({"--key", made().path("ed.pem"), "--sig", made().path("ed.sig"), file});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, EndsWith("long: invalid message_too_long\n"));
}

TEST(Verify, PrivateKeysAreRefusedAndNeverShown) {
  for (const std::string name : {"ed.key", "ec.key"}) {
    const RunResult result = verify(
        {"--key", made().path(name), "--sig", made().path("ed.sig"), made().path("message")});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr("this is a private key"));
    EXPECT_EQ(line_count(result.err), 1U);
  }
  const std::string secret(64, 'a');
  const RunResult typed = verify({"--key", secret, made().path("message")});
  EXPECT_EQ(typed.exit_code, 2);
  EXPECT_THAT(typed.err, AllOf(StartsWith("salus: --key: no such file"), Not(HasSubstr(secret))));
}

TEST(Verify, LowSIsAPolicy) {
  // openssl takes high and low s with the same probability.
  bool refused = false;
  for (int i = 0; i < 64 && !refused; ++i) {
    const Signed fresh;
    const std::vector<std::string> arguments = {"--key", fresh.path("ec.pem"), "--sig",
                                                fresh.path("ec.sig"), fresh.path("message")};
    EXPECT_EQ(verify(arguments).exit_code, 0);
    std::vector<std::string> strict = arguments;
    strict.insert(strict.begin(), "--low-s");
    refused = verify(strict).out.ends_with(": invalid s_high\n");
  }
  EXPECT_TRUE(refused);
}

TEST(Verify, WritesJson) {
  const RunResult result =
      verify({"--json", "--key", made().path("ed.pem"), "--sig", made().path("ed.sig"),
              made().path("message"), made().path("ed.key"), "/no/such/file"});
  EXPECT_EQ(result.exit_code, 1);
  std::istringstream lines(result.out);
  std::vector<Json> objects;
  for (std::string line; std::getline(lines, line);) objects.push_back(Json::parse(line));
  ASSERT_EQ(objects.size(), 3U);
  EXPECT_EQ(objects[0], (Json{{"file", made().path("message")}, {"verdict", "valid"}}));
  EXPECT_EQ(objects[1].at("reason"), "mismatch");
  EXPECT_EQ(objects[2].at("verdict"), "error");
  EXPECT_EQ(line_count(result.err), 1U);
}

struct BadArguments {
  std::vector<std::string> arguments;
  const char* complaint;
};
class VerifyRefuses : public testing::TestWithParam<BadArguments> {};
TEST_P(VerifyRefuses, InOneLine) {
  const RunResult result = verify(GetParam().arguments);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(line_count(result.err), 1U) << result.err;
  EXPECT_THAT(result.err, AllOf(StartsWith("salus: "), HasSubstr(GetParam().complaint)));
  EXPECT_THAT(result.out, IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(
    Arguments, VerifyRefuses,
    testing::Values(
        BadArguments{{}, "a --key is needed, or --jsonl"},
        BadArguments{{"--alg", "rsa", "--key", "k"}, "--alg"},
        BadArguments{{"--key", "/no/such/key", "x"}, "--key: /no/such/key: cannot open"},
        BadArguments{{"--key", "/", "x"}, "Is a directory"},
        BadArguments{{"--key", "/dev/null", "x"}, "there are no bytes"},
        BadArguments{{"--key", "/dev/zero", "x"}, "longer than 65536 bytes"},
        BadArguments{{"--key", "hex:0", "x"}, "--key: an odd number of hex digits"},
        BadArguments{{"--key", "hex:00", "x"}, "--key: no key in PEM"},
        BadArguments{{"--alg", "p256", "--key", "hex:" + std::string(64, '0'), "x"},
                     "--alg says p256, but the key is one of ed25519"},
        BadArguments{{"--key", "hex:" + std::string(64, '0'), "--sig", "a", "--sig", "b", "x"},
                     "2 signatures for 1 file"},
        BadArguments{{"--key", "hex:" + std::string(64, '0')}, "standard input needs --sig"},
        BadArguments{{"--key", "hex:" + std::string(64, '0'), "--sig", "/dev/zero", "x"},
                     "--sig: /dev/zero: longer than 4096 bytes"},
        BadArguments{{"--jsonl", "-", "--key", "k"}, "--jsonl brings"},
        BadArguments{{"--jsonl", "-", "x"}, "--jsonl takes no further FILES"},
        BadArguments{{"--jsonl", "/no/such/file"}, "/no/such/file: cannot open"},
        BadArguments{{"--jsonl", "/"}, "/: cannot read: Is a directory"},
        BadArguments{{"--jsonl", "-", "--encoding", "rot13"}, "rot13"}));

TEST(Verify, RefusesADeviceThatIsNotThere) {
  const RunResult result = run_salus({"verify", "--device", "opencl:99", "--jsonl", "-"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("opencl:99"));
}

// ---- lines ----

Json line_of(const std::string& name, const std::string& key, const std::string& signature) {
  return {{"alg", name == "ed" ? "ed25519" : "p256"},
          {"key", key},
          {"message", as_hex("the message")},
          {"signature", signature}};
}
Json good_line(const std::string& name = "ed") {
  return line_of(name, as_hex(made().content(name == "ed" ? "ed.raw" : "ec.point")),
                 as_hex(made().content(name + ".sig")));
}
Json changed(Json line, const char* member, const Json& value) {
  line[member] = value;
  return line;
}

RunResult verify_lines(const std::string& text, std::vector<std::string> more = {}) {
  more.insert(more.end(), {"--jsonl", "-"});
  return verify(more, text);
}
/// What is said of one line.
std::string said_of(const std::string& line, const std::vector<std::string>& more = {}) {
  return verify_lines(line + "\n", more).out;
}

TEST(VerifyLines, MixesAlgorithmsAndEncodings) {
  std::string text;
  for (const std::string name : {"ed", "ec"}) {
    const std::string key = made().content(name == "ed" ? "ed.raw" : "ec.point");
    const std::string signature = made().content(name + ".sig");
    text += good_line(name).dump() + "\n";
    text += line_of(name, base64url(key), base64url(signature)).dump() + "\r\n\n";
    text += line_of(name, as_hex(made().content(name + ".der")), as_hex(signature)).dump() + "\n";
    text += line_of(name, made().content(name + ".pem"), as_hex(signature)).dump() + "\n";
    text += changed(good_line(name), "message", "hex:00").dump() + "\n";
    text += changed(good_line(name), "comment", Json{{"deep", {1, 2, {3}}}}).dump() + "\n";
  }
  text.pop_back();  // the last line may lack its end
  const RunResult result = verify_lines(text);
  EXPECT_EQ(result.out,
            "1: valid\n2: valid\n4: valid\n5: valid\n6: invalid mismatch\n7: valid\n"
            "8: valid\n9: valid\n11: valid\n12: valid\n13: invalid mismatch\n14: valid\n");
  EXPECT_THAT(result.err, StartsWith("salus: 12 signatures: 10 valid, 2 invalid; "));
  EXPECT_EQ(line_count(result.err), 1U);
  EXPECT_EQ(result.exit_code, 1);
}

TEST(VerifyLines, QuietLeavesVerdicts) {
  const RunResult result = verify_lines(good_line().dump(), {"--quiet"});
  EXPECT_EQ(result.out, "1: valid\n");
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_EQ(result.exit_code, 0);
}

TEST(VerifyLines, AnEmptyInputIsAllGood) {
  const RunResult result = verify_lines("");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, IsEmpty());
}

TEST(VerifyLines, SaysOtherwiseWhenBase64urlLooksLikeHex) {
  Json line = good_line();
  line["message"] = "abcd";
  EXPECT_EQ(said_of(line.dump()), "1: invalid mismatch\n");
  EXPECT_EQ(said_of(line.dump(), {"--encoding", "base64url"}),
            "1: error key: no key in PEM, DER, "
            "COSE_Key, SEC 1 (33 or 65 bytes) or raw form (32 bytes)\n");
}

struct BadLine {
  std::string line;
  std::string said;
};

TEST(VerifyLines, NamesWhatIsWrongWithALine) {
  const std::string good = good_line().dump();
  const std::vector<BadLine> bad = {
      {"{", "not JSON, from byte"},
      {"[]", "not a JSON object"},
      {"\"text\"", "not a JSON object"},
      {"17", "not a JSON object"},
      {good + "x", "not JSON, from byte"},
      {good + good, "not JSON, from byte"},
      {"\xff\xfe", "not JSON, from byte"},
      {"{}", "no alg"},
      {R"({"alg":"ed25519"})", "no key"},
      {R"({"alg":"ed25519","key":""})", "no message"},
      {R"({"alg":"ed25519","key":"","message":""})", "no signature"},
      {R"({"alg":"ed25519","alg":"p256"})", "alg twice"},
      {std::string(100, '['), "not a JSON object"},
      {R"({"x":)" + std::string(100, '['), "nested too deep"},
      {changed(good_line(), "alg", "rsa").dump(), "alg: neither ed25519 nor p256"},
      {changed(good_line(), "alg", 5).dump(), "alg: no string"},
      {changed(good_line(), "key", Json::array()).dump(), "key: no string"},
      {changed(good_line(), "message", nullptr).dump(), "message: no string"},
      {changed(good_line(), "key", "").dump(), "key: no key: there are no bytes"},
      {changed(good_line(), "key", "hex:0").dump(), "key: an odd number of hex digits (1)"},
      {changed(good_line(), "message", "!").dump(), "message: neither hex nor base64url"},
      {changed(good_line(), "signature", "a+b").dump(), "signature: base64 with + or /"},
      {changed(good_line(), "alg", "p256").dump(), "key: is one of ed25519, alg says p256"},
      {changed(good_line(), "key", made().content("ed.key")).dump(), "key: this is a private key"},
  };
  std::string text;
  for (const BadLine& each : bad) text += each.line + "\n";
  const RunResult result = verify_lines(text + good + "\n");
  std::istringstream lines(result.out);
  std::string line;
  for (std::size_t i = 0; i < bad.size(); ++i) {
    std::getline(lines, line);
    EXPECT_THAT(line, StartsWith(std::to_string(i + 1) + ": error " + bad[i].said)) << bad[i].line;
  }
  std::getline(lines, line);
  EXPECT_EQ(line, std::to_string(bad.size() + 1) + ": valid");
  EXPECT_THAT(result.err, HasSubstr(std::to_string(bad.size()) + " lines could not be read"));
  EXPECT_EQ(result.exit_code, 2);
}

TEST(VerifyLines, ItemsThatAreWellFormedGetTheVerifiersReason) {
  EXPECT_EQ(said_of(changed(good_line(), "signature", "00").dump()),
            "1: invalid signature_length\n");
  EXPECT_EQ(said_of(changed(good_line(), "signature", std::string(128, 'f')).dump()),
            "1: invalid s_out_of_range\n");
  EXPECT_EQ(said_of(changed(good_line(), "key", std::string(64, '0')).dump()),
            "1: invalid key_small_order\n");
  EXPECT_EQ(said_of(changed(good_line("ec"), "key", "04" + std::string(128, '0')).dump()),
            "1: invalid key_not_on_curve\n");
}

TEST(VerifyLines, WritesJson) {
  const RunResult result = verify_lines(good_line().dump() + "\n{\n", {"--json"});
  EXPECT_THAT(result.out, StartsWith("{\"line\":1,\"verdict\":\"valid\"}\n"));
  const Json bad = Json::parse(result.out.substr(result.out.find('\n')));
  EXPECT_EQ(bad.at("line"), 2);
  EXPECT_EQ(bad.at("verdict"), "error");
  EXPECT_THAT(bad.at("error").get<std::string>(), StartsWith("not JSON"));
}

TEST(VerifyLines, TakesTheLongestMessageAndRefusesLongerLines) {
  Json line = good_line();
  line["message"] = std::string(std::size_t{2} * (16 << 20), '0');
  const std::string longest = line.dump();
  const std::string endless(34 << 20, 'x');
  const RunResult result =
      verify_lines(longest + "\n" + endless + "\n" + good_line().dump() + "\n" + endless);
  EXPECT_THAT(result.out, AllOf(StartsWith("1: invalid mismatch\n2: error longer than "),
                                HasSubstr("\n3: valid\n4: error longer than ")));
}

TEST(VerifyLines, AClosedPipeIsAnError) {
  RunOptions options;
  options.close_stdout = true;
  options.stdin_text = good_line().dump() + "\n";
  const RunResult result = run_salus({"verify", "--device", "cpu", "--jsonl", "-"}, options);
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.err, "salus: cannot write standard output: Broken pipe\n");
}

TEST(VerifyLines, AnswersEachLineOfASlowSource) {
  const TemporaryFolder folder;
  const std::string questions = (folder.path() / "questions").string();
  const std::string answers = (folder.path() / "answers").string();
  ASSERT_EQ(mkfifo(questions.c_str(), 0600), 0);
  ASSERT_EQ(mkfifo(answers.c_str(), 0600), 0);
  RunResult result;
  std::thread program([&] {
    RunOptions options;
    options.stdout_path = answers;
    result = run_salus({"verify", "--device", "cpu", "--jsonl", questions}, options);
  });
  std::ifstream in(answers);
  std::ofstream out(questions);
  std::string answer;
  for (int i = 1; i <= 3; ++i) {
    out << good_line().dump() << std::endl;
    std::getline(in, answer);  // waits for ever when the program waits for more lines
    EXPECT_EQ(answer, std::to_string(i) + ": valid");
  }
  out.close();
  program.join();
  EXPECT_EQ(result.exit_code, 0);
}

TEST(VerifyLines, KeepsTheOrderOverManyBatches) {
  const std::string good = good_line().dump() + "\n";
  const std::string bad = changed(good_line(), "message", "").dump() + "\n";
  std::string text;
  std::string expected;
  for (int i = 1; i <= 17'000; ++i) {
    text += i % 7 == 0 ? "?\n" : i % 5 == 0 ? bad : good;
    expected += std::to_string(i) + (i % 7 == 0   ? ": error not JSON, from byte 1 on\n"
                                     : i % 5 == 0 ? ": invalid mismatch\n"
                                                  : ": valid\n");
  }
  EXPECT_EQ(verify_lines(text).out, expected);
}

struct Published {
  const char* file;
  const char* algorithm;
  const char* key;
};
class VerifyPublished : public testing::TestWithParam<Published> {};
TEST_P(VerifyPublished, AgreesOnEveryCase) {
  std::ifstream in(test_data("signatures/") + GetParam().file);
  std::string text;
  std::vector<bool> valid;
  const Json json = Json::parse(in);
  for (const auto& group : json.at("testGroups"))
    for (const auto& test : group.at("tests")) {
      valid.push_back(test.at("result") == "valid");
      text += Json{{"alg", GetParam().algorithm},
                   {"key", group.at(GetParam().key)},
                   {"message", test.at("msg")},
                   {"signature", test.at("sig")}}
                  .dump() +
              "\n";
    }
  ASSERT_GT(valid.size(), 100U);
  std::istringstream lines(verify_lines(text).out);
  std::string line;
  for (std::size_t i = 0; i < valid.size(); ++i) {
    ASSERT_TRUE(std::getline(lines, line));
    EXPECT_THAT(line, StartsWith(std::to_string(i + 1) + (valid[i] ? ": valid" : ": invalid ")));
  }
}
INSTANTIATE_TEST_SUITE_P(
    Wycheproof, VerifyPublished,
    testing::Values(Published{"ed25519_test.json", "ed25519", "publicKeyDer"},
                    Published{"ed25519_test.json", "EdDSA", "publicKeyPem"},
                    Published{"ecdsa_secp256r1_sha256_test.json", "p256", "publicKeyDer"},
                    Published{"ecdsa_secp256r1_sha256_test.json", "ES256", "publicKeyPem"}));

}  // namespace
}  // namespace salus::test

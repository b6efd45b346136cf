// COSE_Sign1 messages that others made: the examples of the COSE working group, statements by a
// library of the npm registry, and by the openssl command.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "engine/signature/cose_key.h"
#include "engine/signature/ecdsa_der.h"
#include "engine/signature/reference.h"
#include "node/statement/cose_sign1.h"
#include "node/statement/public_key_pem.h"
#include "node/statement/senml.h"
#include "tests/node/statement/vectors.h"
#include "tests/support/temporary_folder.h"

namespace salus::node::test {
namespace {

using engine::signature::Reason;
using Json = nlohmann::json;

std::vector<std::uint8_t> base64url(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::vector<std::uint8_t> out;
  unsigned bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    bits = bits << 6 | static_cast<unsigned>(kDigits.find(c));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<std::uint8_t>(bits >> count));
  }
  return out;
}

std::vector<std::uint8_t> coordinate(const Json& key, const std::string& name) {
  if (key.contains(name + "_hex")) return unhex(key.at(name + "_hex").get<std::string>());
  return base64url(key.at(name).get<std::string>());
}

PublicKey key_of(const Json& key) {
  if (key.at("kty") == "OKP") return {Algorithm::ed25519, coordinate(key, "x")};
  PublicKey out{Algorithm::p256, {0x04}};
  for (const char* const name : {"x", "y"}) {
    const std::vector<std::uint8_t> number = coordinate(key, name);
    out.bytes.insert(out.bytes.end(), number.begin(), number.end());
  }
  return out;
}

std::vector<std::uint8_t> external_of(const Json& sign) {
  return sign.contains("external") ? unhex(sign.at("external").get<std::string>())
                                   : std::vector<std::uint8_t>();
}

/// What is signed in a message that parses.
std::vector<std::uint8_t> to_be_signed(const CoseSign1& message, Bytes external) {
  std::vector<std::uint8_t> out;
  append_signature1(message.protected_header, external, message.payload.value(), out);
  EXPECT_EQ(out.size(),
            signature1_size(message.protected_header, external, message.payload.value()));
  return out;
}

Reason verdict_of(const Json& example) {
  const Json& sign = example.at("input").at("sign0");
  const auto bytes = unhex(example.at("output").at("cbor").get<std::string>());
  const auto message = parse_cose_sign1(bytes);
  if (!message) return Reason::unknown_algorithm;
  const PublicKey key = key_of(sign.at("key"));
  const auto signed_bytes = to_be_signed(*message, external_of(sign));
  return engine::signature::verify_reference(
      {key.algorithm, key.bytes, signed_bytes, message->signature});
}

class GoodExample : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(CoseExamples, GoodExample,
                         testing::Values("sign-pass-01", "sign-pass-02", "sign-pass-03",
                                         "eddsa-sig-01", "ecdsa-sig-01", "cwt-a3"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST_P(GoodExample, Verifies) {
  const Json example = read_json(std::string("cose/") + GetParam() + ".json");
  EXPECT_EQ(verdict_of(example), Reason::valid);
  const auto bytes = unhex(example.at("output").at("cbor").get<std::string>());
  const auto message = parse_cose_sign1(bytes).value();
  EXPECT_EQ(message.tagged, std::string(GetParam()) != "sign-pass-03");
  const auto expected = unhex(example.at("intermediates").at("ToBeSign_hex").get<std::string>());
  EXPECT_EQ(to_be_signed(message, external_of(example.at("input").at("sign0"))), expected);
  // None of them is a statement: they have no claims.
  EXPECT_EQ(refusal_of(bytes), Refusal::malformed);
}

/// sign-fail-03 and -04 name other algorithms; the others do not hold under the one they name.
class BadExample : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(CoseExamples, BadExample,
                         testing::Values("sign-fail-01", "sign-fail-02", "sign-fail-03",
                                         "sign-fail-04", "sign-fail-06", "sign-fail-07"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST_P(BadExample, IsRefused) {
  const Json example = read_json(std::string("cose/") + GetParam() + ".json");
  EXPECT_NE(verdict_of(example), Reason::valid);
  EXPECT_EQ(refusal_of(unhex(example.at("output").at("cbor").get<std::string>())),
            Refusal::malformed);
}

TEST(CoseSign1, ReadsSignaturesOfAlgorithmsThatAreNotOurs) {
  for (const auto& [name, size] : {std::pair{"ecdsa-sig-02", 96U}, std::pair{"eddsa-sig-02", 114U},
                                   std::pair{"ecdsa-sig-04", 64U}}) {
    const Json example = read_json(std::string("cose/") + name + ".json");
    const auto bytes = unhex(example.at("output").at("cbor").get<std::string>());
    const auto message = parse_cose_sign1(bytes);
    ASSERT_TRUE(message.has_value()) << name;
    EXPECT_EQ(message->signature.size(), size);
  }
}

TEST(CoseSign1, ReadsDetachedPayloads) {
  const auto bytes = unhex("d28443a10126a0f641ff");
  const auto message = parse_cose_sign1(bytes);
  ASSERT_TRUE(message.has_value());
  EXPECT_FALSE(message->payload.has_value());
  EXPECT_EQ(to_hex(message->protected_header), "a10126");
  EXPECT_EQ(to_hex(message->unprotected_header), "a0");
}

TEST(CoseSign1, RefusesOtherShapes) {
  for (const char* const hex :
       {"", "d2", "d284", "d18443a10126a04041ff", "d28343a10126a041ff", "d28443a10126a04041ff00",
        "d28443a10126804041ff", "d28443a10126a0f541ff", "d284a10126a04041ff",
        "d28443a10126a18181818181818181010041ff", "d2d28443a10126a04041ff", "9f40a04040ff"})
    EXPECT_FALSE(parse_cose_sign1(unhex(hex)).has_value()) << hex;
}

TEST(NpmLibrary, MadeStatementsThatAreTaken) {
  const Json vectors = read_json("statements/npm.json");
  ASSERT_FALSE(vectors.empty());
  for (const Json& vector : vectors) {
    const auto message = unhex(vector.at("statement").get<std::string>());
    const Statement statement = parsed(message);
    const PublicKey key =
        engine::signature::parse_cose_key(unhex(vector.at("key").get<std::string>()));
    EXPECT_EQ(to_hex(key_id(key)), vector.at("key_id").get<std::string>());
    EXPECT_EQ(statement.signer, key_id(key));
    EXPECT_EQ(statement.algorithm, key.algorithm);
    EXPECT_EQ(statement.subject, "patient-7");
    EXPECT_EQ(statement.sequence, 42U);
    EXPECT_TRUE(is_senml_pack(statement.payload));
    EXPECT_EQ(verdict(statement, key), Reason::valid);
  }
}

TEST(NpmLibrary, WritesTheSameEd25519StatementAsWe) {
  const Json vectors = read_json("statements/npm.json");
  const auto theirs = unhex(vectors.at(0).at("statement").get<std::string>());
  EXPECT_EQ(make_statement(ed25519_key(), parsed(theirs).payload), theirs);
}

/// A statement that is put together here and signed by the openssl command.
class OpensslCommand : public testing::Test {
 protected:
  void run(const std::string& command) const {
    const std::string line = "cd '" + folder_.path().string() + "' && " + command;
    ASSERT_EQ(std::system((line + " >log 2>&1").c_str()), 0) << command;
  }
  [[nodiscard]] std::vector<std::uint8_t> content(std::string_view name) const {
    std::ifstream file(folder_.path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// The good statement of `signer` with the signature replaced.
  [[nodiscard]] static std::vector<std::uint8_t> with_signature(
      const SigningKey& signer, const std::vector<std::uint8_t>& signature) {
    auto message = make_statement(signer, std::vector<std::uint8_t>{0x80});
    std::copy(signature.begin(), signature.end(), message.end() - 64);
    return message;
  }
  void write_signed_bytes(const SigningKey& signer) const {
    const auto message = make_statement(signer, std::vector<std::uint8_t>{0x80});
    std::vector<std::uint8_t> bytes;
    append_signed_bytes(parsed(message), bytes);
    folder_.write("signed", bytes);
    folder_.write("public.pem", public_key_pem(signer.public_key()));
  }

  salus::test::TemporaryFolder folder_;
};

TEST_F(OpensslCommand, SignsEd25519StatementsThatVerify) {
  run("openssl genpkey -algorithm ED25519 -out key.pem");
  const SigningKey signer = SigningKey::load(folder_.path("key.pem"));
  write_signed_bytes(signer);
  run("openssl pkeyutl -sign -rawin -inkey key.pem -in signed -out signature");
  const auto message = with_signature(signer, content("signature"));
  EXPECT_EQ(verdict(parsed(message), signer.public_key()), Reason::valid);
}

TEST_F(OpensslCommand, SignsP256StatementsThatVerify) {
  run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem");
  const SigningKey signer = SigningKey::load(folder_.path("key.pem"));
  write_signed_bytes(signer);
  run("openssl dgst -sha256 -sign key.pem -out signature signed");
  const auto pair = engine::signature::p256_signature_from_der(content("signature"));
  ASSERT_TRUE(pair.has_value());
  const auto message = with_signature(signer, {pair->begin(), pair->end()});
  EXPECT_EQ(verdict(parsed(message), signer.public_key()), Reason::valid);
}

TEST_F(OpensslCommand, AcceptsOurEd25519Signature) {
  const SigningKey signer = SigningKey::generate(Algorithm::ed25519);
  const auto message = make_statement(signer, std::vector<std::uint8_t>{0x80});
  write_signed_bytes(signer);
  folder_.write("signature", parsed(message).signature);
  run("openssl pkeyutl -verify -rawin -pubin -inkey public.pem -in signed -sigfile signature");
}

}  // namespace
}  // namespace salus::node::test

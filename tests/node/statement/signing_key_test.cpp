// Signing keys: ours read by OpenSSL, OpenSSL's read by us, and files that nobody should read.
#include "node/statement/signing_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/error.h"
#include "engine/signature/reference.h"
#include "node/statement/public_key_pem.h"
#include "tests/node/statement/vectors.h"
#include "tests/support/temporary_folder.h"

namespace salus::node::test {
namespace {

using engine::signature::parse_public_key;
using engine::signature::Reason;
using testing::HasSubstr;
using testing::Not;

Secret secret(std::string text) { return Secret(text); }

class SigningKeys : public testing::Test {
 protected:
  /// The standard output of a command that runs in the folder and must succeed.
  std::string run(const std::string& command) const {
    const std::string line = "cd '" + folder_.path().string() + "' && (" + command + ")";
    EXPECT_EQ(std::system((line + " >out 2>log").c_str()), 0) << command << '\n' << read("log");
    return read("out");
  }
  [[nodiscard]] std::string read(std::string_view name) const {
    std::ifstream file(folder_.path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] std::string path(std::string_view name) const { return folder_.path(name); }

  /// The message of the `Error` that loading ends with.
  std::string failure(std::string_view name, const AskPassphrase& ask = {}) const {
    try {
      (void)SigningKey::load(path(name), ask);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  salus::test::TemporaryFolder folder_;
};

void expect_signs(const SigningKey& key) {
  const std::vector<std::uint8_t> message = {1, 2, 3};
  const SignatureBytes signature = key.sign(message);
  EXPECT_EQ(engine::signature::verify_reference(
                {key.algorithm(), key.public_key().bytes, message, signature}),
            Reason::valid);
}

class EachKind : public SigningKeys, public testing::WithParamInterface<Algorithm> {};

INSTANTIATE_TEST_SUITE_P(SigningKey, EachKind, testing::Values(Algorithm::ed25519, Algorithm::p256),
                         [](const auto& test) {
                           return std::string(engine::signature::to_string(test.param));
                         });

TEST_P(EachKind, SurvivesItsFile) {
  const SigningKey key = SigningKey::generate(GetParam());
  expect_signs(key);
  key.save(path("key.pem"), Secret());
  const SigningKey again = SigningKey::load(path("key.pem"));
  EXPECT_EQ(again.public_key(), key.public_key());
  EXPECT_EQ(again.id(), key.id());
  EXPECT_EQ(again.algorithm(), GetParam());
  expect_signs(again);
}

TEST_P(EachKind, IsReadByOpenssl) {
  const SigningKey key = SigningKey::generate(GetParam());
  key.save(path("key.pem"), Secret());
  EXPECT_EQ(run("openssl pkey -in key.pem -pubout"), public_key_pem(key.public_key()));
}

TEST_P(EachKind, IsMadeAnewEachTime) {
  EXPECT_NE(SigningKey::generate(GetParam()).id(), SigningKey::generate(GetParam()).id());
}

// Once only: deriving a key of a passphrase is slow on purpose.
TEST_F(SigningKeys, SurviveTheirEncryptedFilesWhichOpensslReads) {
  const SigningKey key = SigningKey::generate(Algorithm::ed25519);
  key.save(path("key.pem"), secret("correct horse"));
  EXPECT_THAT(read("key.pem"), HasSubstr("BEGIN ENCRYPTED PRIVATE KEY"));
  int asked = 0;
  const SigningKey again = SigningKey::load(path("key.pem"), [&] {
    ++asked;
    return secret("correct horse");
  });
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(again.id(), key.id());
  EXPECT_EQ(run("openssl pkey -in key.pem -passin 'pass:correct horse' -pubout"),
            public_key_pem(key.public_key()));
  const std::string shape = run("openssl asn1parse -in key.pem");
  EXPECT_THAT(shape, HasSubstr("PBES2"));
  EXPECT_THAT(shape, HasSubstr("hmacWithSHA256"));
  EXPECT_THAT(shape, HasSubstr("aes-256-cbc"));
  EXPECT_THAT(shape, HasSubstr("0927C0"));  // 600,000 rounds
}

TEST_F(SigningKeys, ThatAreEncryptedNeedTheirPassphrase) {
  run("openssl genpkey -algorithm ED25519 -out plain.pem");
  run("openssl pkcs8 -topk8 -iter 1000 -in plain.pem -passout 'pass:correct horse' -out key.pem");
  int asked = 0;
  const std::string message = failure("key.pem", [&] {
    ++asked;
    return secret("wrong horse");
  });
  EXPECT_EQ(asked, 1);
  EXPECT_THAT(message, HasSubstr("passphrase is wrong"));
  EXPECT_THAT(message, Not(HasSubstr("horse")));
  EXPECT_THAT(failure("key.pem"), HasSubstr("passphrase is needed"));
  EXPECT_THAT(failure("key.pem", [] { return Secret(); }), HasSubstr("passphrase is wrong"));
  EXPECT_THAT(
      failure("key.pem", []() -> Secret { throw Error(ErrorKind::usage, "nobody is there"); }),
      HasSubstr("nobody is there"));
}

TEST_F(SigningKeys, MadeByOpensslWorkAsTheyAre) {
  run("openssl genpkey -algorithm ED25519 -out ed.pem");
  run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem");
  run("openssl ecparam -name prime256v1 -genkey -out sec1.pem");
  run("openssl ec -in sec1.pem -conv_form compressed -out compressed.pem");
  run("openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -passout pass:x "
      "-out pkcs8.pem");
  run("openssl ec -in sec1.pem -aes128 -passout pass:x -out old.pem");
  run("openssl pkey -in ed.pem -aes256 -passout pass:x -out ed-secret.pem");
  run("openssl pkcs8 -topk8 -scrypt -in ed.pem -passout pass:x -out scrypt.pem");
  for (const char* const name : {"ed.pem", "ec.pem", "sec1.pem", "compressed.pem", "pkcs8.pem",
                                 "old.pem", "ed-secret.pem", "scrypt.pem"}) {
    const SigningKey key = SigningKey::load(path(name), [] { return secret("x"); });
    expect_signs(key);
    const std::string public_pem =
        run(std::string("openssl pkey -passin pass:x -pubout -in ") + name);
    EXPECT_EQ(parse_public_key(as_bytes(public_pem)), key.public_key()) << name;
  }
}

TEST_F(SigningKeys, OfOtherKindsAreRefusedByName) {
  run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out p384.pem");
  run("openssl genpkey -algorithm X25519 -out x25519.pem");
  run("openssl genpkey -algorithm ED448 -out ed448.pem");
  run("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa.pem");
  EXPECT_THAT(failure("p384.pem"), HasSubstr("secp384r1"));
  EXPECT_THAT(failure("x25519.pem"), HasSubstr("X25519"));
  EXPECT_THAT(failure("ed448.pem"), HasSubstr("ED448"));
  EXPECT_THAT(failure("rsa.pem"), HasSubstr("RSA"));
}

TEST_F(SigningKeys, ThatAreNoneAreRefusedWithoutShowingThem) {
  folder_.write("empty.pem", "");
  folder_.write("text.pem", "hunter2 hunter2 hunter2");
  run("openssl genpkey -algorithm ED25519 -out key.pem");
  run("openssl pkey -in key.pem -pubout -out public.pem");
  folder_.write("long.pem", std::string(kMaxKeyFileBytes + 1, 'x'));
  for (const char* const name : {"empty.pem", "text.pem", "public.pem", "long.pem", "none.pem"}) {
    const std::string message = failure(name);
    EXPECT_THAT(message, HasSubstr(name));
    EXPECT_THAT(message, Not(HasSubstr("hunter2")));
  }
}

TEST_F(SigningKeys, WhosePublicPartIsAnotherOnesAreRefused) {
  run("openssl ecparam -name prime256v1 -genkey -noout -outform DER -out a.der");
  run("openssl ecparam -name prime256v1 -genkey -noout -outform DER -out b.der");
  std::string a = read("a.der");
  const std::string b = read("b.der");
  ASSERT_EQ(a.size(), b.size());
  a.replace(a.size() - 64, 64, b.substr(b.size() - 64));
  folder_.write("mixed.der", a);
  run("openssl base64 -in mixed.der -out body && (echo '-----BEGIN EC PRIVATE KEY-----'; cat body; "
      "echo '-----END EC PRIVATE KEY-----') > mixed.pem");
  EXPECT_THAT(failure("mixed.pem"), HasSubstr("does not belong"));
}

TEST_F(SigningKeys, FilesAreForTheirOwnerAlone) {
  const SigningKey key = SigningKey::generate(Algorithm::ed25519);
  const mode_t before = umask(0);
  key.save(path("key.pem"), Secret());
  umask(before);
  struct stat status {};
  ASSERT_EQ(stat(path("key.pem").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
}

TEST_F(SigningKeys, FilesAreNeverOverwritten) {
  folder_.write("key.pem", "precious");
  const SigningKey key = SigningKey::generate(Algorithm::ed25519);
  try {
    key.save(path("key.pem"), Secret());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr("is there already"));
  }
  EXPECT_EQ(read("key.pem"), "precious");
  std::filesystem::create_symlink(path("elsewhere"), path("link.pem"));
  EXPECT_THROW(key.save(path("link.pem"), Secret()), Error);
  EXPECT_FALSE(std::filesystem::exists(path("elsewhere")));
}

TEST_F(SigningKeys, ThatCannotBeWrittenLeaveNoFile) {
  const SigningKey key = SigningKey::generate(Algorithm::ed25519);
  try {
    key.save(path("no/such/folder/key.pem"), Secret());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::system);
  }
  EXPECT_THROW(key.save(path("key.pem"), secret(std::string(kMaxPassphraseBytes + 1, 'p'))), Error);
  EXPECT_FALSE(std::filesystem::exists(path("key.pem")));
}

TEST(SecretText, IsWipedFromTheStringThatItCameIn) {
  std::string text = "a passphrase";
  const Secret taken(text);
  EXPECT_EQ(taken.text(), "a passphrase");
  EXPECT_TRUE(text.empty());
}

/// 32 bytes written in hex.
Digest bytes32(std::string_view hex) { return *digest_from_hex(hex); }

TEST(SigningKeyFromSecret, HasThePublicPartThatThePublishedVectorsSay) {
  // RFC 8032, 7.1, test 1; RFC 6979, A.2.5.
  const auto ed25519 = SigningKey::from_secret(
      Algorithm::ed25519,
      bytes32("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
  ASSERT_TRUE(ed25519);
  EXPECT_EQ(to_hex(ed25519->public_key().bytes),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const auto p256 = SigningKey::from_secret(
      Algorithm::p256, bytes32("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"));
  ASSERT_TRUE(p256);
  EXPECT_THAT(to_hex(p256->public_key().bytes),
              HasSubstr("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"));
  expect_signs(*ed25519);
  expect_signs(*p256);
}

TEST(SigningKeyFromSecret, IsNoneWhereP256HasNoSuchScalar) {
  for (const char* hex : {"0000000000000000000000000000000000000000000000000000000000000000",
                          "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
                          "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"})
    EXPECT_FALSE(SigningKey::from_secret(Algorithm::p256, bytes32(hex))) << hex;
  EXPECT_TRUE(SigningKey::from_secret(
      Algorithm::p256,
      bytes32("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550")));
}

}  // namespace
}  // namespace salus::node::test

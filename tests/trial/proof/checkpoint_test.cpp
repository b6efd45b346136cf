// Checkpoints: what is written is read again, and no byte of it can be changed.
#include "trial/proof/checkpoint.h"

#include <gmock/gmock.h>

#include "engine/base64.h"
#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "node/statement/public_key_pem.h"

namespace salus::trial::test {
namespace {

using node::Algorithm;
using node::SigningKey;

TreeHead head() { return {"salus-trial/pilot", 17, openssl_sha256(as_bytes("root"))}; }

TEST(Base64, IsThatOfRfc4648AndHasOneText) {
  const std::pair<const char*, const char*> published[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : published) {
    EXPECT_EQ(to_base64(as_bytes(bytes)), text);
    const auto back = from_base64(text);
    ASSERT_TRUE(back) << text;
    EXPECT_EQ(std::string(back->begin(), back->end()), bytes);
  }
  for (const char* text :
       {"Zg", "Zg=", "Zh==", "Zg==\n", " Zg==", "Z===", "====", "Zg==Zg==", "Zm9-"})
    EXPECT_FALSE(from_base64(text)) << text;
  const std::vector<std::uint8_t> many(7'000'001, 0x5a);
  EXPECT_EQ(from_base64(to_base64(many)), many);
}

TEST(Origin, MayBeTheNameOfANotesKey) {
  for (const char* good : {"a", "salus-trial/x", "example.com/log42", "studie-\u00fc"})
    EXPECT_TRUE(is_origin(good)) << good;
  for (const char* bad :
       {"", "a b", "a+b", "a\nb", "a\u00a0b", "a\u3000b", "\xff", "a\tb", "a\u0085"})
    EXPECT_FALSE(is_origin(bad)) << bad;
  EXPECT_TRUE(is_origin(std::string(255, 'x')));
  EXPECT_FALSE(is_origin(std::string(256, 'x')));
}

TEST(Origin, OfAnyFolderCanBeMade) {
  EXPECT_EQ(default_origin("cdiscpilot01"), "salus-trial/cdiscpilot01");
  EXPECT_EQ(default_origin("Phase III + b"), "salus-trial/Phase-III---b");
  EXPECT_EQ(default_origin("\xff\n"), "salus-trial/--");
  EXPECT_EQ(default_origin("stud\u00fc"), "salus-trial/stud\u00fc");
  EXPECT_EQ(default_origin(""), "salus-trial/study");
  EXPECT_TRUE(is_origin(default_origin(std::string(300, '\xc3') + "\xbc")));
}

class CheckpointOf : public testing::TestWithParam<Algorithm> {
 protected:
  SigningKey key_ = SigningKey::generate(GetParam());
  std::string text_ = make_checkpoint(key_, head());
};

TEST_P(CheckpointOf, AnyKeyIsReadAndHolds) {
  const Checkpoint read = read_checkpoint(text_);
  EXPECT_EQ(read.head, head());
  EXPECT_TRUE(text_.starts_with("salus-trial/pilot\n17\n"));
  EXPECT_EQ(check_signature(read, key_.public_key()), NoteVerdict::valid);
  const SigningKey other = SigningKey::generate(GetParam());
  EXPECT_EQ(check_signature(read, other.public_key()), NoteVerdict::not_signed);
}

TEST_P(CheckpointOf, AnyKeyFailsWhenAnyBitIsChanged) {
  for (std::size_t i = 0; i < text_.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string changed = text_;
      changed[i] = static_cast<char>(changed[i] ^ (1U << bit));
      try {
        const Checkpoint read = read_checkpoint(changed);
        EXPECT_NE(check_signature(read, key_.public_key()), NoteVerdict::valid)
            << "bit " << bit << " of byte " << i;
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::input);
      }
    }
  }
}

TEST_P(CheckpointOf, AnyKeyFailsWhenCutOrContinued) {
  for (std::size_t size = 0; size < text_.size(); ++size)
    EXPECT_THROW(read_checkpoint(text_.substr(0, size)), Error) << size;
  EXPECT_THROW(read_checkpoint(text_ + "x"), Error);
  EXPECT_THROW(read_checkpoint(text_ + "\n"), Error);
}

TEST_P(CheckpointOf, AnyKeyMayHaveCosignaturesOfOthers) {
  const SigningKey witness = SigningKey::generate(Algorithm::ed25519);
  const std::string other = make_checkpoint(witness, {"witness.example", 17, head().root});
  const std::string line = other.substr(other.find("\n\n") + 2);
  EXPECT_EQ(check_signature(read_checkpoint(text_ + line), key_.public_key()), NoteVerdict::valid);
  std::string many = text_;
  for (int i = 0; i < 16; ++i) many += line;
  EXPECT_THROW(read_checkpoint(many), Error);
}

INSTANTIATE_TEST_SUITE_P(Keys, CheckpointOf, testing::Values(Algorithm::ed25519, Algorithm::p256),
                         [](const auto& suite) {
                           return std::string(engine::signature::to_string(suite.param));
                         });

TEST(Checkpoint, IsNotMadeForAnOriginThatIsNone) {
  const SigningKey key = SigningKey::generate(Algorithm::ed25519);
  EXPECT_THROW(make_checkpoint(key, {"two words", 1, {}}), Error);
}

TEST(Checkpoint, OfAP256KeyHasTheHintOfItsDer) {
  const SigningKey key = SigningKey::generate(Algorithm::p256);
  const std::string pem = node::public_key_pem(key.public_key());
  const std::size_t begin = pem.find('\n') + 1;
  std::string der = pem.substr(begin, pem.find("-----END") - begin);
  std::erase(der, '\n');
  const Digest hash = openssl_sha256(from_base64(der).value());
  const auto hint = read_checkpoint(make_checkpoint(key, head())).signatures.at(0).hint;
  EXPECT_TRUE(std::equal(hint.begin(), hint.end(), hash.begin()));
}

TEST(VerifierKey, IsOnlyForEd25519) {
  EXPECT_THROW(note_verifier_key(SigningKey::generate(Algorithm::p256).public_key(), "a"), Error);
  EXPECT_THAT(note_verifier_key(SigningKey::generate(Algorithm::ed25519).public_key(), "a"),
              testing::MatchesRegex("a\\+[0-9a-f]+\\+AQ?.*"));
}

}  // namespace
}  // namespace salus::trial::test

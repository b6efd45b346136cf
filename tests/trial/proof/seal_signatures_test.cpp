// The four small files that sealing signs: they hold together, and no byte of any can be changed.
#include "trial/proof/seal_signatures.h"

#include <gmock/gmock.h>

#include "engine/error.h"
#include "node/statement/data_seal.h"
#include "tests/trial/proof/made_seal.h"

namespace salus::trial::test {
namespace {

using node::Algorithm;

class SignaturesOf : public testing::TestWithParam<Algorithm> {
 protected:
  [[nodiscard]] SignatureCheck check(const SealSignatures& signatures,
                                     const PublicKey* trusted = nullptr) const {
    return check_seal_signatures(signatures, seal_.head(), "locked", trusted);
  }
  /// The file that a single fault names; empty where there is none.
  [[nodiscard]] std::string fault(const SealSignatures& signatures) const {
    const SignatureCheck found = check(signatures);
    return found.faults.empty() ? "" : found.faults.front().file;
  }

  MadeSeal seal_{GetParam()};
};

TEST_P(SignaturesOf, ASealHoldAndSayWhoAndWhen) {
  const PublicKey key = seal_.key().public_key();
  const SignatureCheck found = check(seal_.signatures(), &key);
  EXPECT_TRUE(found.faults.empty());
  ASSERT_TRUE(found.signer);
  EXPECT_EQ(found.signer->key, key);
  EXPECT_EQ(found.signer->id, seal_.key().id());
  EXPECT_EQ(found.signer->issued_at, MadeSeal::kIssuedAt);
}

TEST_P(SignaturesOf, ASealAreStatementsThatTheLedgerTakes) {
  const auto parsed = node::parse_statement(seal_.signatures().statement);
  const auto& statement = std::get<node::Statement>(parsed);
  EXPECT_EQ(statement.type, node::ContentType::data_seal);
  const auto said = node::decode_data_seal(statement.payload);
  ASSERT_TRUE(said);
  EXPECT_EQ(said->name, seal_.head().origin);
  EXPECT_EQ(said->root, seal_.head().root);
  EXPECT_EQ(said->note, "locked");
}

TEST_P(SignaturesOf, ASealByAnotherKeyThanTheTrustedOneAreAFault) {
  const PublicKey other = node::SigningKey::generate(GetParam()).public_key();
  const SignatureCheck found = check(seal_.signatures(), &other);
  ASSERT_EQ(found.faults.size(), 1U);
  EXPECT_EQ(found.faults[0].file, kSignerFile);
}

TEST_P(SignaturesOf, ASealFailWhenAnyByteIsChanged) {
  const SealSignatures& good = seal_.signatures();
  for (std::size_t i = 0; i < good.checkpoint.size(); ++i) {
    SealSignatures bad = good;
    bad.checkpoint[i] = static_cast<char>(bad.checkpoint[i] ^ 1);
    EXPECT_EQ(fault(bad), kCheckpointFile) << i;
  }
  for (std::size_t i = 0; i < good.statement.size(); ++i) {
    SealSignatures bad = good;
    bad.statement[i] ^= 1;
    EXPECT_EQ(fault(bad), kStatementFile) << i;
  }
  for (std::size_t i = 0; i < good.tree_head.size(); ++i) {
    SealSignatures bad = good;
    bad.tree_head[i] ^= 1;
    EXPECT_EQ(fault(bad), kTreeHeadFile) << i;
  }
  for (std::size_t i = 0; i < good.signer.size(); ++i) {
    SealSignatures bad = good;
    bad.signer[i] = static_cast<char>(bad.signer[i] ^ 1);
    EXPECT_NE(fault(bad), "") << i;
  }
}

TEST_P(SignaturesOf, AnotherSealDoNotFit) {
  const MadeSeal other(GetParam(), 6);
  SealSignatures mixed = seal_.signatures();
  mixed.checkpoint = make_checkpoint(seal_.key(), other.head());
  EXPECT_EQ(fault(mixed), kCheckpointFile);
  mixed = seal_.signatures();
  mixed.tree_head = sign_tree_head(seal_.key(), other.head());
  EXPECT_EQ(fault(mixed), kTreeHeadFile);
  mixed = seal_.signatures();
  mixed.statement = sign_seal(seal_.key(), seal_.head(), {1, 1, "another note"}).statement;
  EXPECT_EQ(fault(mixed), kStatementFile);
  EXPECT_EQ(fault(other.signatures()), kCheckpointFile);
  EXPECT_EQ(fault({}), kSignerFile);
}

INSTANTIATE_TEST_SUITE_P(Keys, SignaturesOf, testing::Values(Algorithm::ed25519, Algorithm::p256),
                         [](const auto& suite) {
                           return std::string(engine::signature::to_string(suite.param));
                         });

TEST(SealClaims, OfNotesThatAreNoPlainTextAreRefused) {
  const auto key = node::SigningKey::generate(Algorithm::ed25519);
  EXPECT_THROW(sign_seal(key, {"a", 1, {}}, {1, 1, "two\nlines"}), Error);
  EXPECT_THROW(sign_seal(key, {"a", 1, {}}, {1, 1, std::string(4097, 'x')}), Error);
}

}  // namespace
}  // namespace salus::trial::test

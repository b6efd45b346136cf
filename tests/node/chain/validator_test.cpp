// Every fault of a block is found and named with the statement that has it; of several the first.
#include "node/chain/validator.h"

#include <gtest/gtest.h>

#include "node/statement/key_registration.h"
#include "node/statement/key_revocation.h"
#include "node/statement/key_rotation.h"
#include "node/statement/sign.h"
#include "tests/node/chain/chain_fixture.h"
#include "tests/support/reference_tree.h"

namespace salus::node::test {
namespace {

/// A chain of genesis alone, on which a block is tried.
class Validation : public testing::Test {
 protected:
  Validation() : maker_({.devices = 4, .p256_share = 0.5, .unregistered_devices = 1}) {}

  /// What is wrong with a block, each time on a new chain.
  std::optional<BlockFault> fault_of(const Made& block) {
    TestChain chain(maker_);
    return chain.add(block).fault;
  }
  std::optional<BlockFault> fault_with(std::span<const Message> statements) {
    return fault_of(maker_.block(root_, statements));
  }
  /// A block whose statement 0 is what `change` makes of the right one.
  std::optional<BlockFault> fault_with_first(
      const std::function<void(ValidatorStatement&)>& change) {
    return fault_of(maker_.block_signed(root_, messages_, [&](ValidatorStatement said) {
      change(said);
      return sign_by(maker_.factory().validator(0))(said);
    }));
  }

  [[nodiscard]] Message telemetry(std::size_t device, std::uint64_t sequence) const {
    return maker_.factory().telemetry(device, time_, sequence);
  }
  [[nodiscard]] Message by_authority(ContentType type, Bytes payload,
                                     std::uint64_t sequence) const {
    return Maker::statement(maker_.factory().authority(), type, payload, sequence, time_);
  }
  [[nodiscard]] Message registration(const SigningKey& key, std::uint64_t sequence) const {
    return by_authority(ContentType::key_registration,
                        encode(KeyRegistration{key.public_key(), Role::device, ""}), sequence);
  }

  Maker maker_;
  const Made root_ = maker_.genesis_block();
  const std::int64_t time_ = root_.time;
  const std::vector<Message> messages_{telemetry(1, 1), telemetry(2, 1), telemetry(3, 1),
                                       telemetry(1, 2)};
};

void spoil_signature(Message& message) { message.back() ^= 1; }

TEST_F(Validation, AGoodBlockIsGood) {
  EXPECT_EQ(fault_with({}), std::nullopt);
  EXPECT_EQ(fault_with(messages_), std::nullopt);
}

TEST_F(Validation, TheRootIsTheTreeHeadThatAReferenceComputes) {
  const Made block = maker_.block(root_, messages_);
  const salus::test::ReferenceTree tree(engine::TreeKind::rfc9162);
  std::vector<Digest> leaves;
  for (const Message& message : statements_of(block)) leaves.push_back(tree.leaf(message));
  EXPECT_EQ(leaves.size(), messages_.size() + 1);
  EXPECT_EQ(header_of(block).merkle_root, tree.root(leaves));
}

TEST_F(Validation, OnlySignaturesThatWereNotVerifiedBeforeAreVerified) {
  std::vector<Message> messages = messages_;
  spoil_signature(messages[0]);
  spoil_signature(messages[2]);
  const Made block = maker_.block(root_, messages);
  const auto fault_but_for = [&](std::vector<bool> verified) {
    ChainOptions options;
    options.verified_before = [verified](std::span<const Statement> statements,
                                         std::span<const Digest> ids) {
      EXPECT_EQ(statements.size(), verified.size());
      EXPECT_EQ(ids.size(), verified.size());
      return verified;
    };
    TestChain chain(maker_, options);
    return chain.add(block).fault;
  };
  EXPECT_EQ(fault_but_for({false, false, false, false, false}), refused(1, Refusal::bad_signature));
  EXPECT_EQ(fault_but_for({true, true, true, false, true}), refused(3, Refusal::bad_signature));
  EXPECT_EQ(fault_but_for({false, true, false, true, false}), std::nullopt);
}

TEST_F(Validation, ASignatureThatDoesNotHoldIsNamedByItsIndex) {
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    std::vector<Message> messages = messages_;
    spoil_signature(messages[i]);
    EXPECT_EQ(fault_with(messages),
              refused(static_cast<std::uint32_t>(i + 1), Refusal::bad_signature));
  }
}

TEST_F(Validation, TheValidatorsSignatureIsLookedAtToo) {
  std::vector<Message> statements = statements_of(maker_.block(root_, messages_));
  spoil_signature(statements[0]);
  EXPECT_EQ(fault_of(maker_.block_of(root_, statements)), refused(0, Refusal::bad_signature));
}

TEST_F(Validation, OfSeveralFaultsTheLowestStatementsIsNamed) {
  std::vector<Message> messages = messages_;
  messages[3] = {0xff};  // malformed
  EXPECT_EQ(fault_with(messages), refused(4, Refusal::malformed));
  messages[2] = messages[0];  // again
  EXPECT_EQ(fault_with(messages), refused(3, Refusal::duplicate));
  spoil_signature(messages[1]);
  EXPECT_EQ(fault_with(messages), refused(2, Refusal::bad_signature));
  messages[0] = telemetry(0, 1);  // not registered
  EXPECT_EQ(fault_with(messages), refused(1, Refusal::unknown_signer));
}

TEST_F(Validation, OfOneStatementsFaultsTheFirstInOrderIsNamed) {
  // The signature comes before the sequence, and after the signer.
  std::vector<Message> messages{telemetry(1, 5), telemetry(1, 4)};
  spoil_signature(messages[1]);
  EXPECT_EQ(fault_with(messages), refused(2, Refusal::bad_signature));
  messages[1] = telemetry(0, 4);
  spoil_signature(messages[1]);
  EXPECT_EQ(fault_with(messages), refused(2, Refusal::unknown_signer));
}

TEST_F(Validation, AStatementLongerThanTheChainPermitsIsRefused) {
  FactoryOptions options;
  options.limits.statement_bytes = 512;
  const Maker maker(options);
  const Message message = Maker::statement(maker.factory().device(0), ContentType::fhir_json,
                                           std::vector<std::uint8_t>(600, 'x'), 1, time_);
  TestChain chain(maker);
  EXPECT_EQ(chain.add(maker.block(maker.genesis_block(), std::vector<Message>{message})).fault,
            refused(1, Refusal::oversize));
}

TEST_F(Validation, StatementZeroIsAValidatorsAndNoOtherIs) {
  EXPECT_EQ(fault_of(maker_.block_of(root_, messages_)), fault(FaultKind::not_by_validator, 0));
  const Made block = maker_.block(root_, messages_);
  EXPECT_EQ(fault_with(statements_of(block)), fault(FaultKind::misplaced_validator, 1));
}

TEST_F(Validation, OnlyAValidatorMaySignABlock) {
  const auto by = [&](const SigningKey& key) {
    return fault_of(maker_.block_signed(root_, messages_, sign_by(key)));
  };
  EXPECT_EQ(by(maker_.factory().device(1)), refused(0, Refusal::not_permitted));
  EXPECT_EQ(by(maker_.factory().authority()), refused(0, Refusal::not_permitted));
  EXPECT_EQ(by(maker_.factory().device(0)), refused(0, Refusal::unknown_signer));
}

TEST_F(Validation, StatementZeroNamesItsBlockAndNoOther) {
  const auto kind_with = [&](const std::function<void(ValidatorStatement&)>& change) {
    const auto found = fault_with_first(change);
    EXPECT_TRUE(found.has_value());
    EXPECT_EQ(found->statement, 0U);
    return found->kind;
  };
  EXPECT_EQ(kind_with([](auto& said) { said.chain[0] ^= 1; }), FaultKind::wrong_chain);
  EXPECT_EQ(kind_with([](auto& said) { said.height += 1; }), FaultKind::wrong_height);
  EXPECT_EQ(kind_with([](auto& said) { said.previous[0] ^= 1; }), FaultKind::wrong_previous);
  EXPECT_EQ(kind_with([](auto& said) { said.time -= 1; }), FaultKind::wrong_time);
  EXPECT_EQ(kind_with([](auto& said) { said.tree_head[0] ^= 1; }), FaultKind::wrong_content);
}

// Nobody else can put other statements below one's statement 0.
TEST_F(Validation, OtherContentUnderAValidatorsStatementIsRefused) {
  std::vector<Message> statements = statements_of(maker_.block(root_, messages_));
  statements.pop_back();
  EXPECT_EQ(fault_of(maker_.block_of(root_, statements)), fault(FaultKind::wrong_content, 0));
  statements.push_back(telemetry(1, 9));
  EXPECT_EQ(fault_of(maker_.block_of(root_, statements)), fault(FaultKind::wrong_content, 0));
}

TEST_F(Validation, KeysRegisteredInABlockSignInIt) {
  const SigningKey key = SigningKey::generate(Algorithm::p256);
  const Message by_new = Maker::statement(key, ContentType::fhir_json, as_bytes("{}"), 1, time_);
  EXPECT_EQ(fault_with(std::vector{registration(key, 1), by_new}), std::nullopt);
  EXPECT_EQ(fault_with(std::vector{by_new, registration(key, 1)}),
            refused(1, Refusal::unknown_signer));
  std::vector<Message> messages{registration(key, 1), by_new};
  spoil_signature(messages[0]);
  EXPECT_EQ(fault_with(messages), refused(1, Refusal::bad_signature));
}

TEST_F(Validation, KeysRotateWithinABlock) {
  const SigningKey& old = maker_.factory().device(1);
  const SigningKey next = SigningKey::generate(Algorithm::ed25519);
  const SigningKey last = SigningKey::generate(Algorithm::p256);
  const auto rotation = [&](const SigningKey& from, const SigningKey& to, std::uint64_t sequence) {
    return Maker::statement(from, ContentType::key_rotation,
                            encode(KeyRotation{from.id(), to.public_key()}), sequence, time_);
  };
  const auto by = [&](const SigningKey& key, std::uint64_t sequence) {
    return Maker::statement(key, ContentType::fhir_json, as_bytes("{}"), sequence, time_);
  };
  const std::vector<Message> good{by(old, 1),  rotation(old, next, 2),
                                  by(next, 1), rotation(next, last, 2),
                                  by(last, 1), by(last, 2)};
  EXPECT_EQ(fault_with(good), std::nullopt);
  EXPECT_EQ(fault_with(std::vector{by(old, 1), rotation(old, next, 2), by(old, 3)}),
            refused(3, Refusal::revoked_signer));
  EXPECT_EQ(fault_with(std::vector{by(next, 1), rotation(old, next, 1)}),
            refused(1, Refusal::unknown_signer));
}

TEST_F(Validation, ARevokedKeySignsNoMoreInTheSameBlock) {
  const Message revocation = by_authority(
      ContentType::key_revocation,
      encode(KeyRevocation{maker_.factory().device(1).id(), RevocationReason::key_compromise}), 1);
  EXPECT_EQ(fault_with(std::vector{telemetry(1, 1), revocation}), std::nullopt);
  EXPECT_EQ(fault_with(std::vector{revocation, telemetry(1, 1)}),
            refused(2, Refusal::revoked_signer));
}

// In a small block: no byte can be changed so that it is still taken.
TEST_F(Validation, EveryChangedByteIsRefused) {
  const Made block = maker_.block(root_, std::vector{telemetry(1, 1), telemetry(2, 1)});
  std::optional<TestChain> chain(std::in_place, maker_);
  for (std::size_t at = 0; at < block.bytes.size(); ++at) {
    Made changed = block;
    changed.bytes[at] ^= static_cast<std::uint8_t>(1U << at % 8);
    const AddResult result = chain->add(changed);
    // Free version bits and the nonce may have work all the same: that is another block, and good.
    const bool is_free = at < 3 + 4 || (at >= 3 + 76 && at < 3 + 80);
    if (is_free && result.standing == Standing::on_chain) {
      chain.emplace(maker_);
      continue;
    }
    EXPECT_TRUE(result.standing == Standing::refused || result.standing == Standing::orphan) << at;
  }
  EXPECT_EQ(chain->add(block).standing, Standing::on_chain);
}

ChainOptions with_threads(unsigned threads) {
  ChainOptions options;
  options.threads = threads;
  return options;
}

// What is found is the same whatever part a thread had.
TEST_F(Validation, LargeBlocksAreParsedInPartsWithTheSameAnswers) {
  const Maker maker({.devices = 10});
  auto messages = maker.factory().many_telemetry(3000, time_, 0);
  for (const unsigned threads : {1U, 2U, 5U}) {
    TestChain chain(maker, with_threads(threads));
    EXPECT_EQ(chain.add(maker.block(maker.genesis_block(), messages)).standing, Standing::on_chain);
  }
  messages[2500] = {0x00};
  messages[900][0] ^= 1;
  for (const unsigned threads : {1U, 2U, 5U}) {
    TestChain chain(maker, with_threads(threads));
    EXPECT_EQ(chain.add(maker.block(maker.genesis_block(), messages)).fault,
              refused(901, Refusal::malformed));
  }
}

}  // namespace
}  // namespace salus::node::test

// What waits goes into a block so that all of it is permitted there, and no more than fits.
#include "node/chain/statement_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>

#include "node/state/state.h"
#include "node/statement/key_registration.h"
#include "node/statement/key_revocation.h"
#include "node/statement/key_rotation.h"
#include "tests/node/state/signers.h"

namespace salus::node::test {
namespace {

class Order : public testing::Test {
 protected:
  Order() {
    StateOverlay overlay(state_);
    overlay.add_key(authority_.id(), record_of(authority_, Role::authority));
    for (const SigningKey& device : devices_)
      overlay.add_key(device.id(), record_of(device, Role::device));
    state_.write(overlay.writes());
  }

  void wait(const SigningKey& key, ContentType type, Bytes payload, std::uint64_t sequence) {
    const OwnedStatement& made = owned_.emplace_back(make_statement(key, type, payload, sequence));
    pending_.push_back({made.statement, made.id});
  }
  void wait_telemetry(const SigningKey& key, std::uint64_t sequence) {
    wait(key, ContentType::senml_cbor, telemetry_payload(), sequence);
  }
  void wait_registration(const SigningKey& key, std::uint64_t sequence) {
    wait(authority_, ContentType::key_registration,
         encode(KeyRegistration{key.public_key(), Role::device, ""}), sequence);
  }
  void wait_revocation(const SigningKey& key, std::uint64_t sequence) {
    wait(authority_, ContentType::key_revocation, encode(KeyRevocation{key.id(), {}}), sequence);
  }

  [[nodiscard]] StatementOrder order(const BlockLimits& limits = {}) const {
    return order_statements(pending_, state_, {kNow, 120, 1, false}, limits);
  }

  State state_;
  SigningKey authority_ = SigningKey::generate(Algorithm::ed25519);
  std::vector<SigningKey> devices_ = [] {
    std::vector<SigningKey> keys;
    for (int i = 0; i < 4; ++i) keys.push_back(SigningKey::generate(Algorithm::ed25519));
    return keys;
  }();
  std::deque<OwnedStatement> owned_;
  std::vector<PendingStatement> pending_;
};

TEST_F(Order, StatementsAreSortedBySignerAndSequence) {
  for (const std::uint64_t sequence : {3, 1, 2})
    for (const SigningKey& device : devices_) wait_telemetry(device, sequence);
  const StatementOrder result = order();
  EXPECT_TRUE(result.refused.empty());
  ASSERT_EQ(result.chosen.size(), 12U);
  EXPECT_TRUE(std::ranges::is_sorted(result.chosen, {}, [this](std::size_t i) {
    return std::tuple(pending_[i].statement.signer, pending_[i].statement.sequence);
  }));
}

TEST_F(Order, WhatChangesKeysStaysWhereItCame) {
  const SigningKey late = SigningKey::generate(Algorithm::ed25519);
  wait_telemetry(devices_[0], 1);
  wait_registration(late, 5);
  wait_telemetry(late, 1);
  wait_telemetry(devices_[1], 1);
  wait_revocation(devices_[1], 6);
  wait_telemetry(late, 2);
  const StatementOrder result = order();
  EXPECT_TRUE(result.refused.empty());
  EXPECT_EQ(result.chosen.size(), 6U);
}

TEST_F(Order, AnAuthoritysLaterStatementThatCameFirstWaitsForItsTurn) {
  const SigningKey late = SigningKey::generate(Algorithm::ed25519);
  wait_registration(late, 7);
  wait_telemetry(late, 1);
  wait_revocation(devices_[0], 6);
  const StatementOrder result = order();
  EXPECT_TRUE(result.refused.empty());
  EXPECT_EQ(result.chosen, (std::vector<std::size_t>{2, 0, 1}));
}

TEST_F(Order, WhatIsNotPermittedIsNamedAndHoldsUpNothing) {
  wait_telemetry(devices_[0], 1);
  wait_telemetry(SigningKey::generate(Algorithm::ed25519), 1);
  wait_telemetry(devices_[0], 2);
  pending_.push_back(pending_[2]);
  const StatementOrder result = order();
  EXPECT_EQ(result.chosen, (std::vector<std::size_t>{0, 2}));
  ASSERT_EQ(result.refused.size(), 2U);
  for (const auto& [index, refusal] : result.refused)
    EXPECT_EQ(refusal, index == 1 ? Refusal::unknown_signer : Refusal::duplicate);
}

TEST_F(Order, AFullBlockLeavesTheRestWaiting) {
  for (std::uint64_t sequence = 1; sequence <= 20; ++sequence)
    wait_telemetry(devices_[0], sequence);
  BlockLimits limits;
  limits.statements = 8;  // one of them the validator's
  EXPECT_EQ(order(limits).chosen.size(), 7U);
  limits = {};
  limits.block_bytes = 4096;
  const StatementOrder result = order(limits);
  EXPECT_GT(result.chosen.size(), 2U);
  EXPECT_LT(result.chosen.size(), 20U);
  EXPECT_TRUE(result.refused.empty());
}

// Statements come as the rules permit them one after the other, as intake takes them; then those of
// each signer between two changes of keys are mixed up, as brokers do. All of them fit.
TEST_F(Order, WhateverWasTakenInFitsIntoTheBlock) {
  std::mt19937 random(3);
  std::deque<SigningKey> made;
  std::vector<const SigningKey*> keys;
  for (const SigningKey& device : devices_) keys.push_back(&device);
  std::map<KeyId, std::uint64_t> sequences;
  std::vector<std::size_t> changes;
  for (int i = 0; i < 120; ++i) {
    const SigningKey*& key = keys[random() % keys.size()];
    switch (random() % 12) {
      case 0: {
        const SigningKey& late = made.emplace_back(SigningKey::generate(Algorithm::ed25519));
        changes.push_back(pending_.size());
        wait_registration(late, ++sequences[authority_.id()]);
        keys.push_back(&late);
        break;
      }
      case 1: {
        const SigningKey& next = made.emplace_back(SigningKey::generate(Algorithm::ed25519));
        changes.push_back(pending_.size());
        wait(*key, ContentType::key_rotation, encode(KeyRotation{key->id(), next.public_key()}),
             ++sequences[key->id()]);
        key = &next;
        break;
      }
      default: wait_telemetry(*key, ++sequences[key->id()]);
    }
  }
  std::size_t begin = 0;
  changes.push_back(pending_.size());
  for (const std::size_t change : changes) {
    std::shuffle(pending_.begin() + static_cast<std::ptrdiff_t>(begin),
                 pending_.begin() + static_cast<std::ptrdiff_t>(change), random);
    begin = change + 1;
  }
  const StatementOrder result = order();
  EXPECT_TRUE(result.refused.empty());
  EXPECT_EQ(result.chosen.size(), pending_.size());
}

}  // namespace
}  // namespace salus::node::test

// Each rule for statements with what it refuses, at its boundaries, and the order of the rules.
#include "node/state/rules.h"

#include <gtest/gtest.h>

#include "node/state/state.h"
#include "node/statement/data_seal.h"
#include "node/statement/erasure.h"
#include "node/statement/key_registration.h"
#include "node/statement/key_revocation.h"
#include "node/statement/key_rotation.h"
#include "node/statement/validator.h"
#include "tests/node/state/signers.h"

namespace salus::node::test {
namespace {

constexpr std::int64_t kMaxAhead = 120;

class Rules : public testing::Test {
 protected:
  Rules() {
    after_.add_key(authority_.id(), record_of(authority_, Role::authority));
    after_.add_key(validator_.id(), record_of(validator_, Role::validator));
    after_.add_key(device_.id(), record_of(device_, Role::device));
  }

  std::variant<StatementChange, Refusal> decide(const OwnedStatement& made) {
    return test::decide(after_, made, context_);
  }

  /// The refusal, or nothing where the statement was permitted; it is carried out then.
  std::optional<Refusal> submit(const OwnedStatement& made) {
    const auto decided = decide(made);
    if (const auto* refusal = std::get_if<Refusal>(&decided)) return *refusal;
    after_.apply(std::get<StatementChange>(decided));
    return std::nullopt;
  }
  std::optional<Refusal> submit(const SigningKey& key, ContentType type, Bytes payload,
                                std::int64_t issued_at = kNow) {
    return submit(make_statement(key, type, payload, ++sequence_, issued_at));
  }
  std::optional<Refusal> submit_telemetry(const SigningKey& key, std::int64_t issued_at = kNow) {
    return submit(key, ContentType::senml_cbor, telemetry_payload(), issued_at);
  }
  std::optional<Refusal> submit_registration(const SigningKey& by, const SigningKey& key, Role role,
                                             std::int64_t issued_at = kNow) {
    return submit(by, ContentType::key_registration,
                  encode(KeyRegistration{key.public_key(), role, ""}), issued_at);
  }
  std::optional<Refusal> submit_rotation(const SigningKey& by, const KeyId& old,
                                         const SigningKey& key) {
    return submit(by, ContentType::key_rotation, encode(KeyRotation{old, key.public_key()}));
  }
  std::optional<Refusal> submit_revocation(const SigningKey& by, const KeyId& key) {
    return submit(by, ContentType::key_revocation,
                  encode(KeyRevocation{key, RevocationReason::key_compromise}));
  }

  State state_;
  StateOverlay after_{state_};
  RuleContext context_{kNow, kMaxAhead, 1, false};
  SigningKey authority_ = SigningKey::generate(Algorithm::ed25519);
  SigningKey validator_ = SigningKey::generate(Algorithm::ed25519);
  SigningKey device_ = SigningKey::generate(Algorithm::p256);
  SigningKey other_ = SigningKey::generate(Algorithm::ed25519);
  std::uint64_t sequence_ = 0;
};

TEST_F(Rules, TelemetryOfARegisteredDeviceRaisesItsSequence) {
  const OwnedStatement made =
      make_statement(device_, ContentType::senml_cbor, telemetry_payload(), 7);
  EXPECT_EQ(submit(made), std::nullopt);
  EXPECT_EQ(after_.find_key(device_.id())->last, (LastStatement{7, made.id}));
}

TEST_F(Rules, OpaquePayloadsAreNotLookedInto) {
  const std::vector<std::uint8_t> anything{0xff, 0x00};
  EXPECT_EQ(submit(device_, ContentType::senml_json, anything), std::nullopt);
  EXPECT_EQ(submit(device_, ContentType::fhir_json, anything), std::nullopt);
  EXPECT_EQ(submit(device_, ContentType::fhir_json, {}), Refusal::malformed_payload);
}

TEST_F(Rules, AKeyThatNobodyRegisteredIsRefused) {
  EXPECT_EQ(submit_telemetry(other_), Refusal::unknown_signer);
}

TEST_F(Rules, ARevokedOrReplacedKeyIsRefused) {
  EXPECT_EQ(submit_revocation(authority_, device_.id()), std::nullopt);
  EXPECT_EQ(submit_telemetry(device_), Refusal::revoked_signer);
  EXPECT_EQ(submit_registration(authority_, other_, Role::device), std::nullopt);
  const SigningKey next = SigningKey::generate(Algorithm::ed25519);
  EXPECT_EQ(submit_rotation(other_, other_.id(), next), std::nullopt);
  EXPECT_EQ(submit_telemetry(other_), Refusal::revoked_signer);
  EXPECT_EQ(submit_telemetry(next), std::nullopt);
}

TEST_F(Rules, AnAlgorithmThatIsNotTheKeysIsRefused) {
  OwnedStatement made = make_statement(device_, ContentType::senml_cbor, telemetry_payload(), 1);
  made.statement.algorithm = Algorithm::ed25519;
  EXPECT_EQ(submit(made), Refusal::wrong_algorithm);
}

TEST_F(Rules, OnlySomeRolesMaySignEachType) {
  struct Case {
    ContentType type;
    std::vector<std::uint8_t> payload;
    bool device, authority, validator;
  };
  const KeyRegistration registration{other_.public_key(), Role::device, ""};
  const std::vector<Case> cases{
      {ContentType::senml_cbor, telemetry_payload(), true, false, false},
      {ContentType::senml_json, {'x'}, true, false, false},
      {ContentType::fhir_json, {'x'}, true, false, false},
      {ContentType::key_registration, encode(registration), false, true, false},
      {ContentType::key_revocation, encode(KeyRevocation{device_.id(), {}}), false, true, false},
      {ContentType::data_seal, encode(DataSeal{"set", 1, {}, "", ""}), true, true, false},
      {ContentType::erasure, encode(Erasure{}), false, true, false},
      {ContentType::validator, encode(ValidatorStatement{}), false, false, false},
  };
  for (const Case& each : cases) {
    const auto is_permitted = [&](const SigningKey& key) {
      const auto decided = decide(make_statement(key, each.type, each.payload, 1000));
      const auto* refusal = std::get_if<Refusal>(&decided);
      EXPECT_EQ(refusal != nullptr ? *refusal : Refusal::not_permitted, Refusal::not_permitted);
      return refusal == nullptr;
    };
    SCOPED_TRACE(media_type(each.type));
    EXPECT_EQ(is_permitted(device_), each.device);
    EXPECT_EQ(is_permitted(authority_), each.authority);
    EXPECT_EQ(is_permitted(validator_), each.validator);
  }
}

TEST_F(Rules, AValidatorStatementBelongsFirstInABlockAndNothingElseDoes) {
  const auto payload = encode(ValidatorStatement{});
  EXPECT_EQ(submit(validator_, ContentType::validator, payload), Refusal::not_permitted);
  context_.is_first = true;
  EXPECT_EQ(submit_telemetry(device_), Refusal::not_permitted);
  EXPECT_EQ(submit(device_, ContentType::validator, payload), Refusal::not_permitted);
  EXPECT_EQ(submit(validator_, ContentType::validator, payload), std::nullopt);
  EXPECT_EQ(after_.validator_at(1), validator_.id());
}

TEST_F(Rules, TheSameStatementAgainIsADuplicateAndAnOldSequenceIsNot) {
  const auto at = [&](std::uint64_t sequence, std::int64_t issued_at = kNow) {
    return make_statement(device_, ContentType::senml_cbor, telemetry_payload(), sequence,
                          issued_at);
  };
  EXPECT_EQ(submit(at(5)), std::nullopt);
  EXPECT_EQ(submit(at(5)), Refusal::duplicate);
  EXPECT_EQ(submit(at(5, kNow + 1)), Refusal::sequence_not_risen);
  EXPECT_EQ(submit(at(4)), Refusal::sequence_not_risen);
  EXPECT_EQ(submit(at(0)), Refusal::sequence_not_risen);
  EXPECT_EQ(submit(at(6)), std::nullopt);
  const std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(submit(at(last)), std::nullopt);
  EXPECT_EQ(submit(at(last, kNow + 1)), Refusal::sequence_not_risen);
}

TEST_F(Rules, ASignersFirstSequenceMayBeZero) {
  EXPECT_EQ(submit(make_statement(device_, ContentType::senml_cbor, telemetry_payload(), 0)),
            std::nullopt);
}

TEST_F(Rules, TimeMayBeAheadAndBehindRegistrationByTheSameBound) {
  EXPECT_EQ(submit_telemetry(device_, kNow + kMaxAhead), std::nullopt);
  EXPECT_EQ(submit_telemetry(device_, kNow + kMaxAhead + 1), Refusal::issued_in_future);
  EXPECT_EQ(submit_telemetry(device_, kNow - kMaxAhead), std::nullopt);
  EXPECT_EQ(submit_telemetry(device_, kNow - kMaxAhead - 1), Refusal::issued_before_registration);
  EXPECT_EQ(submit_telemetry(device_, 0), Refusal::issued_before_registration);
  EXPECT_EQ(submit_telemetry(device_, kLatestTime), Refusal::issued_in_future);
}

TEST_F(Rules, AKeyMaySignFromTheTimeThatItsRegistrationNames) {
  EXPECT_EQ(submit_registration(authority_, other_, Role::device, kNow - 50), std::nullopt);
  EXPECT_EQ(after_.find_key(other_.id())->registered_at, kNow - 50);
  EXPECT_EQ(submit_telemetry(other_, kNow - 50 - kMaxAhead), std::nullopt);
  EXPECT_EQ(submit_telemetry(other_, kNow - 51 - kMaxAhead), Refusal::issued_before_registration);
}

TEST_F(Rules, RegistrationMakesEveryRoleAndRefusesAKeyThatIsKnown) {
  for (const Role role : {Role::device, Role::validator, Role::authority}) {
    const SigningKey key = SigningKey::generate(Algorithm::p256);
    const std::uint64_t before = after_.active_keys(role);
    EXPECT_EQ(submit_registration(authority_, key, role), std::nullopt);
    EXPECT_EQ(after_.find_key(key.id())->role, role);
    EXPECT_EQ(after_.active_keys(role), before + 1);
    EXPECT_EQ(submit_registration(authority_, key, role), Refusal::key_exists);
  }
  EXPECT_EQ(submit_revocation(authority_, device_.id()), std::nullopt);
  EXPECT_EQ(submit_registration(authority_, device_, Role::device), Refusal::key_exists);
}

TEST_F(Rules, ANewAuthorityMayRegisterKeys) {
  EXPECT_EQ(submit_registration(authority_, other_, Role::authority), std::nullopt);
  EXPECT_EQ(submit_registration(other_, SigningKey::generate(Algorithm::ed25519), Role::device),
            std::nullopt);
}

TEST_F(Rules, RotationKeepsTheRoleAndNamesTheSuccessor) {
  EXPECT_EQ(submit_telemetry(device_), std::nullopt);
  EXPECT_EQ(submit_rotation(device_, device_.id(), other_), std::nullopt);
  const KeyRecord& old = *after_.find_key(device_.id());
  EXPECT_EQ(old.status, KeyStatus::replaced);
  EXPECT_EQ(old.replaced_by, other_.id());
  EXPECT_EQ(old.last->sequence, sequence_);
  const KeyRecord& now = *after_.find_key(other_.id());
  EXPECT_EQ(now.role, Role::device);
  EXPECT_EQ(now.last, std::nullopt);
  EXPECT_EQ(after_.active_keys(Role::device), 1U);
}

TEST_F(Rules, OneMayRotateOnesOwnKeyAndAnAuthorityAnyones) {
  const SigningKey next = SigningKey::generate(Algorithm::ed25519);
  EXPECT_EQ(submit_rotation(device_, validator_.id(), next), Refusal::not_permitted);
  EXPECT_EQ(submit_rotation(validator_, device_.id(), next), Refusal::not_permitted);
  EXPECT_EQ(submit_rotation(authority_, validator_.id(), next), std::nullopt);
  EXPECT_EQ(after_.find_key(next.id())->role, Role::validator);
  EXPECT_EQ(after_.active_keys(Role::validator), 1U);
}

TEST_F(Rules, RotationNeedsAnActiveOldKeyAndANewOneThatIsUnknown) {
  EXPECT_EQ(submit_rotation(authority_, other_.id(), other_), Refusal::unknown_target);
  EXPECT_EQ(submit_rotation(authority_, device_.id(), validator_), Refusal::key_exists);
  EXPECT_EQ(submit_rotation(device_, device_.id(), device_), Refusal::key_exists);
  EXPECT_EQ(submit_revocation(authority_, device_.id()), std::nullopt);
  EXPECT_EQ(submit_rotation(authority_, device_.id(), other_), Refusal::unknown_target);
}

TEST_F(Rules, RevocationNeedsAnActiveKey) {
  EXPECT_EQ(submit_revocation(authority_, other_.id()), Refusal::unknown_target);
  EXPECT_EQ(submit_revocation(authority_, device_.id()), std::nullopt);
  EXPECT_EQ(submit_revocation(authority_, device_.id()), Refusal::unknown_target);
}

TEST_F(Rules, TheLastAuthorityAndTheLastValidatorCannotBeRevoked) {
  EXPECT_EQ(submit_revocation(authority_, authority_.id()), Refusal::not_permitted);
  EXPECT_EQ(submit_revocation(authority_, validator_.id()), Refusal::not_permitted);
  EXPECT_EQ(submit_registration(authority_, other_, Role::authority), std::nullopt);
  EXPECT_EQ(submit_revocation(authority_, authority_.id()), std::nullopt);
  EXPECT_EQ(submit_revocation(other_, other_.id()), Refusal::not_permitted);
}

TEST_F(Rules, ErasureIsRememberedAndMayBeRepeated) {
  Digest id{};
  id[0] = 7;
  EXPECT_FALSE(after_.is_erased(id));
  EXPECT_EQ(submit(authority_, ContentType::erasure, encode(Erasure{id})), std::nullopt);
  EXPECT_TRUE(after_.is_erased(id));
  EXPECT_EQ(submit(authority_, ContentType::erasure, encode(Erasure{id})), std::nullopt);
}

TEST_F(Rules, APayloadThatIsNotWhatTheTypeSaysIsRefused) {
  const std::vector<std::uint8_t> payload{0xa1, 0x18, 0x63, 0x00};  // {99: 0}
  for (const ContentType type :
       {ContentType::senml_cbor, ContentType::key_registration, ContentType::key_rotation,
        ContentType::key_revocation, ContentType::data_seal, ContentType::erasure,
        ContentType::validator}) {
    SCOPED_TRACE(media_type(type));
    EXPECT_EQ(submit(authority_, type, payload), Refusal::malformed_payload);
  }
}

// Everything is wrong with one statement, and mended in the order in which it is to be named.
TEST_F(Rules, TheFirstFaultInTheOrderOfTheChecksIsNamed) {
  EXPECT_EQ(submit(make_statement(device_, ContentType::senml_cbor, telemetry_payload(), 9)),
            std::nullopt);
  const std::vector<std::uint8_t> nonsense{0x00};
  const std::int64_t late = kNow + kMaxAhead + 1;
  OwnedStatement made = make_statement(other_, ContentType::key_registration, nonsense, 9, late);
  EXPECT_EQ(submit(made), Refusal::malformed_payload);
  const auto known = encode(KeyRegistration{device_.public_key(), Role::device, ""});
  made = make_statement(other_, ContentType::key_registration, known, 9, late);
  made.statement.algorithm = Algorithm::p256;
  EXPECT_EQ(submit(made), Refusal::unknown_signer);
  KeyRecord revoked = record_of(other_, Role::device, late + 1000);
  revoked.status = KeyStatus::revoked;
  revoked.last = LastStatement{9, made.id};
  const auto put = [&](const KeyRecord& record) {
    StateWrites writes;
    write_key(writes, other_.id(), &record);
    after_.write(writes);
  };
  put(revoked);
  EXPECT_EQ(submit(made), Refusal::revoked_signer);
  revoked.status = KeyStatus::active;
  put(revoked);
  EXPECT_EQ(submit(made), Refusal::wrong_algorithm);
  made.statement.algorithm = Algorithm::ed25519;
  EXPECT_EQ(submit(made), Refusal::not_permitted);
  revoked.role = Role::authority;
  put(revoked);
  EXPECT_EQ(submit(made), Refusal::duplicate);
  revoked.last->id[0] ^= 1;
  put(revoked);
  EXPECT_EQ(submit(made), Refusal::sequence_not_risen);
  revoked.last.reset();
  put(revoked);
  EXPECT_EQ(submit(made), Refusal::issued_in_future);
  context_.time += 1;
  EXPECT_EQ(submit(made), Refusal::issued_before_registration);
  revoked.registered_at = kNow;
  put(revoked);
  EXPECT_EQ(submit(made), Refusal::key_exists);
}

}  // namespace
}  // namespace salus::node::test

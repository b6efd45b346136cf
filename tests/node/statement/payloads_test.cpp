// Payloads of our own types: each is read back as it was written, and in no other encoding.
#include <gtest/gtest.h>

#include "node/statement/data_seal.h"
#include "node/statement/erasure.h"
#include "node/statement/key_registration.h"
#include "node/statement/key_revocation.h"
#include "node/statement/key_rotation.h"
#include "node/statement/validator.h"
#include "tests/node/statement/vectors.h"

namespace salus::node::test {
namespace {

using Encoded = std::vector<std::uint8_t>;

Digest digest_of(std::uint8_t byte) {
  Digest digest;
  digest.fill(byte);
  return digest;
}
KeyId id_of(std::uint8_t byte) {
  KeyId id;
  id.fill(byte);
  return id;
}

/// Of every payload: it is read back, and no truncation, extension or changed bit gives the same
/// value again; whatever is read from changed bytes is written as exactly these bytes.
template <typename Payload, typename Decode>
void expect_one_encoding(const Payload& payload, const Decode& decode) {
  Encoded encoded = encode(payload);
  ASSERT_EQ(decode(encoded), payload);
  for (std::size_t size = 0; size < encoded.size(); ++size)
    EXPECT_FALSE(decode(Bytes(encoded).first(size)).has_value()) << size;
  for (std::size_t bit = 0; bit < 8 * encoded.size(); ++bit) {
    encoded[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    if (const auto changed = decode(encoded)) {
      EXPECT_NE(*changed, payload) << bit;
      EXPECT_EQ(encode(*changed), encoded) << bit;
    }
    encoded[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
  }
  encoded.push_back(0);
  EXPECT_FALSE(decode(encoded).has_value());
}

TEST(Payload, OfAKeyRegistrationHasOneEncoding) {
  for (const Role role : {Role::device, Role::validator, Role::authority}) {
    expect_one_encoding(KeyRegistration{ed25519_key().public_key(), role, "bed 4, monitor"},
                        decode_key_registration);
    expect_one_encoding(KeyRegistration{p256_key().public_key(), role, ""},
                        decode_key_registration);
  }
}

TEST(Payload, OfAKeyRotationHasOneEncoding) {
  expect_one_encoding(KeyRotation{id_of(1), p256_key().public_key()}, decode_key_rotation);
}

TEST(Payload, OfAKeyRevocationHasOneEncoding) {
  for (const int reason : {0, 1, 3, 4, 5, 9})
    expect_one_encoding(KeyRevocation{id_of(2), static_cast<RevocationReason>(reason)},
                        decode_key_revocation);
}

TEST(Payload, OfADataSealHasOneEncoding) {
  expect_one_encoding(
      DataSeal{"CDISCPILOT01", 15, digest_of(3), "application/x-sas-xport", "database lock"},
      decode_data_seal);
  expect_one_encoding(DataSeal{"n", ~std::uint64_t{0}, digest_of(3), "", ""}, decode_data_seal);
  expect_one_encoding(DataSeal{"n", 1, digest_of(3), "", "note"}, decode_data_seal);
}

TEST(Payload, OfAnErasureHasOneEncoding) {
  expect_one_encoding(Erasure{digest_of(4)}, decode_erasure);
}

TEST(Payload, OfAValidatorHasOneEncoding) {
  expect_one_encoding(
      ValidatorStatement{digest_of(5), 1000000, digest_of(6), 0xffffffff, digest_of(7)},
      decode_validator);
}

TEST(Payload, IsWrittenAsTheFormatsPageShows) {
  // Put together by hand from the CDDL of docs/formats.md.
  EXPECT_EQ(to_hex(encode(KeyRevocation{id_of(0xab), RevocationReason::key_compromise})),
            "a20150abababababababababababababababab0201");
  EXPECT_EQ(to_hex(encode(Erasure{digest_of(1)})), "a1015820" + to_hex(digest_of(1)));
  EXPECT_EQ(to_hex(encode(DataSeal{"x", 2, digest_of(1), "", "y"})),
            "a401617802020358200101010101010101010101010101010101010101010101010101010101010101"
            "056179");
  EXPECT_EQ(to_hex(encode(KeyRegistration{ed25519_key().public_key(), Role::device, "m"})),
            "a301a301012006215820d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
            "020103616d");
  EXPECT_EQ(
      to_hex(encode(ValidatorStatement{digest_of(1), 7, digest_of(2), 1700000000, digest_of(3)})),
      "a5015820" + to_hex(digest_of(1)) +
          "0207"
          "035820" +
          to_hex(digest_of(2)) +
          "041a6553f100"
          "055820" +
          to_hex(digest_of(3)));
}

TEST(Payload, WithUnknownOrMisplacedFieldsIsRefused) {
  const std::string digest = to_hex(digest_of(1));
  EXPECT_FALSE(decode_erasure(unhex("a2015820" + digest + "0200")));             // one more
  EXPECT_FALSE(decode_erasure(unhex("a1025820" + digest)));                      // another
  EXPECT_FALSE(decode_erasure(unhex("a2015820" + digest + "015820" + digest)));  // twice
  EXPECT_FALSE(decode_erasure(unhex("a101581f" + digest.substr(2))));            // short
  EXPECT_FALSE(decode_erasure(unhex("a0")));
  EXPECT_FALSE(decode_erasure(unhex("80")));
  EXPECT_FALSE(decode_erasure({}));
  const std::string id = to_hex(id_of(1));
  EXPECT_FALSE(decode_key_revocation(unhex("a202010150" + id)));       // out of order
  EXPECT_FALSE(decode_key_revocation(unhex("a20150" + id + "0202")));  // no such reason
  EXPECT_FALSE(decode_key_revocation(unhex("a20150" + id + "021901ff")));
}

TEST(Payload, OfRegistrationsHoldsNoOtherFormOfAKeyAndNoOtherRole) {
  const Encoded key = unhex("a301012006215820" + std::string(64, '1'));
  const auto with = [](std::string_view cose_key, std::string_view rest) {
    return decode_key_registration(unhex("a201" + std::string(cose_key) + std::string(rest)));
  };
  const std::string good = to_hex(key);
  EXPECT_TRUE(with(good, "0201"));
  EXPECT_FALSE(with(good, "0200"));
  EXPECT_FALSE(with(good, "0204"));
  EXPECT_FALSE(with(good, "021901ff"));
  EXPECT_FALSE(
      with("a401010327"
           "2006215820" +
               std::string(64, '1'),
           "0201"));  // with alg
  EXPECT_FALSE(
      with("a3"
           "2006"
           "0101"
           "215820" +
               std::string(64, '1'),
           "0201"));  // out of order
  EXPECT_FALSE(
      with("a4"
           "01012006215820" +
               std::string(64, '1') + "235820" + std::string(64, '2'),
           "0201"));  // private
  // P-256 with the sign of y in its place.
  EXPECT_FALSE(
      with("a40102200121582065eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c"
           "08551d22f4",
           "0201"));
}

TEST(Payload, TextIsBoundedAndPlain) {
  const auto seal = [](std::string name, std::string note) {
    return decode_data_seal(
        encode(DataSeal{std::move(name), 1, digest_of(1), "", std::move(note)}));
  };
  EXPECT_TRUE(seal(std::string(kMaxSealNameBytes, 'n'), std::string(kMaxSealNoteBytes, 't')));
  EXPECT_FALSE(seal(std::string(kMaxSealNameBytes + 1, 'n'), ""));
  EXPECT_FALSE(seal("n", std::string(kMaxSealNoteBytes + 1, 't')));
  EXPECT_FALSE(seal("", ""));
  EXPECT_FALSE(seal("a\nb", ""));
  EXPECT_FALSE(seal("\xff", ""));
  EXPECT_FALSE(decode_data_seal(encode(DataSeal{"n", 0, digest_of(1), "", ""})));
}

TEST(Role, HasNamesAndNumbers) {
  for (const Role role : {Role::device, Role::validator, Role::authority}) {
    EXPECT_EQ(role_from_number(static_cast<std::uint64_t>(role)), role);
    EXPECT_EQ(role_from_name(to_string(role)), role);
  }
  EXPECT_FALSE(role_from_number(0).has_value());
  EXPECT_FALSE(role_from_number(256 + 1).has_value());
  EXPECT_FALSE(role_from_name("doctor").has_value());
}

}  // namespace
}  // namespace salus::node::test

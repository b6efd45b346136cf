// Keys made by OpenSSL or printed in RFCs, in every form; and bytes that are none.
#include "engine/signature/public_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "engine/error.h"

namespace salus::engine::signature {
namespace {

using testing::HasSubstr;
using ByteVector = std::vector<std::uint8_t>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

ByteVector hex(const std::string& text) { return from_hex(text).value(); }

ByteVector joined(const ByteVector& a, const ByteVector& b) {
  ByteVector out = a;
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

Key ed25519_key() { return {EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free}; }
Key ec_key(const char* curve) {
  return {EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve), EVP_PKEY_free};
}
Key p256_key() { return ec_key("P-256"); }
void compress(const Key& key) {
  EVP_PKEY_set_utf8_string_param(key.get(), OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                 "compressed");
}

/// What OpenSSL says that the key's own bytes are.
PublicKey expected(const Key& key) {
  ByteVector bytes(100);
  std::size_t size = 0;
  if (EVP_PKEY_is_a(key.get(), "ED25519") == 1) {
    size = bytes.size();
    EXPECT_EQ(EVP_PKEY_get_raw_public_key(key.get(), bytes.data(), &size), 1);
    bytes.resize(size);
    return {Algorithm::ed25519, bytes};
  }
  EVP_PKEY_set_utf8_string_param(key.get(), OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                 "uncompressed");
  EXPECT_EQ(EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY,
                                            bytes.data(), bytes.size(), &size),
            1);
  bytes.resize(size);
  return {Algorithm::p256, bytes};
}

template <typename Encode>
ByteVector encoded(const Encode& encode) {
  std::uint8_t* out = nullptr;
  const int size = encode(&out);
  EXPECT_GT(size, 0);
  ByteVector bytes(out, out + size);
  OPENSSL_free(out);
  return bytes;
}

ByteVector key_info(const Key& key) {
  return encoded([&](std::uint8_t** out) { return i2d_PUBKEY(key.get(), out); });
}
ByteVector private_der(const Key& key) {
  return encoded([&](std::uint8_t** out) { return i2d_PrivateKey(key.get(), out); });
}

std::string pem(const std::string& name, const ByteVector& der) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> out(BIO_new(BIO_s_mem()), BIO_free_all);
  PEM_write_bio(out.get(), name.c_str(), "", der.data(), static_cast<long>(der.size()));
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

ByteVector self_signed_certificate(const Key& key) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 60);
  X509_set_pubkey(certificate.get(), key.get());
  const bool is_ed25519 = EVP_PKEY_is_a(key.get(), "ED25519") == 1;
  EXPECT_GT(X509_sign(certificate.get(), key.get(), is_ed25519 ? nullptr : EVP_sha256()), 0);
  return encoded([&](std::uint8_t** out) { return i2d_X509(certificate.get(), out); });
}

class EachKey : public testing::TestWithParam<Key (*)()> {
 protected:
  Key key_ = GetParam()();
  PublicKey expected_ = expected(key_);
};
INSTANTIATE_TEST_SUITE_P(Algorithms, EachKey, testing::Values(ed25519_key, p256_key));

TEST_P(EachKey, IsTakenAsItIs) { EXPECT_EQ(parse_public_key(expected_.bytes), expected_); }

TEST_P(EachKey, IsReadFromDer) { EXPECT_EQ(parse_public_key(key_info(key_)), expected_); }

TEST_P(EachKey, IsReadFromPem) {
  const std::string text = pem("PUBLIC KEY", key_info(key_));
  EXPECT_EQ(parse_public_key(as_bytes(text)), expected_);
  EXPECT_EQ(parse_public_key(as_bytes("Public-Key: (256 bit)\n" + text + "\n \r\n")), expected_);
}

TEST_P(EachKey, IsReadFromACertificate) {
  const ByteVector der = self_signed_certificate(key_);
  EXPECT_EQ(parse_public_key(der), expected_);
  EXPECT_EQ(parse_public_key(as_bytes(pem("CERTIFICATE", der))), expected_);
}

/// What `parse_public_key` says of bytes that it must refuse.
std::string complaint(Bytes bytes) {
  try {
    (void)parse_public_key(bytes);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    return error.what();
  }
  return "taken";
}
std::string complaint(const std::string& text) { return complaint(as_bytes(text)); }

TEST_P(EachKey, IsRefusedWithAnythingBehindIt) {
  EXPECT_THAT(complaint(joined(key_info(key_), {0})), HasSubstr("bytes behind it"));
  EXPECT_THAT(complaint(joined(self_signed_certificate(key_), {0})), HasSubstr("bytes behind"));
  const std::string text = pem("PUBLIC KEY", key_info(key_));
  EXPECT_THAT(complaint(text + text), HasSubstr("behind the first PEM block"));
}

TEST_P(EachKey, IsRefusedWhenCutAnywhere) {
  const ByteVector der = key_info(key_);
  for (std::size_t size = 0; size < der.size(); ++size) {
    if (size == kEd25519KeyBytes) continue;  // any 32 bytes are an Ed25519 key
    EXPECT_NE(complaint(Bytes(der).first(size)), "taken") << size;
  }
}

TEST_P(EachKey, PrivateOneIsRefusedInEveryForm) {
  const ByteVector der = private_der(key_);
  for (const std::string& said :
       {complaint(der), complaint(pem("PRIVATE KEY", der)), complaint(pem("EC PRIVATE KEY", der)),
        complaint(pem("ENCRYPTED PRIVATE KEY", der)),
        complaint(pem("PUBLIC KEY", key_info(key_)) + pem("PRIVATE KEY", der)),
        complaint(pem("PUBLIC KEY", der))})
    EXPECT_THAT(said, HasSubstr("this is a private key"));
}

TEST(PublicKeyDer, TakesACompressedPoint) {
  for (int i = 0; i < 8; ++i) {  // both signs of y
    const Key key = p256_key();
    compress(key);
    const ByteVector der = key_info(key);
    ASSERT_EQ(der.size(), 59);
    EXPECT_EQ(parse_public_key(der), expected(key));
    EXPECT_EQ(parse_public_key(Bytes(der).last(33)), expected(key));
  }
}

TEST(PublicKeyDer, NamesOtherKinds) {
  EXPECT_THAT(complaint(key_info(ec_key("P-384"))), HasSubstr("secp384r1"));
  EXPECT_THAT(complaint(key_info(ec_key("secp256k1"))), HasSubstr("secp256k1"));
  const Key rsa(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024}), EVP_PKEY_free);
  EXPECT_THAT(complaint(key_info(rsa)), HasSubstr("RSA"));
  const Key x25519(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"), EVP_PKEY_free);
  EXPECT_THAT(complaint(key_info(x25519)), HasSubstr("X25519"));
}

TEST(PublicKeyDer, RefusesCurveParametersInPlaceOfAName) {
  const Key key = p256_key();
  EVP_PKEY_set_utf8_string_param(key.get(), OSSL_PKEY_PARAM_EC_ENCODING,
                                 OSSL_PKEY_EC_ENCODING_EXPLICIT);
  const ByteVector der = key_info(key);
  ASSERT_GT(der.size(), 200);
  EXPECT_THAT(complaint(der), HasSubstr("not strict DER with a named curve"));
}

TEST(PublicKeyDer, RefusesWhatIsNotStrict) {
  // The outer length in two bytes, which OpenSSL takes.
  ByteVector der = key_info(p256_key());
  der.insert(der.begin() + 1, 0x81);
  EXPECT_THAT(complaint(der), HasSubstr("not strict DER"));
}

TEST(PublicKeyPoint, RefusesOtherForms) {
  ByteVector point = expected(p256_key()).bytes;
  for (const int form : {0x00, 0x02, 0x05, 0x06, 0x07}) {
    point[0] = static_cast<std::uint8_t>(form);
    EXPECT_THAT(complaint(point), HasSubstr("do not begin with 04")) << form;
  }
  EXPECT_NE(complaint(ByteVector{0x00}), "taken");
}

TEST(PublicKeyPoint, RefusesAnXWithoutY) {
  EXPECT_THAT(complaint(hex("02" + std::string(63, '0') + "1")), HasSubstr("no y"));
  EXPECT_THAT(complaint(hex("03" + std::string(64, 'f'))), HasSubstr("no y"));  // x >= p
  EXPECT_EQ(complaint(hex("02" + std::string(63, '0') + "5")), "taken");
}

TEST(PublicKeyPoint, LeavesTheCurveToTheVerifier) {
  ByteVector point = expected(p256_key()).bytes;
  point[64] ^= 1;
  EXPECT_EQ(parse_public_key(point).bytes, point);
}

// RFC 9052, appendix C.7.1, first and second key.
const std::string kMeriadocX = "65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d";
const std::string kMeriadocY = "1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c";

/// A map of these entries, each in hex.
ByteVector cose_map(const std::vector<std::string>& entries) {
  std::string text = to_hex(ByteVector{static_cast<std::uint8_t>(0xa0 + entries.size())});
  for (const std::string& entry : entries) text += entry;
  return hex(text);
}

const std::string kX = "215820" + kMeriadocX;
const std::string kY = "225820" + kMeriadocY;
// RFC 8032, section 7.1, test 1.
const std::string kRfc8032Key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const std::string kOkpX = "215820" + kRfc8032Key;

TEST(PublicKeyCose, TakesTheKeyOfRfc9052) {
  const std::string kid = "025824" + to_hex(as_bytes("meriadoc.brandybuck@buckland.example"));
  EXPECT_EQ(parse_public_key(cose_map({"2001", kX, kY, "0102", kid})),
            (PublicKey{Algorithm::p256, hex("04" + kMeriadocX + kMeriadocY)}));
}

TEST(PublicKeyCose, TakesASignInPlaceOfY) {
  // y is even: its last byte is 9c.
  EXPECT_EQ(parse_public_key(cose_map({"0102", "2001", kX, "22f4"})),
            (PublicKey{Algorithm::p256, hex("04" + kMeriadocX + kMeriadocY)}));
  const PublicKey other = parse_public_key(cose_map({"0102", "2001", kX, "22f5"}));
  EXPECT_EQ(other.bytes[64] & 1, 1);
}

TEST(PublicKeyCose, TakesEd25519) {
  const PublicKey key{Algorithm::ed25519, hex(kRfc8032Key)};
  EXPECT_EQ(parse_public_key(cose_map({"0101", "2006", kOkpX})), key);
  EXPECT_EQ(parse_public_key(cose_map({kOkpX, "2006", "0327", "0101"})), key);  // alg EdDSA
  EXPECT_EQ(parse_public_key(cose_map({"0101", "0332", "2006", kOkpX})), key);  // alg Ed25519
  EXPECT_EQ(parse_public_key(cose_map({"0101", "04820102", "2006", kOkpX})), key);
}

TEST(PublicKeyCose, PassesOverWhatItDoesNotKnow) {
  const PublicKey key{Algorithm::ed25519, hex(kRfc8032Key)};
  EXPECT_EQ(parse_public_key(cose_map({"0101", "2006", kOkpX, "6161f6", "1903e8a1018204f97e00"})),
            key);
}

struct BadCose {
  std::vector<std::string> entries;
  const char* complaint;
};
class CoseRefuses : public testing::TestWithParam<BadCose> {};
TEST_P(CoseRefuses, WithAReason) {
  EXPECT_THAT(complaint(cose_map(GetParam().entries)), HasSubstr(GetParam().complaint));
}
INSTANTIATE_TEST_SUITE_P(
    Keys, CoseRefuses,
    testing::Values(
        BadCose{{}, "not a key on Ed25519 or P-256"},
        BadCose{{"0101", "2004", kOkpX}, "not a key on Ed25519 or P-256"},   // X25519
        BadCose{{"0102", "2002", kX, kY}, "not a key on Ed25519 or P-256"},  // P-384
        BadCose{{"0104", "205820" + kMeriadocX}, "where a number belongs"},  // symmetric
        BadCose{{"0101", "2006"}, "32 bytes"},
        BadCose{{"0101", "2006", "21581f" + kRfc8032Key.substr(2)}, "32 bytes"},
        BadCose{{"0101", "2006", kOkpX, kY}, "no y"}, BadCose{{"0102", "2001", kX}, "32 bytes"},
        BadCose{{"0102", "2001", kX, "22f6"}, "a byte string belongs"},
        BadCose{{"0101", "2006", kOkpX, kOkpX}, "twice"},
        BadCose{{"0101", "2006", kOkpX, "0326"}, "alg is not one"},    // ES256
        BadCose{{"0102", "2001", kX, kY, "0327"}, "alg is not one"},   // EdDSA
        BadCose{{"0101", "2006", kOkpX, "048101"}, "does not allow"},  // sign
        BadCose{{"0101", "2006", kOkpX, "0402"}, "no array"},
        BadCose{{"0101", "2006", kOkpX, "235820" + kMeriadocX}, "this is a private key"},
        BadCose{{"180101", "2006", kOkpX}, "shortest form"},
        BadCose{{"0101", "2006", "215f5820" + kMeriadocX + "ff"}, "indefinite length"},
        BadCose{{"0101", "2006", kOkpX, "185b8181818181818181f6"}, "nested too deep"},
        BadCose{{"0101", "2006", kOkpX, "185b9b00ffffffffffffff"}, "cut short"},
        BadCose{{"0101", "2006", "215bffffffffffffffff"}, "cut short"}));

TEST(PublicKeyCose, RefusesBytesBehindTheKey) {
  EXPECT_THAT(complaint(joined(cose_map({"0101", "2006", kOkpX}), {0x00})),
              HasSubstr("bytes behind"));
}

TEST(PublicKeyForms, SayWhatIsMissing) {
  EXPECT_THAT(complaint(ByteVector{}), HasSubstr("there are no bytes"));
  EXPECT_THAT(complaint(ByteVector(kMaxPublicKeyInput + 1)), HasSubstr("longer than 65536"));
  EXPECT_THAT(complaint(ByteVector(31)), HasSubstr("no key in PEM"));
  EXPECT_THAT(complaint(ByteVector(64, 0x99)), HasSubstr("a secret key?"));
  EXPECT_THAT(complaint(std::string("-----BEGIN PUBLIC KEY-----\nxx\n")), HasSubstr("PEM"));
  EXPECT_THAT(complaint(pem("X509 CRL", key_info(p256_key()))), HasSubstr("PEM of another kind"));
}

}  // namespace
}  // namespace salus::engine::signature

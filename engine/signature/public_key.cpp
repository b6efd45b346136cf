#include "engine/signature/public_key.h"

#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "engine/error.h"
#include "engine/signature/cose_key.h"
#include "engine/signature/openssl_object.h"
#include "engine/signature/point.h"

namespace salus::engine::signature {
namespace {

constexpr const char* kPrivateKey = "this is a private key: only the public one belongs here";
constexpr std::string_view kPemBegin = "-----BEGIN ";

// A SubjectPublicKeyInfo has one DER encoding: so much of it comes before the key's own bytes.
constexpr std::array<std::uint8_t, 12> kEd25519Info = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                                       0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
constexpr std::array<std::uint8_t, 26> kP256Info = {
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
    0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};
constexpr std::array<std::uint8_t, 26> kP256CompressedInfo = {
    0x30, 0x39, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
    0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x22, 0x00};

struct FreeOpenssl {
  void operator()(void* memory) const { OPENSSL_free(memory); }
};
template <typename T>
using OpensslMemory = std::unique_ptr<T, FreeOpenssl>;

[[noreturn]] void fail(const std::string& problem) { throw Error(ErrorKind::input, problem); }

std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// What stands behind `info` in `der`, when that is `size` bytes and no more.
std::optional<Bytes> key_behind(Bytes info, Bytes der, std::size_t size) {
  if (der.size() != info.size() + size || !std::ranges::equal(info, der.first(info.size())))
    return std::nullopt;
  return der.subspan(info.size());
}

std::optional<PublicKey> parse_key_info(Bytes der) {
  if (const auto key = key_behind(kEd25519Info, der, kEd25519KeyBytes))
    return PublicKey{Algorithm::ed25519, {key->begin(), key->end()}};
  if (const auto point = key_behind(kP256Info, der, kP256KeyBytes))
    return p256_key_from_point(*point);
  if (const auto point = key_behind(kP256CompressedInfo, der, kP256CompressedBytes))
    return p256_key_from_point(*point);
  return std::nullopt;
}

/// The name of a key's curve, or of its kind where that has none.
std::string kind_of(EVP_PKEY* key) {
  std::array<char, 64> group{};
  if (EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1) return group.data();
  const char* const name = EVP_PKEY_get0_type_name(key);
  return name != nullptr ? name : "unknown";
}

bool is_private_key(Bytes der) {
  const std::uint8_t* in = der.data();
  const OwnedKey key(d2i_AutoPrivateKey(nullptr, &in, static_cast<long>(der.size())));
  return key != nullptr;
}

/// Says what such bytes are instead of a key that we take.
[[noreturn]] void refuse_der(Bytes der) {
  const std::uint8_t* in = der.data();
  const OwnedKey key(d2i_PUBKEY(nullptr, &in, static_cast<long>(der.size())));
  if (key == nullptr) {
    if (is_private_key(der)) fail(kPrivateKey);
    fail("DER that is neither a SubjectPublicKeyInfo nor a certificate");
  }
  const std::string kind = kind_of(key.get());
  if (kind != "ED25519" && kind != SN_X9_62_prime256v1)
    fail("a key of kind " + kind + ": only Ed25519 and P-256 (prime256v1) are verified");
  fail("a " + kind + " key that is not strict DER with a named curve, or has bytes behind it");
}

/// The SubjectPublicKeyInfo in a certificate, of which nothing else is looked at; nothing when this
/// is no certificate.
std::vector<std::uint8_t> key_info_of_certificate(Bytes der) {
  const std::uint8_t* in = der.data();
  const OwnedCertificate certificate(d2i_X509(nullptr, &in, static_cast<long>(der.size())));
  if (certificate == nullptr) return {};
  if (in != der.data() + der.size()) fail("bytes behind a certificate");
  std::uint8_t* encoded = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &encoded);
  const OpensslMemory<std::uint8_t> owner(encoded);
  if (size <= 0) fail("a certificate without a key");
  return {encoded, encoded + size};
}

PublicKey parse_der(Bytes der) {
  if (auto key = parse_key_info(der)) return *key;
  const ClearErrors clear_errors;
  const std::vector<std::uint8_t> info = key_info_of_certificate(der);
  if (info.empty()) refuse_der(der);
  if (auto key = parse_key_info(info)) return *key;
  refuse_der(info);
}

struct PemBlock {
  std::string name;
  std::vector<std::uint8_t> content;
};

/// The one block of a PEM file. There may be text in front, as `openssl x509 -text` writes it.
PemBlock read_pem_block(Bytes bytes) {
  const OwnedBio in(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  require_openssl(in != nullptr, "allocate a buffer");
  char* name = nullptr;
  char* header = nullptr;
  std::uint8_t* content = nullptr;
  long size = 0;
  if (PEM_read_bio(in.get(), &name, &header, &content, &size) != 1)
    fail("PEM that cannot be decoded");
  const OpensslMemory<char> own_name(name);
  const OpensslMemory<char> own_header(header);
  const OpensslMemory<std::uint8_t> own_content(content);
  char* rest = nullptr;
  const long rest_size = BIO_get_mem_data(in.get(), &rest);
  if (std::string_view(rest, static_cast<std::size_t>(rest_size)).find_first_not_of(" \t\r\n") !=
      std::string_view::npos)
    fail("something behind the first PEM block: one key is expected");
  return {name, {content, content + size}};
}

PublicKey parse_pem(Bytes bytes) {
  // Before anything decodes it.
  if (text_of(bytes).find("PRIVATE KEY-----") != std::string_view::npos) fail(kPrivateKey);
  const ClearErrors clear_errors;
  const PemBlock block = read_pem_block(bytes);
  if (block.name != "PUBLIC KEY" && block.name != "CERTIFICATE")
    fail("PEM of another kind than PUBLIC KEY and CERTIFICATE");
  return parse_der(block.content);
}

bool looks_like_point(Bytes bytes) {
  constexpr std::uint8_t kLastPointForm = 0x07;
  return (bytes.size() == kP256CompressedBytes || bytes.size() == kP256KeyBytes) &&
         bytes[0] <= kLastPointForm;
}

}  // namespace

PublicKey parse_public_key(Bytes bytes) {
  constexpr std::uint8_t kDerSequence = 0x30;
  constexpr std::size_t kEd25519PairBytes = 64;  // as libsodium keeps it: seed || key
  if (bytes.empty()) fail("no key: there are no bytes");
  if (bytes.size() > kMaxPublicKeyInput)
    fail("longer than " + std::to_string(kMaxPublicKeyInput) + " bytes, which no public key is");
  if (bytes.size() == kEd25519KeyBytes) return {Algorithm::ed25519, {bytes.begin(), bytes.end()}};
  if (looks_like_point(bytes)) return p256_key_from_point(bytes);
  if (text_of(bytes).find(kPemBegin) != std::string_view::npos) return parse_pem(bytes);
  if (looks_like_cose_key(bytes)) return parse_cose_key(bytes);
  if (bytes[0] == kDerSequence) return parse_der(bytes);
  if (bytes.size() == kEd25519PairBytes)
    fail("64 bytes: is this a signature, or a secret key? A raw Ed25519 key has 32");
  fail("no key in PEM, DER, COSE_Key, SEC 1 (33 or 65 bytes) or raw form (32 bytes)");
}

}  // namespace salus::engine::signature

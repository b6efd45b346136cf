#include "tests/engine/signature/items.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <sodium.h>

#include <array>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "engine/signature/ecdsa_der.h"
#include "tests/support/places.h"

namespace salus::engine::signature {
namespace {

nlohmann::json read_json(const std::string& file) {
  std::ifstream in(salus::test::test_data("signatures/" + std::string(file)));
  return nlohmann::json::parse(in);
}

std::vector<std::uint8_t> hex(const nlohmann::json& text) {
  return from_hex(text.get<std::string>()).value();
}

/// Calls `take(group, test)` for every test of a Wycheproof file.
template <typename Take>
void for_each_test(const std::string& file, Take take) {
  const nlohmann::json json = read_json(file);
  for (const auto& group : json.at("testGroups"))
    for (const auto& test : group.at("tests")) take(group, test);
}

PublishedCase to_case(const nlohmann::json& test, OwnedItem item) {
  return {test.at("tcId").dump() + " " + test.at("comment").get<std::string>(), std::move(item),
          test.at("result") == "valid"};
}

OwnedItem sign_ed25519(std::mt19937_64& random, std::vector<std::uint8_t> message) {
  const auto seed = random_bytes(random, crypto_sign_SEEDBYTES);
  OwnedItem item{Algorithm::ed25519, std::vector<std::uint8_t>(crypto_sign_PUBLICKEYBYTES),
                 std::move(message), std::vector<std::uint8_t>(crypto_sign_BYTES)};
  std::vector<std::uint8_t> secret(crypto_sign_SECRETKEYBYTES);
  crypto_sign_seed_keypair(item.key.data(), secret.data(), seed.data());
  crypto_sign_detached(item.signature.data(), nullptr, item.message.data(), item.message.size(),
                       secret.data());
  return item;
}

void require(bool success) {
  if (!success) throw std::runtime_error("OpenSSL cannot sign");
}

OwnedItem sign_p256(std::vector<std::uint8_t> message) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  std::vector<std::uint8_t> point(kP256KeyBytes);
  std::size_t size = 0;
  require(key && EVP_PKEY_get_octet_string_param(key.get(), "pub", point.data(), point.size(),
                                                 &size) == 1);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  std::vector<std::uint8_t> der(80);
  size = der.size();
  require(EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key.get(),
                                nullptr) == 1 &&
          EVP_DigestSign(context.get(), der.data(), &size, message.data(), message.size()) == 1);
  der.resize(size);
  const auto signature = p256_signature_from_der(der).value();
  return {Algorithm::p256, point, std::move(message), {signature.begin(), signature.end()}};
}

}  // namespace

std::vector<Item> views(const std::vector<OwnedItem>& items) {
  std::vector<Item> out;
  out.reserve(items.size());
  for (const OwnedItem& item : items) out.push_back(item.view());
  return out;
}

std::vector<PublishedCase> rfc8032_cases() {
  std::vector<PublishedCase> cases;
  for (const auto& test : read_json("rfc8032.json"))
    cases.push_back(
        {test.at("name"),
         {Algorithm::ed25519, hex(test.at("key")), hex(test.at("msg")), hex(test.at("sig"))},
         true});
  return cases;
}

std::vector<PublishedCase> wycheproof_ed25519_cases() {
  std::vector<PublishedCase> cases;
  for_each_test("ed25519_test.json", [&](const auto& group, const auto& test) {
    cases.push_back(to_case(test, {Algorithm::ed25519, hex(group.at("publicKey").at("pk")),
                                   hex(test.at("msg")), hex(test.at("sig"))}));
  });
  return cases;
}

std::vector<PublishedCase> wycheproof_p256_cases() {
  std::vector<PublishedCase> cases;
  for_each_test("ecdsa_secp256r1_sha256_test.json", [&](const auto& group, const auto& test) {
    const auto signature = p256_signature_from_der(hex(test.at("sig")));
    if (!signature) return;
    cases.push_back(to_case(test, {Algorithm::p256,
                                   hex(group.at("publicKey").at("uncompressed")),
                                   hex(test.at("msg")),
                                   {signature->begin(), signature->end()}}));
  });
  return cases;
}

std::vector<std::uint8_t> random_bytes(std::mt19937_64& random, std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

OwnedItem sign(Algorithm algorithm, std::mt19937_64& random, std::vector<std::uint8_t> message) {
  return algorithm == Algorithm::ed25519 ? sign_ed25519(random, std::move(message))
                                         : sign_p256(std::move(message));
}

bool sodium_accepts(const OwnedItem& item) {
  return crypto_sign_verify_detached(item.signature.data(), item.message.data(),
                                     item.message.size(), item.key.data()) == 0;
}

bool openssl_accepts(const OwnedItem& item) {
  if (item.key[0] != 4) return false;  // OpenSSL takes the hybrid form as well
  // SubjectPublicKeyInfo (RFC 5480) of a P-256 key, up to the point.
  std::vector<std::uint8_t> info =
      from_hex("3059301306072a8648ce3d020106082a8648ce3d030107034200").value();
  info.insert(info.end(), item.key.begin(), item.key.end());
  const std::uint8_t* at = info.data();
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      d2i_PUBKEY(nullptr, &at, static_cast<long>(info.size())), EVP_PKEY_free);

  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature(ECDSA_SIG_new(),
                                                                        ECDSA_SIG_free);
  ECDSA_SIG_set0(signature.get(), BN_bin2bn(item.signature.data(), 32, nullptr),
                 BN_bin2bn(item.signature.data() + 32, 32, nullptr));
  std::array<std::uint8_t, 80> der;
  std::uint8_t* der_end = der.data();
  const auto der_size = static_cast<std::size_t>(i2d_ECDSA_SIG(signature.get(), &der_end));

  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  const bool accepted =
      key != nullptr &&
      EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), der.data(), der_size, item.message.data(),
                       item.message.size()) == 1;
  ERR_clear_error();
  return accepted;
}

}  // namespace salus::engine::signature

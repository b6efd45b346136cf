#include "tests/node/statement/vectors.h"

#include <fstream>
#include <stdexcept>
#include <string>

#include "engine/signature/reference.h"
#include "tests/support/places.h"

namespace salus::node::test {
namespace {

/// PKCS#8 around a raw Ed25519 seed (RFC 8410, 7).
constexpr const char* kEd25519Pem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";

SigningKey key_from(std::string pem) { return SigningKey::from_pem(Secret(pem)); }

}  // namespace

std::vector<std::uint8_t> unhex(std::string_view hex) { return from_hex(hex).value(); }

nlohmann::json read_json(std::string_view name) {
  std::ifstream file(salus::test::test_data(name));
  return nlohmann::json::parse(file);
}

Refusal refusal_of(Bytes message) {
  const auto result = parse_statement(message);
  if (std::holds_alternative<Statement>(result)) throw std::runtime_error("it was not refused");
  return std::get<Refusal>(result);
}

Statement parsed(Bytes message) {
  const auto result = parse_statement(message);
  if (const auto* const refusal = std::get_if<Refusal>(&result))
    throw std::runtime_error("refused: " + std::string(to_string(*refusal)));
  return std::get<Statement>(result);
}

engine::signature::Reason verdict(const Statement& statement, const PublicKey& key) {
  std::vector<std::uint8_t> signed_bytes;
  append_signed_bytes(statement, signed_bytes);
  return engine::signature::verify_reference(
      {statement.algorithm, key.bytes, signed_bytes, statement.signature});
}

SigningKey ed25519_key() { return key_from(kEd25519Pem); }

SigningKey p256_key() {
  // SEC 1's form without the public part, put into PEM from RFC 8392's numbers.
  return key_from(
      "-----BEGIN EC PRIVATE KEY-----\n"
      "MDECAQEEIGwTgnZa7FNY8RdzPSgcHHvcOYhNBKRaHmxnyFi8IGwZoAoGCCqGSM49\n"
      "AwEH\n"
      "-----END EC PRIVATE KEY-----\n");
}

std::vector<std::uint8_t> make_statement(const SigningKey& key, Bytes payload, ContentType type) {
  return sign_statement(
      key, {.issuer = "ward-3", .subject = "patient-7", .issued_at = 1700000000, .sequence = 42},
      type, payload);
}

}  // namespace salus::node::test

// What tests of statements share: published files, made statements, signatures checked.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/signature/signature.h"
#include "node/statement/sign.h"

namespace salus::node::test {

/// Bytes of hex digits that are known to be right.
std::vector<std::uint8_t> unhex(std::string_view hex);

/// A JSON file below tests/data.
nlohmann::json read_json(std::string_view name);

/// What parsing gives, or the reason why it gives nothing. The message must outlive it.
Refusal refusal_of(Bytes message);
/// Throws where the message is refused.
Statement parsed(Bytes message);

/// What OpenSSL, under our rule, says of a statement's signature by this key.
engine::signature::Reason verdict(const Statement& statement, const PublicKey& key);

/// The keys of RFC 8032 (7.1, test 1) and of RFC 8392 (A.2.3), in PEM.
SigningKey ed25519_key();
SigningKey p256_key();

/// A good statement of `payload` with all claims set.
std::vector<std::uint8_t> make_statement(const SigningKey& key, Bytes payload,
                                         ContentType type = ContentType::senml_cbor);

}  // namespace salus::node::test

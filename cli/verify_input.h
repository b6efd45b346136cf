// What `salus verify` is given, made into what the verifier takes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/signature/public_key.h"

namespace salus::cli {

/// An algorithm by our name or the one of JOSE and COSE: "ed25519", "EdDSA", "p256", "ES256", in
/// any case.
std::optional<engine::signature::Algorithm> algorithm_named(std::string_view name);

/// An item that owns its bytes.
struct SignedItem {
  engine::signature::Algorithm algorithm = engine::signature::Algorithm::ed25519;
  std::vector<std::uint8_t> key;
  std::vector<std::uint8_t> message;
  std::vector<std::uint8_t> signature;

  [[nodiscard]] engine::signature::Item view() const {
    return {algorithm, key, message, signature};
  }
  [[nodiscard]] std::size_t size() const { return key.size() + message.size() + signature.size(); }
};

/// A P-256 signature in strict DER as r || s; any other bytes as they are, so that the verifier
/// says what is wrong with them. 64 bytes are r || s, whatever they hold.
std::vector<std::uint8_t> core_signature(engine::signature::Algorithm algorithm,
                                         std::vector<std::uint8_t> bytes);

/// The key of `--key`: the name of a file that holds it in one of the forms of `parse_public_key`,
/// as bytes or as text in hex or base64url; or the text itself, with its encoding named. Throws
/// `Error`, which never shows what might be a key.
engine::signature::PublicKey key_argument(const std::string& argument);

/// The signature of `--sig`, given in the same ways.
std::vector<std::uint8_t> signature_argument(const std::string& argument);

}  // namespace salus::cli

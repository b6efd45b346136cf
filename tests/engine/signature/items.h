// Items that own their bytes, and where tests get them from.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "engine/signature/signature.h"

namespace salus::engine::signature {

struct OwnedItem {
  Algorithm algorithm = Algorithm::ed25519;
  std::vector<std::uint8_t> key;
  std::vector<std::uint8_t> message;
  std::vector<std::uint8_t> signature;

  [[nodiscard]] Item view() const { return {algorithm, key, message, signature}; }
};

std::vector<Item> views(const std::vector<OwnedItem>& items);

/// A published case: an item and what its publisher says of it.
struct PublishedCase {
  std::string name;
  OwnedItem item;
  bool valid = false;
};

std::vector<PublishedCase> rfc8032_cases();
std::vector<PublishedCase> wycheproof_ed25519_cases();
/// Those whose signature is strict DER; the others are for the DER reader alone.
std::vector<PublishedCase> wycheproof_p256_cases();

std::vector<std::uint8_t> random_bytes(std::mt19937_64& random, std::size_t size);

/// A good signature by a fresh key over `message`: Ed25519 made by libsodium, P-256 by OpenSSL.
OwnedItem sign(Algorithm algorithm, std::mt19937_64& random, std::vector<std::uint8_t> message);

/// What libsodium says of an Ed25519 item of the right lengths.
bool sodium_accepts(const OwnedItem& item);

/// What OpenSSL says of a P-256 item of the right lengths, with the key in the one form that
/// counts.
bool openssl_accepts(const OwnedItem& item);

}  // namespace salus::engine::signature

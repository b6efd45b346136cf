// Public keys in the forms in which they are handed around, told apart by what they look like.
//
//   PEM        one block: PUBLIC KEY or CERTIFICATE (RFC 7468)
//   DER        SubjectPublicKeyInfo (RFC 5480, RFC 8410) or a certificate
//   COSE_Key   CBOR (RFC 9052, section 7)
//   SEC 1      65 bytes 0x04 || x || y, or 33 bytes 0x02 / 0x03 || x: P-256
//   raw        32 bytes: Ed25519
//
// Signing keys never belong here. One that is given by mistake is refused before it is decoded
// wherever its form shows it, and no message ever holds bytes of the input. 32 bytes can be a seed
// just as well as a key: nothing shows that.
#pragma once

#include <vector>

#include "engine/bytes.h"
#include "engine/signature/signature.h"

namespace salus::engine::signature {

/// A key as an `Item` takes it.
struct PublicKey {
  Algorithm algorithm = Algorithm::ed25519;
  std::vector<std::uint8_t> bytes;  ///< 32 bytes of Ed25519, 65 bytes 0x04 || x || y of P-256.

  friend bool operator==(const PublicKey&, const PublicKey&) = default;
};

/// Longest input that is looked at: a certificate takes a few thousand bytes.
inline constexpr std::size_t kMaxPublicKeyInput = std::size_t{64} << 10;

/// The key that all of `bytes` stand for. Encodings are strict: shortest lengths, named curves,
/// nothing left over. What a point is worth is left to the verifier, except that a compressed one
/// must have a y. Throws `Error`: (input) saying what is wrong, without a name for the input;
/// (system) when OpenSSL is out of memory. Safe from any thread.
PublicKey parse_public_key(Bytes bytes);

}  // namespace salus::engine::signature

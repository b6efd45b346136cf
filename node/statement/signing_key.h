// Keys that sign statements: made, kept in files and used by OpenSSL.
//
// A key file is PEM: PKCS#8, plain or encrypted (PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC),
// as `openssl genpkey` writes it. What is secret is wiped when it is no longer needed, and no
// message ever shows any of it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "engine/signature/openssl_object.h"
#include "node/statement/key_id.h"
#include "node/statement/secret.h"

namespace salus::node {

/// Asked for the passphrase of a key that is encrypted, once, and only then. May throw.
using AskPassphrase = std::function<Secret()>;

/// Longest passphrase that OpenSSL's reader of PEM hands on.
inline constexpr std::size_t kMaxPassphraseBytes = 1024;
/// Longest key file that is looked at.
inline constexpr std::size_t kMaxKeyFileBytes = std::size_t{64} << 10;

using SignatureBytes = std::array<std::uint8_t, engine::signature::kSignatureBytes>;

/// An Ed25519 or P-256 key with its private part. Signing is safe from several threads.
class SigningKey {
 public:
  static SigningKey generate(Algorithm algorithm);

  /// The key whose secret is these 32 bytes: the seed of RFC 8032 (5.1.5), or P-256's scalar,
  /// big-endian. For keys that are derived from something else. Nothing where no key has it: a
  /// scalar that is 0 or not below the group's order.
  static std::optional<SigningKey> from_secret(Algorithm algorithm,
                                               std::span<const std::uint8_t, 32> secret);

  /// Reads the first private key in `pem`: PKCS#8, or the older EC PRIVATE KEY. Throws `Error`:
  /// (input) when there is none, for other curves, for a wrong passphrase and for a public part
  /// that does not belong to the private one; (usage) when it is encrypted and `ask` is empty.
  static SigningKey from_pem(const Secret& pem, const AskPassphrase& ask = {});

  /// `from_pem` of a file; `Error`s name it.
  static SigningKey load(const std::string& path, const AskPassphrase& ask = {});

  /// PKCS#8, encrypted unless the passphrase is empty. Deriving the key of a passphrase takes a
  /// good part of a second: whoever finds the file has to do it for each guess.
  [[nodiscard]] Secret to_pem(const Secret& passphrase) const;

  /// Writes `to_pem` into a new file that only its owner may read and write (mode 0600), synced.
  /// Throws `Error` naming it: (usage) when there is a file of this name, (system) when it cannot
  /// be written, and then leaves none.
  void save(const std::string& path, const Secret& passphrase) const;

  [[nodiscard]] const PublicKey& public_key() const { return public_key_; }
  [[nodiscard]] const KeyId& id() const { return id_; }
  [[nodiscard]] Algorithm algorithm() const { return public_key_.algorithm; }

  /// Signs as statements are verified: Ed25519 R || S, P-256 with SHA-256 r || s.
  [[nodiscard]] SignatureBytes sign(Bytes message) const;

 private:
  explicit SigningKey(engine::signature::OwnedKey key);

  engine::signature::OwnedKey key_;
  PublicKey public_key_;
  KeyId id_;
};

}  // namespace salus::node

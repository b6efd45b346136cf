#include "node/chain/tlog_proof.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <vector>

#include "engine/error.h"
#include "engine/openssl_sha256.h"

namespace salus::node {
namespace {

/// The signature type of signed notes for Ed25519.
constexpr std::uint8_t kEd25519Type = 0x01;

std::string base64(Bytes bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // and a zero
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string name_of(const Digest& chain, std::uint64_t height) {
  return "salus/" + to_hex_reversed(chain) + "/" + std::to_string(height);
}

/// Type and key.
std::vector<std::uint8_t> typed_key(const PublicKey& key) {
  if (key.algorithm != Algorithm::ed25519)
    throw Error(ErrorKind::usage, "a tlog-proof needs a validator with an Ed25519 key");
  std::vector<std::uint8_t> typed(1 + key.bytes.size());
  typed[0] = kEd25519Type;
  std::ranges::copy(key.bytes, typed.begin() + 1);
  return typed;
}

/// The first bytes of SHA-256 over name, newline, type and key.
std::array<std::uint8_t, 4> key_hint(const std::string& name, Bytes key) {
  std::vector<std::uint8_t> hashed(name.begin(), name.end());
  hashed.push_back('\n');
  hashed.insert(hashed.end(), key.begin(), key.end());
  const Digest digest = openssl_sha256(hashed);
  return {digest[0], digest[1], digest[2], digest[3]};
}

}  // namespace

std::string make_tlog_proof(const SigningKey& validator, const Digest& chain, std::uint64_t height,
                            const merkle::Tree& tree, std::uint64_t index) {
  const std::string name = name_of(chain, height);
  const auto hint = key_hint(name, typed_key(validator.public_key()));
  const std::string note =
      name + "\n" + std::to_string(tree.size()) + "\n" + base64(tree.root()) + "\n";
  const auto signature = validator.sign(as_bytes(note));
  std::array<std::uint8_t, hint.size() + signature.size()> signed_by;
  std::ranges::copy(signature, std::ranges::copy(hint, signed_by.begin()).out);

  std::string proof = "c2sp.org/tlog-proof@v1\nindex " + std::to_string(index) + "\n";
  for (const Digest& digest : tree.inclusion_proof(index)) proof += base64(digest) + "\n";
  return proof + "\n" + note + "\n\u2014 " + name + " " + base64(signed_by) + "\n";
}

std::string tlog_verifier_key(const PublicKey& validator, const Digest& chain,
                              std::uint64_t height) {
  const std::string name = name_of(chain, height);
  const std::vector<std::uint8_t> key = typed_key(validator);
  return name + "+" + salus::to_hex(key_hint(name, key)) + "+" + base64(key);
}

}  // namespace salus::node

#include "trial/proof/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "engine/base64.h"
#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "engine/signature/ecdsa_der.h"
#include "engine/signature/openssl_key.h"
#include "engine/signature/reference.h"
#include "node/statement/plain_text.h"
#include "trial/proof/text_lines.h"

namespace salus::trial {
namespace {

using engine::signature::Algorithm;
using KeyHint = std::array<std::uint8_t, 4>;

constexpr std::uint8_t kEd25519Type = 0x01;
constexpr std::size_t kMaxSignatures = 16;
constexpr std::string_view kSignaturePrefix = "\u2014 ";  // an em dash
constexpr std::string_view kOriginPrefix = "salus-trial/";

/// SubjectPublicKeyInfo of a P-256 key up to its 65 bytes (RFC 5480, 2): id-ecPublicKey,
/// prime256v1.
constexpr std::array<std::uint8_t, 26> kP256KeyInfo = {
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
    0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};

/// What is a space in Unicode besides the control characters (property White_Space).
constexpr std::array<std::string_view, 19> kSpaces = {
    " ",      "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
    "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
    "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

bool holds_space(std::string_view text) {
  return std::ranges::any_of(kSpaces, [text](std::string_view space) {
    return text.find(space) != std::string_view::npos;
  });
}

bool is_ascii_graphic(char c) { return c > ' ' && c < '\x7f'; }

KeyHint first_bytes_of_hash(Bytes bytes) {
  const Digest digest = openssl_sha256(bytes);
  return {digest[0], digest[1], digest[2], digest[3]};
}

/// Type and key, as signed notes have Ed25519 keys.
std::vector<std::uint8_t> typed_ed25519(const PublicKey& key) {
  std::vector<std::uint8_t> typed(1 + key.bytes.size());
  typed[0] = kEd25519Type;
  std::ranges::copy(key.bytes, typed.begin() + 1);
  return typed;
}

KeyHint ed25519_hint(const PublicKey& key, std::string_view name) {
  std::vector<std::uint8_t> hashed(name.begin(), name.end());
  hashed.push_back('\n');
  const std::vector<std::uint8_t> typed = typed_ed25519(key);
  hashed.insert(hashed.end(), typed.begin(), typed.end());
  return first_bytes_of_hash(hashed);
}

/// Of type 0x02: over SubjectPublicKeyInfo alone.
KeyHint p256_hint(const PublicKey& key) {
  std::vector<std::uint8_t> info(kP256KeyInfo.begin(), kP256KeyInfo.end());
  info.insert(info.end(), key.bytes.begin(), key.bytes.end());
  return first_bytes_of_hash(info);
}

KeyHint key_hint(const PublicKey& key, std::string_view name) {
  return key.algorithm == Algorithm::ed25519 ? ed25519_hint(key, name) : p256_hint(key);
}

std::string body_of(const TreeHead& head) {
  return head.origin + "\n" + std::to_string(head.size) + "\n" + to_base64(head.root) + "\n";
}

[[noreturn]] void refuse(const char* reason) {
  throw Error(ErrorKind::input, std::string("not a checkpoint: ") + reason);
}

/// The text up to the next newline, which must be there; it is taken off.
std::string_view take_line(std::string_view& text) {
  const auto line = next_line(text);
  if (!line) refuse("it does not end in a newline");
  return *line;
}

std::uint64_t read_size(std::string_view text) {
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  if (!is_whole || (text.size() > 1 && text.front() == '0')) refuse("its size is no number");
  return size;
}

Digest read_root(std::string_view text) {
  const auto root = digest_from_base64(text);
  if (!root) refuse("its root is not 32 bytes in base64");
  return *root;
}

NoteSignature read_signature(std::string_view line) {
  if (!line.starts_with(kSignaturePrefix)) refuse("a line of signature does not begin as one");
  line.remove_prefix(kSignaturePrefix.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) refuse("a line of signature has no key name");
  NoteSignature signature;
  signature.name = line.substr(0, space);
  const auto bytes = from_base64(line.substr(space + 1));
  if (!is_origin(signature.name) || !bytes || bytes->size() <= signature.hint.size())
    refuse("a signature is not a key's name and base64");
  const auto signed_bytes = std::ranges::copy_n(
      bytes->begin(), static_cast<std::ptrdiff_t>(signature.hint.size()), signature.hint.begin());
  signature.bytes.assign(signed_bytes.in, bytes->end());
  return signature;
}

bool is_by(const PublicKey& key, const NoteSignature& signature, Bytes body) {
  using namespace engine::signature;
  if (key.algorithm == Algorithm::ed25519)
    return verify_reference({key.algorithm, key.bytes, body, signature.bytes}) == Reason::valid;
  const auto pair = p256_signature_from_der(signature.bytes);
  return pair && verify_reference({key.algorithm, key.bytes, body, *pair}) == Reason::valid;
}

}  // namespace

bool is_origin(std::string_view text) {
  return node::is_plain_text(text, kMaxOriginBytes) && !holds_space(text) &&
         text.find('+') == std::string_view::npos;
}

std::string default_origin(std::string_view folder_name) {
  std::string origin(kOriginPrefix);
  origin += folder_name.empty() ? "study" : folder_name.substr(0, kMaxOriginBytes - origin.size());
  if (is_origin(origin)) return origin;
  const auto may_stay = [](char c) { return is_ascii_graphic(c) && c != '+'; };
  std::ranges::replace_if(
      origin, [&](char c) { return !may_stay(c); }, '-');
  return origin;
}

std::string make_checkpoint(const node::SigningKey& key, const TreeHead& head) {
  if (!is_origin(head.origin))
    throw Error(ErrorKind::usage,
                "an origin is 1 to 255 bytes of UTF-8 without spaces, control characters and '+'");
  const std::string body = body_of(head);
  const KeyHint hint = key_hint(key.public_key(), head.origin);
  const auto signature =
      engine::signature::openssl_signature(key.algorithm(), key.sign(as_bytes(body)));
  std::vector<std::uint8_t> line(hint.begin(), hint.end());
  line.insert(line.end(), signature.begin(), signature.end());
  return body + "\n" + std::string(kSignaturePrefix) + head.origin + " " + to_base64(line) + "\n";
}

Checkpoint read_checkpoint(std::string_view text) {
  if (text.size() > kMaxCheckpointBytes) refuse("it is too long");
  Checkpoint checkpoint;
  std::string_view rest = text;
  checkpoint.head.origin = take_line(rest);
  if (!is_origin(checkpoint.head.origin)) refuse("its origin is none");
  checkpoint.head.size = read_size(take_line(rest));
  checkpoint.head.root = read_root(take_line(rest));
  checkpoint.body = text.substr(0, text.size() - rest.size());
  if (!take_line(rest).empty()) refuse("it has lines that nothing here knows");
  while (!rest.empty()) {
    if (checkpoint.signatures.size() == kMaxSignatures) refuse("it has more than 16 signatures");
    checkpoint.signatures.push_back(read_signature(take_line(rest)));
  }
  if (checkpoint.signatures.empty()) refuse("nobody signed it");
  return checkpoint;
}

NoteVerdict check_signature(const Checkpoint& checkpoint, const PublicKey& key) {
  const KeyHint hint = key_hint(key, checkpoint.head.origin);
  const auto found = std::ranges::find_if(checkpoint.signatures, [&](const NoteSignature& one) {
    return one.name == checkpoint.head.origin && one.hint == hint;
  });
  if (found == checkpoint.signatures.end()) return NoteVerdict::not_signed;
  return is_by(key, *found, as_bytes(checkpoint.body)) ? NoteVerdict::valid : NoteVerdict::mismatch;
}

std::string note_verifier_key(const PublicKey& key, std::string_view name) {
  if (key.algorithm != Algorithm::ed25519)
    throw Error(ErrorKind::usage, "only Ed25519 keys have a form that tools for signed notes read");
  return std::string(name) + "+" + to_hex(ed25519_hint(key, name)) + "+" +
         to_base64(typed_ed25519(key));
}

}  // namespace salus::trial

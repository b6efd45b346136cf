// The head of a seal's tree as people and tools for transparency logs read it: a C2SP
// tlog-checkpoint (c2sp.org/tlog-checkpoint), which is a signed note (c2sp.org/signed-note).
//
//   salus-trial/cdiscpilot01
//   17
//   <root, base64>
//
//   — salus-trial/cdiscpilot01 <key hint and signature, base64>
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bytes.h"
#include "engine/signature/public_key.h"
#include "node/statement/signing_key.h"

namespace salus::trial {

using engine::signature::PublicKey;

/// What a seal commits to: so many lines of SHA256SUMS below this root, under this name.
struct TreeHead {
  std::string origin;
  std::uint64_t size = 0;
  Digest root{};

  friend bool operator==(const TreeHead&, const TreeHead&) = default;
};

inline constexpr std::size_t kMaxOriginBytes = 255;
inline constexpr std::size_t kMaxCheckpointBytes = std::size_t{16} << 10;

/// Whether a seal may have this origin: UTF-8 of 1 to `kMaxOriginBytes` bytes without control
/// characters, without spaces of any kind and without '+', since it is the name of a note's key.
bool is_origin(std::string_view text);

/// "salus-trial/NAME", with '-' for each byte of the folder's name that an origin may not have.
std::string default_origin(std::string_view folder_name);

/// A checkpoint signed by `key`, whose name is the origin. The note's signature is of type 0x01 for
/// an Ed25519 key and of type 0x02 (ECDSA with SHA-256, in DER) for one on P-256. Throws `Error`
/// (usage) for an origin that is none.
std::string make_checkpoint(const node::SigningKey& key, const TreeHead& head);

/// One line of signature in a note. Whose it is follows from name and hint.
struct NoteSignature {
  std::string name;
  std::array<std::uint8_t, 4> hint{};
  std::vector<std::uint8_t> bytes;
};

/// A checkpoint that was read. `body` is what is signed, with its last newline.
struct Checkpoint {
  TreeHead head;
  std::string body;
  std::vector<NoteSignature> signatures;
};

/// Reads a checkpoint strictly: three lines, 1 to 16 signatures, base64 in its one canonical form,
/// nothing behind. Extension lines are refused, as nothing here writes or checks any. Throws
/// `Error` (input) that says what is wrong, without a name for the text. Whether signatures hold is
/// another question.
Checkpoint read_checkpoint(std::string_view text);

/// What a key has said of a checkpoint.
enum class NoteVerdict : std::uint8_t {
  valid,
  not_signed,  ///< No signature has the origin's name and the key's hint.
  mismatch,    ///< One has, and it is not by this key over this text.
};
/// Whether `key` signed the checkpoint under its origin's name.
NoteVerdict check_signature(const Checkpoint& checkpoint, const PublicKey& key);

/// The key as tools for signed notes take it: "name+hint+key". Throws `Error` (usage) for a key
/// that is not Ed25519: other types have no such form that many read.
std::string note_verifier_key(const PublicKey& key, std::string_view name);

}  // namespace salus::trial

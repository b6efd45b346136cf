// What is signed when a study is sealed. One key signs the same tree head three times, for three
// kinds of readers, and leaves its public part beside them:
//
//   checkpoint      signed note, for tools of transparency logs and for time stamps
//   seal.cose       statement of type data-seal (node/statement), for the ledger
//   tree-head.cose  COSE_Sign1 over the root itself, which a receipt is made of later, without the
//                   key: a COSE Receipt (RFC 9942) signs the root, whatever it proves
//   signer.pem      the public key, so that a flipped byte in a signature is seen by everyone;
//                   whether it is the right key is for the reader to know
//
// docs/trial-proofs.md
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trial/proof/checkpoint.h"

namespace salus::trial {

inline constexpr std::string_view kCheckpointFile = "checkpoint";
inline constexpr std::string_view kStatementFile = "seal.cose";
inline constexpr std::string_view kTreeHeadFile = "tree-head.cose";
inline constexpr std::string_view kSignerFile = "signer.pem";

/// The four files. All are small; none is longer than `kMaxSealSignatureBytes`.
struct SealSignatures {
  std::string checkpoint;
  std::vector<std::uint8_t> statement;
  std::vector<std::uint8_t> tree_head;
  std::string signer;

  friend bool operator==(const SealSignatures&, const SealSignatures&) = default;
};
inline constexpr std::size_t kMaxSealSignatureBytes = std::size_t{64} << 10;

/// What the statement says besides the tree head.
struct SealClaims {
  std::int64_t issued_at = 0;  ///< Seconds since 1970 UTC: the time in SHA256SUMS.
  /// Only ever rises for one signer, or the ledger refuses it: microseconds since 1970 will do.
  std::uint64_t sequence = 0;
  std::string note;  ///< That of SHA256SUMS; may be empty.
};

/// Throws `Error` (usage) for an origin that is none, and for a note that is not UTF-8 of at most
/// 4096 bytes without control characters.
SealSignatures sign_seal(const node::SigningKey& key, const TreeHead& head,
                         const SealClaims& claims);

/// One file of a seal that is not as it must be.
struct SealFault {
  std::string file;    ///< Its name within the seal.
  std::string reason;  ///< For people.
};

/// What can be said of who sealed it, once all signatures hold.
struct Signer {
  PublicKey key;
  node::KeyId id{};
  std::int64_t issued_at = 0;
};

struct SignatureCheck {
  std::vector<SealFault> faults;  ///< Empty when everything holds.
  std::optional<Signer> signer;   ///< Where signer.pem could be read.
};

/// Checks the four files against the tree head and note that follow from SHA256SUMS, and against
/// each other; and, where `trusted` is given, that it is that key that signed. Every byte of the
/// four files counts. Never throws for what they hold.
SignatureCheck check_seal_signatures(const SealSignatures& signatures, const TreeHead& head,
                                     std::string_view note, const PublicKey* trusted = nullptr);

}  // namespace salus::trial

// A proof that a line of SHA256SUMS, and a record that the line commits to, are below the head of a
// seal's tree: as text (C2SP tlog-proof) or as a COSE Receipt (RFC 9942).
//
// Both carry the path of the line, and the signed head. What else a reader needs, the *context*,
// stands in the text's `extra` line and in a field of our own in the receipt's unprotected header;
// it is not signed, and nothing in it counts that does not lead to what is:
//
//   {1: line, ? 2: [index, [* path], salt, [* cell]], ? 3: seal.cose, ? 4: anchor.cbor}
//   cell = digest / [salt, name, value]
//
// docs/trial-proofs.md
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/bytes.h"
#include "trial/proof/checkpoint.h"
#include "trial/proof/tree_head.h"
#include "trial/records/commitment.h"

namespace salus::trial {

/// Longest proof that is read: a record of a FHIR bundle may be long.
inline constexpr std::size_t kMaxProofBytes = std::size_t{32} << 20;

/// A cell that is disclosed.
struct ShownCell {
  Salt salt{};
  std::string name;
  std::string value;

  friend bool operator==(const ShownCell&, const ShownCell&) = default;
};

/// A record in the tree of its file. Cells that are not shown are there by their salted digests.
struct RecordProof {
  std::uint64_t index = 0;
  std::vector<Digest> path;  ///< From its leaf to the root in the `# records` line.
  Salt salt{};
  std::vector<std::variant<Digest, ShownCell>> cells;

  friend bool operator==(const RecordProof&, const RecordProof&) = default;
};

/// What is proved, without the signed head.
struct Proof {
  std::string line;          ///< Without its newline.
  std::uint64_t index = 0;   ///< Which line it is, from 0.
  std::vector<Digest> path;  ///< From its leaf to the root.
  std::optional<RecordProof> record;
  std::vector<std::uint8_t> statement;  ///< seal.cose: says when it was sealed. May be empty.
  std::vector<std::uint8_t> anchor;     ///< anchor.cbor, where there is one; needs the statement.

  friend bool operator==(const Proof&, const Proof&) = default;
};

/// The leaf that a record's entry has.
Digest record_leaf(const RecordProof& record);

/// The text; `checkpoint` is that of the seal.
std::string write_tlog_proof(const Proof& proof, std::string_view checkpoint);

/// The receipt; `head` is the seal's `tree-head.cose`.
std::vector<std::uint8_t> write_cose_proof(const Proof& proof, const SignedTreeHead& head);

/// A proof as it was read, with the head that was signed: a checkpoint, or a receipt's, which has
/// no root of its own.
struct ReadProof {
  Proof proof;
  std::variant<Checkpoint, InclusionReceipt> head;
};

/// Reads either form, whatever it is. Strict: there is one encoding for each proof. Throws `Error`
/// (input) that says what is wrong, without a name for the bytes. Nothing is verified.
ReadProof read_proof(Bytes bytes);

}  // namespace salus::trial

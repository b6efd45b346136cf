#include "trial/proof/seal_signatures.h"

#include <utility>
#include <variant>

#include "engine/error.h"
#include "engine/signature/reference.h"
#include "node/statement/data_seal.h"
#include "node/statement/plain_text.h"
#include "node/statement/public_key_pem.h"
#include "node/statement/sign.h"
#include "trial/proof/tree_head.h"

namespace salus::trial {
namespace {

/// Of a seal's entries: lines of SHA256SUMS.
constexpr std::string_view kEntryType = "application/vnd.salus.trial-seal-line";

node::DataSeal data_seal_of(const TreeHead& head, std::string_view note) {
  return {head.origin, head.size, head.root, std::string(kEntryType), std::string(note)};
}

/// What is found wrong, file by file.
class Check {
 public:
  Check(const SealSignatures& signatures, const TreeHead& head, std::string_view note)
      : signatures_(signatures), head_(head), note_(note) {}

  SignatureCheck run(const PublicKey* trusted) {
    read_signer();
    if (out_.signer) {
      if (trusted != nullptr && *trusted != out_.signer->key)
        fault(kSignerFile, "it is another key than the one that you trust");
      check_checkpoint(out_.signer->key);
      check_statement(*out_.signer);
      check_tree_head(out_.signer->key);
    }
    return std::move(out_);
  }

 private:
  void fault(std::string_view file, std::string reason) {
    out_.faults.push_back({std::string(file), std::move(reason)});
  }

  /// The one form of a key's PEM, so that every byte of it counts.
  void read_signer() {
    try {
      PublicKey key = engine::signature::parse_public_key(as_bytes(signatures_.signer));
      if (node::public_key_pem(key) != signatures_.signer)
        return fault(kSignerFile, "not a public key as it is written here");
      const node::KeyId id = node::key_id(key);
      out_.signer = Signer{std::move(key), id, 0};
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::input) throw;
      fault(kSignerFile, error.what());
    }
  }

  void check_checkpoint(const PublicKey& key) {
    try {
      const Checkpoint checkpoint = read_checkpoint(signatures_.checkpoint);
      if (checkpoint.head != head_) return fault(kCheckpointFile, "it is not of this SHA256SUMS");
      switch (check_signature(checkpoint, key)) {
        case NoteVerdict::valid: return;
        case NoteVerdict::not_signed:
          return fault(kCheckpointFile, "the key of signer.pem did not sign it");
        case NoteVerdict::mismatch: return fault(kCheckpointFile, "its signature does not hold");
      }
    } catch (const Error& error) {
      fault(kCheckpointFile, error.what());
    }
  }

  void check_statement(Signer& signer) {
    const auto parsed = node::parse_statement(signatures_.statement, node::kMaxStatementBytes);
    const auto* const statement = std::get_if<node::Statement>(&parsed);
    if (statement == nullptr || statement->type != node::ContentType::data_seal)
      return fault(kStatementFile, "not a statement that seals data");
    const auto seal = node::decode_data_seal(statement->payload);
    if (!seal || *seal != data_seal_of(head_, note_))
      return fault(kStatementFile, "it is not of this SHA256SUMS");
    if (statement->signer != signer.id || statement->algorithm != signer.key.algorithm)
      return fault(kStatementFile, "the key of signer.pem did not sign it");
    std::vector<std::uint8_t> message;
    node::append_signed_bytes(*statement, message);
    if (engine::signature::verify_reference(
            {signer.key.algorithm, signer.key.bytes, message, statement->signature}) !=
        engine::signature::Reason::valid)
      return fault(kStatementFile, "its signature does not hold");
    signer.issued_at = statement->issued_at;
  }

  void check_tree_head(const PublicKey& key) {
    const auto tree_head = read_tree_head(signatures_.tree_head);
    if (!tree_head) return fault(kTreeHeadFile, "not a signed tree head");
    if (tree_head->head != head_) return fault(kTreeHeadFile, "it is not of this SHA256SUMS");
    if (!is_signed_by(*tree_head, key)) fault(kTreeHeadFile, "its signature does not hold");
  }

  const SealSignatures& signatures_;
  const TreeHead& head_;
  std::string_view note_;
  SignatureCheck out_;
};

}  // namespace

SealSignatures sign_seal(const node::SigningKey& key, const TreeHead& head,
                         const SealClaims& claims) {
  if (!claims.note.empty() && !node::is_plain_text(claims.note, node::kMaxSealNoteBytes))
    throw Error(ErrorKind::usage,
                "a note is at most 4096 bytes of UTF-8 without control characters");
  SealSignatures out;
  out.checkpoint = make_checkpoint(key, head);
  const node::Claims said{{}, {}, claims.issued_at, claims.sequence};
  out.statement = node::sign_statement(key, said, node::ContentType::data_seal,
                                       node::encode(data_seal_of(head, claims.note)));
  out.tree_head = sign_tree_head(key, head);
  out.signer = node::public_key_pem(key.public_key());
  return out;
}

SignatureCheck check_seal_signatures(const SealSignatures& signatures, const TreeHead& head,
                                     std::string_view note, const PublicKey* trusted) {
  return Check(signatures, head, note).run(trusted);
}

}  // namespace salus::trial

#include "trial/proof/proof_check.h"

#include <cstdlib>

#include "engine/signature/reference.h"
#include "node/statement/data_seal.h"

namespace salus::trial {
namespace {

using merkle::TreeKind;

/// Whether the record is in the tree that its line commits to.
bool record_holds(const RecordProof& record, const ProvedLine& line) {
  return line.kind == ProvedLine::Kind::records &&
         merkle::verify_inclusion(TreeKind::rfc9162, record_leaf(record), record.index,
                                  line.records.count, record.path, line.records.root);
}

/// The head that was signed, with its root; nothing where the line's path does not lead there.
std::optional<TreeHead> head_below(const ReadProof& read) {
  const Proof& proof = read.proof;
  const Digest leaf = merkle::leaf_hash(TreeKind::rfc9162, as_bytes(proof.line));
  if (const auto* checkpoint = std::get_if<Checkpoint>(&read.head)) {
    const TreeHead& head = checkpoint->head;
    if (!merkle::verify_inclusion(TreeKind::rfc9162, leaf, proof.index, head.size, proof.path,
                                  head.root))
      return std::nullopt;
    return head;
  }
  const auto& receipt = std::get<InclusionReceipt>(read.head);
  const auto root = merkle::inclusion_root(leaf, proof.index, receipt.tree_size, proof.path);
  TreeHead head = receipt.signed_head.head;
  if (!root || receipt.tree_size != head.size) return std::nullopt;
  head.root = *root;
  return head;
}

std::optional<ProofFault> check_head_signature(const ReadProof& read, const TreeHead& head,
                                               const PublicKey& trusted) {
  if (const auto* checkpoint = std::get_if<Checkpoint>(&read.head)) {
    switch (check_signature(*checkpoint, trusted)) {
      case NoteVerdict::valid: return std::nullopt;
      case NoteVerdict::not_signed: return ProofFault::unknown_signer;
      case NoteVerdict::mismatch: return ProofFault::bad_signature;
    }
  }
  SignedTreeHead signed_head = std::get<InclusionReceipt>(read.head).signed_head;
  if (signed_head.signer != node::key_id(trusted)) return ProofFault::unknown_signer;
  signed_head.head = head;
  if (!is_signed_by(signed_head, trusted)) return ProofFault::bad_signature;
  return std::nullopt;
}

/// When the statement says that it was issued; nothing where it is not of this head and key.
std::optional<std::int64_t> time_in(Bytes message, const TreeHead& head, const PublicKey& trusted) {
  const auto parsed = node::parse_statement(message, node::kMaxStatementBytes);
  const auto* const statement = std::get_if<node::Statement>(&parsed);
  if (statement == nullptr || statement->type != node::ContentType::data_seal ||
      statement->algorithm != trusted.algorithm || statement->signer != node::key_id(trusted))
    return std::nullopt;
  const auto seal = node::decode_data_seal(statement->payload);
  if (!seal || seal->name != head.origin || seal->tree_size != head.size || seal->root != head.root)
    return std::nullopt;
  std::vector<std::uint8_t> signed_bytes;
  node::append_signed_bytes(*statement, signed_bytes);
  if (engine::signature::verify_reference(
          {trusted.algorithm, trusted.bytes, signed_bytes, statement->signature}) !=
      engine::signature::Reason::valid)
    return std::nullopt;
  return statement->issued_at;
}

}  // namespace

std::string_view to_string(ProofFault fault) {
  switch (fault) {
    case ProofFault::wrong_line: return "wrong_line";
    case ProofFault::wrong_record: return "wrong_record";
    case ProofFault::wrong_path: return "wrong_path";
    case ProofFault::unknown_signer: return "unknown_signer";
    case ProofFault::bad_signature: return "bad_signature";
    case ProofFault::wrong_statement: return "wrong_statement";
    case ProofFault::wrong_anchor: return "wrong_anchor";
  }
  std::abort();  // not one of them: a number cast by mistake
}

std::string_view explanation(ProofFault fault) {
  switch (fault) {
    case ProofFault::wrong_line: return "it proves no line that commits to a file";
    case ProofFault::wrong_record: return "the record is not one of those that were sealed";
    case ProofFault::wrong_path: return "the line is not one of those that were sealed";
    case ProofFault::unknown_signer: return "the key that you trust did not sign it";
    case ProofFault::bad_signature: return "the seal's signature does not hold";
    case ProofFault::wrong_statement: return "the seal's statement is of something else";
    case ProofFault::wrong_anchor: return "the block's receipt does not hold for this seal";
  }
  std::abort();  // not one of them: a number cast by mistake
}

std::variant<CheckedProof, ProofFault> check_proof(const ReadProof& read, const PublicKey& trusted,
                                                   const LedgerTrust* ledger) {
  const Proof& proof = read.proof;
  auto line = read_proved_line(proof.line);
  if (!line) return ProofFault::wrong_line;
  if (proof.record && !record_holds(*proof.record, *line)) return ProofFault::wrong_record;
  const auto head = head_below(read);
  if (!head) return ProofFault::wrong_path;
  if (const auto fault = check_head_signature(read, *head, trusted)) return *fault;

  CheckedProof out{.head = *head,
                   .signer = node::key_id(trusted),
                   .index = proof.index,
                   .line = std::move(*line),
                   .record = proof.record,
                   .issued_at = {},
                   .anchor = {}};
  if (!proof.statement.empty()) {
    out.issued_at = time_in(proof.statement, *head, trusted);
    if (!out.issued_at) return ProofFault::wrong_statement;
  }
  if (!proof.anchor.empty()) {
    const auto anchor = decode_anchor(proof.anchor);
    if (!anchor) return ProofFault::wrong_anchor;
    auto checked = check_anchor(*anchor, proof.statement, ledger);
    if (std::holds_alternative<std::string>(checked)) return ProofFault::wrong_anchor;
    out.anchor = std::get<CheckedAnchor>(checked);
  }
  return out;
}

}  // namespace salus::trial

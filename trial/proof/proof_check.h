// Whether a proof holds, without a seal, a ledger or a network.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "trial/proof/anchor.h"
#include "trial/proof/proof.h"
#include "trial/proof/proved_line.h"

namespace salus::trial {

/// In the order in which they are looked for.
enum class ProofFault : std::uint8_t {
  wrong_line,       ///< The line is none that commits to a file.
  wrong_record,     ///< The record is not below the root in the line, or the line has no records.
  wrong_path,       ///< The line is not below the tree head, or sizes contradict each other.
  unknown_signer,   ///< The key that is trusted did not sign it.
  bad_signature,    ///< It is of another tree, or nobody made it.
  wrong_statement,  ///< The statement is of another seal, or its signature does not hold.
  wrong_anchor,     ///< The block's receipt is not of this seal, or does not hold.
};
/// "wrong_line", ...
std::string_view to_string(ProofFault fault);
/// For people: what it means.
std::string_view explanation(ProofFault fault);

/// What a proof that holds says.
struct CheckedProof {
  TreeHead head;
  node::KeyId signer{};
  std::uint64_t index = 0;  ///< Of the line.
  ProvedLine line;
  std::optional<RecordProof> record;
  std::optional<std::int64_t> issued_at;  ///< When it was sealed, as the signer says.
  std::optional<CheckedAnchor> anchor;
};

/// Checks a proof with the key of the signer whom the caller trusts. `ledger`, where given, says
/// whose blocks count; without it an anchor is only looked at for damage, and `is_trusted` is false
/// in what it says. A tree of one line has an empty path, which is as good as any.
std::variant<CheckedProof, ProofFault> check_proof(const ReadProof& read, const PublicKey& trusted,
                                                   const LedgerTrust* ledger = nullptr);

}  // namespace salus::trial

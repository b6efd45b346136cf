// The signatures of a seal where they lie: in its folder.
#pragma once

#include <string>
#include <vector>

#include "trial/proof/seal_signatures.h"
#include "trial/seal/seal_folder.h"
#include "trial/seal/sealing.h"

namespace salus::trial {

TreeHead tree_head_of(const SealFolder& seal);

/// The files as sealing writes them.
SealParts to_parts(const SealSignatures& signatures);

/// Signs the tree of a seal whose last section was sealed at this time ("2026-11-21T22:00:00Z"),
/// with the microseconds since 1970 as the sequence that only ever rises. Throws `Error` (usage) as
/// `sign_seal`, and for a time that is none.
SealParts sign_parts(const node::SigningKey& key, const TreeHead& head, std::string_view sealed,
                     const std::string& note);

/// Reads them from a seal. Throws `Error` (input) naming the one that is missing.
SealSignatures signatures_in(const SealFolder& seal);

/// `check_seal_signatures` of what lies in the folder, and whether the statement was issued when
/// SHA256SUMS says that its last section was sealed. A file that is missing is a fault as well.
SignatureCheck check_signatures(const SealFolder& seal, const PublicKey* trusted = nullptr);

}  // namespace salus::trial

// The proof of a receipt as text: C2SP tlog-proof (c2sp.org/tlog-proof), which tools for
// transparency logs verify.
//
//   c2sp.org/tlog-proof@v1
//   index 17
//   <path, a line each, base64>
//
//   salus/<chain id in hex>/<height>
//   <tree size>
//   <tree head, base64>
//
//   — salus/<chain id in hex>/<height> <key hint and Ed25519 signature, base64>
//
// Every block is a log of its own that never grows, and its name says which. The second half is a
// signed note (c2sp.org/signed-note) by the block's validator.
#pragma once

#include <cstdint>
#include <string>

#include "engine/merkle/tree.h"
#include "node/statement/signing_key.h"

namespace salus::node {

/// A proof for leaf `index` of the tree over a block's statements. Throws `Error` (usage) for an
/// index that the tree does not have, and for a key that is not Ed25519: signed notes have no other
/// algorithm that many read.
std::string make_tlog_proof(const SigningKey& validator, const Digest& chain, std::uint64_t height,
                            const merkle::Tree& tree, std::uint64_t index);

/// The validator's key as those tools take it: "name+hint+key". Throws `Error` (usage) as above.
std::string tlog_verifier_key(const PublicKey& validator, const Digest& chain,
                              std::uint64_t height);

}  // namespace salus::node

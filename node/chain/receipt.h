// Receipts: a validator's word that a statement is in a block (COSE Receipt, RFC 9942).
//
//   18([ << {1: alg, 4: kid, 15: {"size": tree size, "chain": id, "height": n}, 395: 1} >>,
//        {396: {-1: [ << [tree size, leaf index, [* path]] >> ]}},
//        nil, signature ])
//
// The payload is detached: it is the tree head that the path leads to from the statement's leaf, so
// that a path which is changed makes the signature fail. The unprotected header is not signed;
// therefore size, chain and height stand in the protected one as well.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/merkle/tree.h"
#include "node/chain/signed_header.h"
#include "node/statement/signing_key.h"

namespace salus::node {

/// A receipt for leaf `index` of the tree over a block's statements. Throws `Error` (usage) for an
/// index that the tree does not have.
std::vector<std::uint8_t> make_receipt(const SigningKey& validator, const Digest& chain,
                                       std::uint64_t height, const merkle::Tree& tree,
                                       std::uint64_t index);

/// What a receipt that holds says.
struct Receipt {
  KeyId validator{};
  Digest chain{};
  std::uint64_t height = 0;
  std::uint64_t tree_size = 0;
  std::uint64_t index = 0;
  Digest root{};  ///< Compare it with a header's Merkle root where there is one.

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

enum class ReceiptFault : std::uint8_t {
  malformed,   ///< Not of the form above.
  wrong_path,  ///< The path does not fit index and size, or the size is not the one that is signed.
  wrong_chain,
  unknown_signer,  ///< Or one whose algorithm is another.
  bad_signature,   ///< It is for another statement, or nobody made it.
};
/// "malformed", ...
std::string_view to_string(ReceiptFault fault);

/// Checks a receipt for a statement, given as the whole message, in the order of `ReceiptFault`.
std::variant<Receipt, ReceiptFault> check_receipt(Bytes receipt, Bytes statement,
                                                  const Digest& chain, const TrustedKeys& trusted);

}  // namespace salus::node

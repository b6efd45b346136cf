// A header with what its validator signed: all that a light client, or a node that asks for headers
// first, needs of a block.
//
//   [header: bstr .size 80, statement 0: bstr, tree size: uint, [* path: bstr .size 32]]
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/merkle/tree.h"
#include "engine/pow/header.h"
#include "engine/signature/public_key.h"
#include "node/chain/block.h"
#include "node/statement/statement.h"
#include "node/statement/validator.h"

namespace salus::node {

struct SignedHeader {
  pow::Header header;
  std::vector<std::uint8_t> statement;  ///< Statement 0, the whole message.
  std::uint64_t tree_size = 0;          ///< Statements of the block.
  std::vector<Digest> path;             ///< From leaf 0 to the header's Merkle root.

  friend bool operator==(const SignedHeader&, const SignedHeader&) = default;
};

/// `tree` is that over the block's statements.
SignedHeader make_signed_header(const BlockView& block, const merkle::Tree& tree);

std::vector<std::uint8_t> encode(const SignedHeader& header);
/// Nothing when the bytes are not exactly what `encode` writes.
std::optional<SignedHeader> decode_signed_header(Bytes bytes);

/// The keys that somebody trusts: nothing for an id that is none of theirs.
using TrustedKeys = std::function<std::optional<engine::signature::PublicKey>(const KeyId& id)>;

enum class HeaderFault : std::uint8_t {
  insufficient_work,  ///< The header's id does not meet its own bits.
  wrong_path,         ///< Statement 0 is not below the header's Merkle root.
  not_by_validator,   ///< Statement 0 is no validator statement.
  wrong_chain,
  wrong_statement,  ///< It names another previous block or time than the header.
  unknown_signer,
  bad_signature,
};
/// "insufficient_work", ...
std::string_view to_string(HeaderFault fault);

/// What a header that holds says.
struct CheckedHeader {
  Digest id{};
  KeyId validator{};
  ValidatorStatement said;
};

/// Checks a header by itself, in the order of `HeaderFault`. Whether its bits are what they must be
/// follows from the headers before it alone (`check_header_in_place`).
std::variant<CheckedHeader, HeaderFault> check_signed_header(const SignedHeader& header,
                                                             const Digest& chain,
                                                             const TrustedKeys& trusted);

}  // namespace salus::node

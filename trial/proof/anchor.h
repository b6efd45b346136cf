// A seal on the ledger: the block's receipt for the seal's statement, with what is needed to check
// it anywhere.
//
//   [transparent statement: bstr, signed header: bstr, validator's key: bstr]
//
// The first is seal.cose with the receipt in its unprotected header, {394: [receipt]} (RFC 9942,
// 4.1), which readers of such statements take as it is. The key (COSE_Key) is there so that a
// flipped byte is seen without asking anybody; whether it is a validator's, the genesis says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/bytes.h"
#include "engine/pow/uint256.h"
#include "engine/signature/public_key.h"
#include "node/chain/receipt.h"
#include "node/chain/signed_header.h"

namespace salus::trial {

inline constexpr std::string_view kAnchorFile = "anchor.cbor";
/// A statement, a header with its own statement, and two paths.
inline constexpr std::size_t kMaxAnchorBytes = std::size_t{4} << 20;

struct Anchor {
  std::vector<std::uint8_t> statement;  ///< seal.cose, as it was before.
  std::vector<std::uint8_t> receipt;
  std::vector<std::uint8_t> signed_header;
  engine::signature::PublicKey validator;

  friend bool operator==(const Anchor&, const Anchor&) = default;
};

/// Throws `Error` (input) for a statement that is no COSE_Sign1 with an empty unprotected header.
std::vector<std::uint8_t> encode(const Anchor& anchor);
/// Nothing when the bytes are not exactly what `encode` writes.
std::optional<Anchor> decode_anchor(Bytes bytes);

/// Whose blocks count.
struct LedgerTrust {
  Digest chain{};
  node::TrustedKeys validators;
};

/// What an anchor that holds says.
struct CheckedAnchor {
  Digest chain{};
  Digest block{};
  std::uint64_t height = 0;
  std::uint64_t index = 0;  ///< Of the statement in the block.
  std::uint32_t time = 0;   ///< Of the block, in seconds since 1970 UTC.
  node::KeyId validator{};
  pow::Uint256 work;        ///< Hashes expected for the block itself.
  bool is_trusted = false;  ///< It was held against a `LedgerTrust`.
};

/// Checks receipt and header for `statement`, and against each other; with `trust` that the chain
/// and the validator are the ones that count. A reason for people where it does not hold.
std::variant<CheckedAnchor, std::string> check_anchor(const Anchor& anchor, Bytes statement,
                                                      const LedgerTrust* trust = nullptr);

}  // namespace salus::trial

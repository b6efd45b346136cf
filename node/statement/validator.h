// The payload of a block's statement 0: application/vnd.salus.validator+cbor.
//
//   {1: chain, 2: height, 3: previous id, 4: time, 5: tree head}        docs/formats.md
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/bytes.h"

namespace salus::node {

/// What a validator signs of the block that it makes. All ids in the order in which SHA-256 emits
/// their bytes.
struct ValidatorStatement {
  Digest chain{};            ///< The genesis block's id.
  std::uint64_t height = 0;  ///< Of this block; the genesis block has 0.
  Digest previous{};         ///< As in the header.
  std::uint32_t time = 0;    ///< As in the header: seconds since 1970 UTC.
  Digest tree_head{};  ///< RFC 9162, over statements 1 to n; of no entries when there are none.

  friend bool operator==(const ValidatorStatement&, const ValidatorStatement&) = default;
};

std::vector<std::uint8_t> encode(const ValidatorStatement& statement);

/// Nothing when the payload is not exactly what `encode` writes.
std::optional<ValidatorStatement> decode_validator(Bytes payload);

}  // namespace salus::node

// What a chain is: the rules that genesis fixes for good.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/pow/asert.h"
#include "engine/signature/public_key.h"
#include "node/state/key_record.h"

namespace salus::node {

/// A key that is there from the beginning.
struct GenesisKey {
  Role role = Role::authority;
  engine::signature::PublicKey key;
  std::string name;  ///< For people; up to 255 bytes of text.

  friend bool operator==(const GenesisKey&, const GenesisKey&) = default;
};

/// How many of the last `window` blocks, a new one among them, one validator may have signed: at
/// most `limit`, or its even share where there are too few validators for that. With one validator
/// alone that is all of them.
struct Diversity {
  std::uint32_t window = 10;  ///< 1 to kMaxValidatorWindow.
  std::uint32_t limit = 6;    ///< 1 to `window`.

  friend bool operator==(const Diversity&, const Diversity&) = default;
};

struct BlockLimits {
  std::uint32_t block_bytes = std::uint32_t{64} << 20;  ///< Of the encoded block.
  std::uint32_t statement_bytes = std::uint32_t{64} << 10;
  std::uint32_t statements = std::uint32_t{1} << 20;  ///< The validator's own among them.

  friend bool operator==(const BlockLimits&, const BlockLimits&) = default;
};

struct ChainParameters {
  std::string name;                    ///< 1 to 64 bytes of text.
  std::uint32_t time = 0;              ///< Of the genesis block, seconds since 1970 UTC.
  std::uint32_t limit_bits = 0;        ///< The easiest target, as compact bits; also the first.
  std::uint32_t spacing = 60;          ///< Seconds wanted between blocks.
  std::uint32_t half_life = 288 * 60;  ///< Seconds behind schedule that double the target.
  std::uint32_t max_ahead = 120;       ///< Seconds that a block's or a statement's time may lead.
  BlockLimits limits;
  Diversity diversity;
  std::vector<GenesisKey> keys;  ///< At least one authority and one validator; sorted by id.

  /// For `pow::asert_next_bits`, with the genesis block as the anchor.
  [[nodiscard]] pow::AsertParams asert() const;
  [[nodiscard]] pow::AsertAnchor anchor() const;

  friend bool operator==(const ChainParameters&, const ChainParameters&) = default;
};

}  // namespace salus::node

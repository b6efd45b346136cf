// The beginning of a chain: its parameters, and the block 0 that follows from them.
//
// Block 0 has one entry in place of statements: the parameters in deterministic CBOR. Its Merkle
// root therefore commits to every one of them, and its id is the chain's name for good. Nobody
// mines it: its nonce is 0, and its work counts as none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/pow/header.h"
#include "node/chain/chain_parameters.h"
#include "node/state/state_writes.h"

namespace salus::node {

/// Immutable.
class Genesis {
 public:
  /// Throws `Error` (input) that names what is wrong with the parameters.
  explicit Genesis(ChainParameters parameters);

  /// Reads a genesis file: TOML, described in docs/chain.md. Throws `Error` (input) with the place.
  static Genesis from_toml(std::string_view text);

  /// A genesis file of this chain.
  [[nodiscard]] std::string to_toml() const;

  [[nodiscard]] const ChainParameters& parameters() const { return parameters_; }
  [[nodiscard]] const pow::Header& header() const { return header_; }
  /// Id of the block, and of the chain.
  [[nodiscard]] const Digest& id() const { return id_; }
  /// The parameters as block 0 holds them.
  [[nodiscard]] const std::vector<std::uint8_t>& encoded_parameters() const { return encoded_; }
  /// The state after block 0: its keys.
  [[nodiscard]] StateWrites state() const;

 private:
  ChainParameters parameters_;
  std::vector<std::uint8_t> encoded_;
  pow::Header header_;
  Digest id_{};
};

/// Longest genesis file that is read.
inline constexpr std::size_t kMaxGenesisText = std::size_t{8} << 20;

}  // namespace salus::node

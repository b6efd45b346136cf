// Blocks made: statements and a header, ready to be mined.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/engine.h"
#include "node/chain/block.h"
#include "node/chain/chain.h"
#include "node/chain/genesis.h"
#include "node/statement/signing_key.h"
#include "node/statement/validator.h"

namespace salus::node {

/// Signs statement 0: returns the whole message. A key in a module of its own can do it.
using SignValidatorStatement =
    std::function<std::vector<std::uint8_t>(const ValidatorStatement& statement)>;

/// Signs by a key at hand. The statement's sequence is the block's height, which rises on every
/// branch; the time is the block's.
SignValidatorStatement sign_by(const SigningKey& key);

/// A block without work. Whoever mines may change the header's nonce and free version bits; the
/// time is signed by the validator.
struct BlockTemplate {
  pow::Header header;
  std::vector<std::uint8_t> encoded;  ///< The whole block with this header.

  /// The whole block with another header: the one that was mined.
  [[nodiscard]] std::vector<std::uint8_t> with(const pow::Header& mined) const&;
  [[nodiscard]] std::vector<std::uint8_t> with(const pow::Header& mined) &&;
};

/// Puts a block together on top of `next.place.previous`: statement 0, which `sign` makes, and
/// `content`, the statements 1 to n in order. `time` is not before next.earliest_time. Throws what
/// the engine and `sign` throw.
BlockTemplate build_block(engine::Engine& engine, const Genesis& genesis, const NextBlock& next,
                          std::uint32_t time, std::span<const Bytes> content,
                          const SignValidatorStatement& sign);

}  // namespace salus::node

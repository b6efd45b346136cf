// Chains made up: keys, signed statements and mined blocks, for benchmarks and tests.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/engine.h"
#include "node/chain/block_builder.h"
#include "node/chain/genesis.h"
#include "node/statement/signing_key.h"

namespace salus::cli::bench {

struct FactoryOptions {
  std::size_t devices = 1;
  double p256_share = 0;  ///< Of the devices' keys; the others are Ed25519.
  std::size_t validators = 1;
  /// The first devices, so many, are not in genesis.
  std::size_t unregistered_devices = 0;
  std::uint32_t time = 1'700'000'000;     ///< Of genesis.
  std::uint32_t limit_bits = 0x207fffff;  ///< Every second hash meets it.
  std::uint32_t half_life = 288 * 60;
  node::BlockLimits limits = {};
  node::Diversity diversity = {};
};

/// Keys are new each time; all else is the same for the same options.
class BlockFactory {
 public:
  /// The engine outlives the factory.
  BlockFactory(engine::Engine& engine, const FactoryOptions& options);

  [[nodiscard]] const node::Genesis& genesis() const { return genesis_; }
  [[nodiscard]] const node::SigningKey& authority() const { return authority_; }
  [[nodiscard]] const node::SigningKey& validator(std::size_t i) const { return validators_[i]; }
  [[nodiscard]] const node::SigningKey& device(std::size_t i) const { return devices_[i]; }
  [[nodiscard]] std::size_t devices() const { return devices_.size(); }

  using Message = std::vector<std::uint8_t>;

  /// A pack of vital signs, about 200 bytes with its signature.
  [[nodiscard]] Message telemetry(std::size_t device, std::int64_t issued_at,
                                  std::uint64_t sequence) const;

  /// Telemetry of the devices in turn, in the order of signer and sequence in which a block has it.
  /// `round` makes sequences rise from one call to the next. Signs on all cores.
  [[nodiscard]] std::vector<Message> many_telemetry(std::size_t count, std::int64_t issued_at,
                                                    std::uint64_t round) const;

  /// A block with work, on top of what `next` says.
  [[nodiscard]] std::vector<std::uint8_t> block(const node::NextBlock& next, std::uint32_t time,
                                                std::span<const Message> statements,
                                                std::size_t validator = 0) const;

  /// Searches a nonce. For targets that a few hashes meet.
  static pow::Header mine(pow::Header header);

 private:
  [[nodiscard]] node::ChainParameters parameters(const FactoryOptions& options) const;

  engine::Engine& engine_;
  node::SigningKey authority_;
  std::vector<node::SigningKey> validators_;
  std::vector<node::SigningKey> devices_;
  node::Genesis genesis_;
};

}  // namespace salus::cli::bench

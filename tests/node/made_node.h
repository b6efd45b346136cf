// A node's folder with a chain of made-up blocks, for tests of what works on stopped nodes.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "cli/bench/block_factory.h"
#include "node/chain/block_store_storage.h"
#include "node/chain/chain.h"
#include "node/store/block_store.h"

namespace salus::node::test {

/// The keys outlive single openings of the folder.
class MadeNode {
 public:
  using Factory = cli::bench::BlockFactory;
  using Message = Factory::Message;

  /// Makes the folder, with genesis.toml, salus.toml and the keys validator.pem and authority.pem;
  /// no blocks yet.
  explicit MadeNode(std::filesystem::path folder, const cli::bench::FactoryOptions& options);

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] const Factory& factory() const { return factory_; }
  [[nodiscard]] engine::Engine& engine() { return engine_; }

  /// Adds `blocks` blocks with a statement of each device in each, one spacing apart.
  void add_blocks(std::size_t blocks);
  /// Adds a block with these statements.
  void add_block(std::span<const Message> statements);
  /// A statement of the authority.
  [[nodiscard]] Message by_authority(ContentType type, Bytes payload);

  /// The time of the last block.
  [[nodiscard]] std::uint32_t time() const { return time_; }

 private:
  struct Opened;
  void add_block(Opened& opened, std::span<const Message> statements);

  engine::Engine engine_{{.devices = "cpu", .cpu = {.threads = 1}}};
  std::filesystem::path folder_;
  Factory factory_;
  std::uint32_t time_;
  std::uint64_t sequence_ = 0;
};

}  // namespace salus::node::test

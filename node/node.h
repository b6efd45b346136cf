// A node: a chain in a data folder, with all that takes statements in, makes blocks and stores
// them.
//
//   FOLDER/genesis.toml     what the chain is
//   FOLDER/salus.toml       settings (config.h)
//   FOLDER/tokens           who may read bodies over HTTP
//   FOLDER/validator.pem    the key that signs blocks, where the node makes some
//   FOLDER/intake           what was acknowledged and may not be in a deep block yet
//   FOLDER/blocks           the chain
//   FOLDER/control          a socket, while the node runs (control/protocol.h)
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/engine.h"
#include "node/chain/block_store_storage.h"
#include "node/chain/chain.h"
#include "node/config.h"
#include "node/ingest/mempool.h"
#include "node/ingest/pipeline.h"
#include "node/mining/block_producer.h"
#include "node/mining/work_source.h"
#include "node/node_backup.h"
#include "node/statement/signing_key.h"
#include "node/store/block_store.h"
#include "node/store/intake_log.h"

namespace salus::node {

inline constexpr const char* kGenesisFile = "genesis.toml";
inline constexpr const char* kConfigFile = "salus.toml";
inline constexpr const char* kTokensFile = "tokens";
inline constexpr const char* kDevTokenFile = "operator.token";
inline constexpr const char* kIntakeFolder = "intake";
inline constexpr const char* kBlocksFolder = "blocks";

/// Makes a data folder for the chain of a genesis file. Throws `Error` (usage) where there is one
/// already, (input) for a bad genesis file, (system) for what cannot be written.
void init_folder(const std::filesystem::path& folder, std::string_view genesis_toml);

/// The same for a chain of its own with an easy target, one validator and one authority, whose keys
/// are put into the folder: validator.pem and authority.pem, not encrypted. So is a bearer token
/// for an operator: operator.token. All three may be read by their owner alone.
void init_dev_folder(const std::filesystem::path& folder);

Genesis load_genesis(const std::filesystem::path& folder);
NodeConfig load_config(const std::filesystem::path& folder);

struct NodeStats {
  PipelineStats intake;
  MempoolStats mempool;
  IntakeLogStats log;
  ChainTip tip;
  std::size_t orphans = 0;
  std::optional<ProducerStats> producer;
  std::optional<WorkStats> work;
  std::uint64_t on_chain = 0;  ///< Statements that came onto the chain since the start.
  /// Of the engine that verifies and hashes; mining has one of its own.
  std::vector<engine::DeviceLoad> devices;
};

/// Thread safe.
class Node {
 public:
  /// Opens the folder, takes what the log has and the chain has not into the mempool, and starts.
  /// No blocks are made without a key; with one they are mined here, or, where the configuration
  /// enables getwork and not mining, outside alone. Throws `Error`; `folder` must have been made by
  /// `init_folder`.
  Node(const std::filesystem::path& folder, const NodeConfig& config,
       std::optional<SigningKey> validator = std::nullopt);
  /// Finishes what was taken in, and closes everything.
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// Where statements go, from whichever side they come.
  [[nodiscard]] StatementSink& sink();
  [[nodiscard]] Chain& chain();
  [[nodiscard]] const BlockStore& store() const;
  [[nodiscard]] Mempool& mempool();
  [[nodiscard]] engine::Engine& engine();
  /// The key that signs blocks; nullptr where the node makes none.
  [[nodiscard]] const SigningKey* validator() const;
  /// Work for miners outside; nullptr unless the configuration enables it and there is a key.
  [[nodiscard]] WorkSource* work();
  /// Statements that the log had at the start and the chain had not.
  [[nodiscard]] std::size_t restored() const;

  [[nodiscard]] NodeStats stats() const;
  /// What keeps the node from going on: its log, its store or its block production has failed for
  /// good. What was acknowledged is there when it is opened anew.
  [[nodiscard]] std::optional<std::string> failure() const;

  /// `back_up_folder` of this node, which goes on meanwhile. Has every statement that was
  /// acknowledged before it was called. One at a time; others wait.
  BackupReport back_up(const std::filesystem::path& out, bool with_keys);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace salus::node

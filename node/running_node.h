// A node with all its ways in and out: what `salus node run` is.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/config.h"
#include "node/nats/counters.h"
#include "node/node.h"
#include "node/reload.h"
#include "node/statement/signing_key.h"

namespace salus::node {

/// Thread safe.
class RunningNode {
 public:
  /// Opens the folder and listens. HTTP listens first, so that whoever asks is told that the node
  /// is being opened; everything else does once it is. `validator` signs blocks and receipts;
  /// `version` is that of the program. Throws `Error`: (input) for settings and files that cannot
  /// be used, (system) where an address cannot be listened at; and as `Node` does.
  RunningNode(const std::filesystem::path& folder, const NodeConfig& config,
              std::optional<SigningKey> validator, std::string version);
  /// Takes nothing more, answers what was taken, and closes everything.
  ~RunningNode();
  RunningNode(const RunningNode&) = delete;
  RunningNode& operator=(const RunningNode&) = delete;

  [[nodiscard]] Node& node();
  [[nodiscard]] const Node& node() const;
  /// Where clients find it: "http://127.0.0.1:8340", "mqtts://[::1]:8883".
  [[nodiscard]] std::vector<std::string> addresses() const;
  /// Where it fetches statements from: "stream SALUS of nats://127.0.0.1:4222 as salus-3f9c...".
  [[nodiscard]] std::vector<std::string> sources() const;
  /// Reads again, while it runs, what may change then: bearer tokens, and the files of TLS for
  /// connections to come. Says of each what became of it; empty where the configuration names none.
  std::vector<Reloaded> reload();
  /// Nothing where no stream is configured.
  [[nodiscard]] std::optional<nats::Counters> nats_counters() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace salus::node

// Settings of a node: a TOML file in its data folder.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "node/ingest/mempool.h"
#include "node/ingest/pipeline.h"
#include "node/mining/block_producer.h"
#include "node/store/block_store.h"
#include "node/store/intake_log.h"

namespace salus::node {

struct NodeConfig {
  std::string devices = "auto";  ///< That verify and hash.
  unsigned threads = 0;
  IngestOptions intake;
  IntakeLogOptions log;
  MempoolOptions mempool;
  bool mine = false;
  std::string validator_key = "validator.pem";  ///< Relative to the data folder.
  ProducerOptions mining;
  BlockStoreOptions store;
};

/// Reads what `default_config` explains; what the text does not set stays as it is by default.
/// Throws `Error` (input) with the line for what is not TOML, for settings that there are not, and
/// for values out of bounds.
NodeConfig parse_config(std::string_view toml);

/// A configuration file with every setting, explained and at its default.
std::string default_config();

}  // namespace salus::node

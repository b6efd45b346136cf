// Settings of a node: a TOML file in its data folder.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "node/api/http_server.h"
#include "node/ingest/mempool.h"
#include "node/ingest/pipeline.h"
#include "node/mining/block_producer.h"
#include "node/store/block_store.h"
#include "node/store/intake_log.h"

namespace salus::node {

/// Files in PEM, relative to the data folder.
struct TlsConfig {
  std::string certificate;  ///< The whole chain; empty: no TLS.
  std::string key;
  std::string client_authority;  ///< Empty: clients need no certificate.
};

/// Where HTTP clients connect.
struct HttpConfig {
  bool enabled = true;
  api::HttpOptions server;  ///< But for TLS and who may read, which the next ones say.
  TlsConfig tls;
  std::string tokens = "tokens";          ///< File of bearer tokens, relative to the data folder.
  std::vector<std::string> certificates;  ///< "ROLE COMMON-NAME"
};

/// Work for miners outside, over HTTP.
struct GetworkConfig {
  bool enabled = false;
  std::vector<std::string> users;  ///< "name:SHA-256 of the password in hex"
};

/// Where MQTT clients connect.
struct MqttConfig {
  bool enabled = false;
  std::string address = "127.0.0.1";
  std::uint16_t port = 1883;
  TlsConfig tls;
  std::vector<std::string> users;  ///< "name:SHA-256 of the password in hex"
  std::size_t max_connections = 4096;
  std::size_t threads = 1;
};

/// A stream of NATS JetStream to take statements from. Files are relative to the data folder.
struct NatsConfig {
  bool enabled = false;
  std::vector<std::string> servers = {"nats://127.0.0.1:4222"};
  std::string tls_authority;    ///< PEM; empty: no TLS.
  std::string tls_certificate;  ///< PEM, ours with its chain; empty: none is shown.
  std::string tls_key;          ///< PEM
  std::string tls_server_name;  ///< Empty: the host of the server's URL.
  std::string user;
  std::string password_file;
  std::string credentials_file;
  std::string stream = "SALUS";
  std::vector<std::string> subjects = {"salus.statements.>"};
  std::string durable;  ///< Empty: a name that is made up and kept in the data folder.
  std::string inbox_prefix = "_INBOX";
  std::string refused_prefix = "salus.refused";
  std::size_t batch = 512;
  std::size_t fetches = 4;
  std::size_t fetch_bytes = std::size_t{4} << 20;
  std::chrono::seconds ack_wait{30};
  bool create_stream = false;
  std::size_t stream_replicas = 1;
  std::int64_t stream_max_bytes = std::int64_t{16} << 30;
  std::chrono::seconds stream_max_age{std::chrono::hours(72)};
  bool stream_refuse_when_full = false;
};

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
  HttpConfig http;
  GetworkConfig getwork;
  MqttConfig mqtt;
  NatsConfig nats;
};

/// Reads what `default_config` explains; what the text does not set stays as it is by default.
/// Throws `Error` (input) with the line for what is not TOML, for settings that there are not, and
/// for values out of bounds.
NodeConfig parse_config(std::string_view toml);

/// A configuration file with every setting, explained and at its default.
std::string default_config();

}  // namespace salus::node

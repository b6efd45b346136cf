// The HTTP API of a node, as its configuration asks for it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "node/api/node_reader.h"
#include "node/config.h"
#include "node/ingest/statement_sink.h"
#include "node/reload.h"

namespace salus::node {

/// Listens from construction to destruction; until `open` it says that the node is not ready.
class HttpListener {
 public:
  /// `folder` is the node's, where files of the configuration are; with `getwork`, which outlives
  /// the listener, miners are given work. Throws `Error`: (input) for
  /// settings and files that cannot be used, (system) where the address cannot be listened at.
  HttpListener(const std::filesystem::path& folder, const HttpConfig& config,
               const api::Getwork* getwork);
  ~HttpListener();
  HttpListener(const HttpListener&) = delete;
  HttpListener& operator=(const HttpListener&) = delete;

  /// What answers from now on. Both outlive `stop`, or the listener.
  void open(StatementSink& sink, const api::NodeReader& reader);
  /// Takes no more requests and answers those that it has.
  void stop();

  /// Reads the bearer tokens and the files of TLS again, each by itself. Thread safe.
  std::vector<Reloaded> reload();

  /// "http://127.0.0.1:8340", "https://[::1]:8340".
  [[nodiscard]] std::string address() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace salus::node

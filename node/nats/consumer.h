// Takes statements from a stream of NATS JetStream: docs/nats.md says how.
//
//   Consumer consumer({.durable = "validator-1"}, sink);
//
// A message is acknowledged to the server once the sink has its statements durable, or has refused
// them for good. A server that is not there, is lost or has no such stream is tried again for ever.
#pragma once

#include <memory>

#include "node/ingest/statement_sink.h"
#include "node/nats/counters.h"
#include "node/nats/options.h"

namespace salus::node::nats {

/// Thread safe, apart from constructor and destructor.
class Consumer {
 public:
  /// Starts at once, and does not wait for the server. `sink` must outlive it. Throws `Error`:
  /// `usage` for options that cannot be, `input` for files that cannot be used.
  Consumer(ConsumerOptions options, StatementSink& sink);
  /// Fetches no more, and acknowledges what the sink still answers within `drain_timeout`. The rest
  /// will be delivered again.
  ~Consumer();
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  [[nodiscard]] Counters counters() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace salus::node::nats

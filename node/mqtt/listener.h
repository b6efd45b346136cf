// The node's own MQTT 3.1.1 listener: the publisher's side of the protocol. docs/mqtt.md says what
// is offered and what is not.
//
//   Listener listener({.port = 1883}, sink, &authenticator);
//   ...
//   if (listener.is_receipt_awaited(id)) listener.send_receipt(id, receipt);   // once in a block
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "node/ingest/statement_sink.h"
#include "node/mqtt/authenticator.h"
#include "node/mqtt/counters.h"
#include "node/mqtt/options.h"

namespace salus::node::mqtt {

/// Thread safe, apart from constructor and destructor.
class Listener {
 public:
  /// Listens at once. `sink`, and `authenticator` where there is one (without, everybody may
  /// connect), must outlive it. Throws `Error`: `usage` for options that cannot be, `input` for
  /// TLS files, `system` where the address cannot be listened at.
  Listener(ListenerOptions options, StatementSink& sink, const Authenticator* authenticator);
  /// Ends all connections. The sink may still have submissions: their answers go nowhere, so that
  /// the senders bring them again.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] Counters counters() const;

  /// Reads the files of `ListenerOptions::tls` again, for connections to come; does nothing
  /// without. Throws as the constructor; then what was read before stays in use.
  void reload_tls();

  /// Whether somebody who sent this statement has subscribed to receipts and still waits for its.
  [[nodiscard]] bool is_receipt_awaited(const Digest& id) const;
  /// Publishes the receipt (COSE, docs/formats.md) to whoever waits for it. Never waits.
  void send_receipt(const Digest& id, Bytes receipt);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace salus::node::mqtt

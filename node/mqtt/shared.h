// What all connections of a listener have in common. It lives as long as anybody of them, or a
// submission in the sink, does; the sink and the authenticator must be there until the listener
// ends.
#pragma once

#include <atomic>

#include "node/ingest/statement_sink.h"
#include "node/mqtt/authenticator.h"
#include "node/mqtt/awaited_receipts.h"
#include "node/mqtt/client_registry.h"
#include "node/mqtt/counting.h"
#include "node/mqtt/memory_budget.h"
#include "node/mqtt/options.h"

namespace salus::node::mqtt {

struct Shared {
  Shared(ListenerOptions given, StatementSink& statement_sink, const Authenticator* who_may)
      : options(std::move(given)),
        sink(statement_sink),
        authenticator(who_may),
        memory(options.max_held_bytes),
        receipts(options.max_awaited_receipts) {}

  const ListenerOptions options;
  StatementSink& sink;
  const Authenticator* authenticator;  ///< Null: everybody may connect.
  MemoryBudget memory;
  AwaitedReceipts receipts;
  ClientRegistry clients;
  Counting counting;
  std::atomic<std::size_t> connections{0};
};

}  // namespace salus::node::mqtt

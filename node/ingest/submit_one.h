// One statement handed to a sink, and its answer waited for.
#pragma once

#include "node/ingest/statement_sink.h"

namespace salus::node {

/// What became of the message: when this returns it is refused, or durable. Waits for room, too.
/// The sink is not stopped meanwhile.
Outcome submit_one(StatementSink& sink, Bytes message);

}  // namespace salus::node

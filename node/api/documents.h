// What the API shows, as JSON or CBOR.
//
// Both have the same fields. Bytes are byte strings in CBOR and lower-case hex in JSON; ids of
// blocks are hex in reverse order there, as everywhere in Salus. docs/openapi.json has the schemas.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "node/api/media.h"
#include "node/api/node_reader.h"
#include "node/ingest/statement_sink.h"

namespace salus::node::api {

/// `unready_reason` is empty when the node is ready.
std::string write_status(const NodeStatus& status, std::string_view unready_reason, Format format);
std::string write_block(const BlockSummary& block, Format format);
/// With the body, where it is present.
std::string write_statement(const StatementView& statement, Format format);
std::string write_receipt(const Digest& id, const ReceiptView& receipt, Format format);
/// SenML in CBOR as measurements with all names and times resolved; other telemetry as payload.
std::string write_telemetry(const KeyId& device, const StatementPage& page, Format format);
/// Each as `write_statement` has it.
std::string write_statements(const StatementPage& page, Format format);
std::string write_key(const KeyId& id, const KeyRecord& key, Format format);

/// The outcomes of a POST, in order.
std::string write_outcomes(std::span<const Outcome> outcomes, Format format);

}  // namespace salus::node::api

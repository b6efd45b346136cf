// Messages that were fetched together: one Submission, and what is needed to answer them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/api/body_splitter.h"
#include "node/ingest/statement_sink.h"
#include "node/statement/statement.h"

namespace salus::node::nats {

/// A message, whose statements stand behind those of the one before it.
struct Fetched {
  std::size_t reply = 0;  ///< Where the subject to acknowledge it to begins in `replies`.
  std::size_t statements = 0;
  std::uint64_t stream_sequence = 0;
  std::optional<api::BodyFault> fault = {};  ///< Why there are none in it.
};

struct Batch {
  Submission submission;
  std::vector<KeyId> signers;  ///< Whom each statement names; zeros where it cannot be read.
  std::vector<Fetched> messages;
  std::string replies;            ///< Each ended by a zero, as cnats wants them.
  std::vector<Outcome> outcomes;  ///< Once it is answered.

  /// Takes the statements of a message; `body` is copied.
  void add(Bytes body, const char* reply, std::uint64_t stream_sequence,
           std::size_t max_statements);
  [[nodiscard]] bool is_empty() const { return messages.empty(); }
};

}  // namespace salus::node::nats

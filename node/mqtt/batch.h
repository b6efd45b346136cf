// Publishes that were read together: one Submission, and what is to be said for each afterwards.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "node/ingest/statement_sink.h"

namespace salus::node::mqtt {

/// What was done with a publish.
enum class Fate : std::uint8_t {
  submitted,  ///< Part of the submission.
  ignored,    ///< Nothing that the node needs; acknowledged all the same.
  oversize,   ///< Too long to be a statement: refused without the sink.
};

struct Publication {
  std::uint16_t packet_id = 0;  ///< 0: QoS 0, no acknowledgement.
  Fate fate = Fate::submitted;
};

struct Batch {
  Submission submission;
  std::vector<Publication> publications;  ///< In the order in which they came.
  std::vector<Outcome> outcomes;          ///< Of those submitted, once `is_answered`.
  std::size_t bytes = 0;                  ///< Of the submission when it was made.
  bool is_answered = false;
};

}  // namespace salus::node::mqtt

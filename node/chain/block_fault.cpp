#include "node/chain/block_fault.h"

#include <cstdlib>

namespace salus::node {

std::string_view to_string(FaultKind kind) {
  switch (kind) {
    case FaultKind::malformed: return "malformed";
    case FaultKind::oversize: return "oversize";
    case FaultKind::too_many_statements: return "too_many_statements";
    case FaultKind::no_statements: return "no_statements";
    case FaultKind::wrong_version: return "wrong_version";
    case FaultKind::target_too_easy: return "target_too_easy";
    case FaultKind::insufficient_work: return "insufficient_work";
    case FaultKind::invalid_parent: return "invalid_parent";
    case FaultKind::wrong_target: return "wrong_target";
    case FaultKind::time_too_early: return "time_too_early";
    case FaultKind::time_too_late: return "time_too_late";
    case FaultKind::wrong_root: return "wrong_root";
    case FaultKind::statement_refused: return "statement_refused";
    case FaultKind::not_by_validator: return "not_by_validator";
    case FaultKind::misplaced_validator: return "misplaced_validator";
    case FaultKind::wrong_chain: return "wrong_chain";
    case FaultKind::wrong_height: return "wrong_height";
    case FaultKind::wrong_previous: return "wrong_previous";
    case FaultKind::wrong_time: return "wrong_time";
    case FaultKind::wrong_content: return "wrong_content";
    case FaultKind::validator_share_exceeded: return "validator_share_exceeded";
  }
  std::abort();  // not one of them: a number cast by mistake
}

std::string describe(const BlockFault& fault) {
  std::string text(to_string(fault.kind));
  if (fault.statement) text += ": statement " + std::to_string(*fault.statement);
  if (fault.refusal) text.append(", ").append(to_string(*fault.refusal));
  return text;
}

bool is_final(FaultKind kind) {
  switch (kind) {
    case FaultKind::malformed:
    case FaultKind::oversize:
    case FaultKind::too_many_statements:
    case FaultKind::no_statements:
    case FaultKind::wrong_root:         // of the bytes beside the header, which anybody can change
    case FaultKind::insufficient_work:  // costs nothing to make, so that none is worth remembering
    case FaultKind::wrong_version:
    case FaultKind::target_too_easy:
    case FaultKind::time_too_late:  // of the clock
      return false;
    default: return true;
  }
}

}  // namespace salus::node

#include "node/mqtt/close_reason.h"

namespace salus::node::mqtt {

std::string_view to_string(CloseReason reason) {
  switch (reason) {
    case CloseReason::none: return "none";
    case CloseReason::disconnected: return "disconnected";
    case CloseReason::peer_closed: return "peer_closed";
    case CloseReason::malformed: return "malformed";
    case CloseReason::out_of_turn: return "out_of_turn";
    case CloseReason::not_offered: return "not_offered";
    case CloseReason::foreign_topic: return "foreign_topic";
    case CloseReason::oversize: return "oversize";
    case CloseReason::connect_refused: return "connect_refused";
    case CloseReason::too_slow: return "too_slow";
    case CloseReason::keep_alive: return "keep_alive";
    case CloseReason::overloaded: return "overloaded";
    case CloseReason::taken_over: return "taken_over";
    case CloseReason::stopping: return "stopping";
  }
  return "none";
}

}  // namespace salus::node::mqtt

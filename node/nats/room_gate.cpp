#include "node/nats/room_gate.h"

namespace salus::node::nats {

void RoomGate::close() {
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->is_open) return;  // The sink has been asked to call.
    state_->is_open = false;
  }
  sink_.call_when_room([state = state_] {
    const std::lock_guard lock(state->mutex);
    state->is_open = true;
    state->changed.notify_all();
  });
}

bool RoomGate::wait(std::stop_token stop) {
  std::unique_lock lock(state_->mutex);
  return state_->changed.wait(lock, stop, [this] { return state_->is_open; });
}

}  // namespace salus::node::nats

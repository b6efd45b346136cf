// Closed while the sink has no room: then nothing is fetched.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>

#include "node/ingest/statement_sink.h"

namespace salus::node::nats {

/// Thread safe. The sink must outlive it, but may call back later.
class RoomGate {
 public:
  explicit RoomGate(StatementSink& sink) : sink_(sink), state_(std::make_shared<State>()) {}

  /// After the sink has taken something not. It opens when the sink says so.
  void close();
  /// Waits until it is open; false when it is to stop.
  bool wait(std::stop_token stop);

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable_any changed;
    bool is_open = true;
  };

  StatementSink& sink_;
  const std::shared_ptr<State> state_;  // Of the sink, too, while the gate is closed.
};

}  // namespace salus::node::nats

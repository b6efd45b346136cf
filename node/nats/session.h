// A connection with its fetcher, from when it is there until it is lost. Internal: includes cnats.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "node/nats/counting.h"
#include "node/nats/fetcher.h"
#include "node/nats/handles.h"
#include "node/nats/mailbox.h"
#include "node/nats/options.h"
#include "node/nats/room_gate.h"

namespace salus::node::nats {

class Session {
 public:
  /// Connects to the server, and finds or makes stream and consumer; throws `Error` with the reason
  /// where that cannot be done. All given outlive it.
  Session(const ConsumerOptions& options, const std::string& server, StatementSink& sink,
          RoomGate& gate, const std::shared_ptr<Counting>& counting);

  /// Fetches and acknowledges until it is to stop; then acknowledges what is still answered within
  /// the drain timeout. Throws `Error` with the reason when the connection is lost. Called once.
  void run(const std::stop_token& stop);

 private:
  void start_fetching(const std::stop_token& stop);
  void start_over(const std::stop_token& stop);
  bool acknowledge(const std::vector<std::shared_ptr<Batch>>& batches);
  void check_silence() const;
  void drain();

  const ConsumerOptions& options_;
  StatementSink& sink_;
  RoomGate& gate_;
  Counting& counting_;
  const std::shared_ptr<Mailbox> mailbox_;
  const ConnectionHandle connection_;
  std::optional<Fetcher> fetcher_;
};

}  // namespace salus::node::nats

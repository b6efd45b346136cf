// Fetches messages, several fetches at once, into one inbox, on a thread that cnats makes.
// Internal: includes cnats.
//
// One inbox and one thread, so that statements reach the sink in the order of the stream: were a
// device's later statement on the chain before its earlier one came, the earlier one could never
// follow. Fetches are asked for by the server's protocol itself (docs/nats.md) instead of cnats'
// `natsSubscription_Fetch`, which hands out nothing before a fetch is complete or has timed out,
// and takes an empty message with a header `Status: 503`, which any publisher can send, for the
// server's word.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "node/ingest/statement_sink.h"
#include "node/nats/batch.h"
#include "node/nats/counting.h"
#include "node/nats/handles.h"
#include "node/nats/mailbox.h"
#include "node/nats/options.h"
#include "node/nats/room_gate.h"

namespace salus::node::nats {

/// All outlive the fetcher.
struct FetchContext {
  const ConsumerOptions& options;
  natsConnection* connection;
  StatementSink& sink;
  RoomGate& gate;
  Counting& counting;
  std::shared_ptr<Mailbox> mailbox;
};

class Fetcher {
 public:
  /// Throws `Error` where the connection does not allow it.
  explicit Fetcher(const FetchContext& context);
  /// Fetches no more; what was not handed to the sink is thrown away, and will be delivered again.
  ~Fetcher();
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;

  /// Asks for the first messages; to be called once.
  void start();

  /// How long the server has said nothing, though it was asked.
  [[nodiscard]] std::chrono::milliseconds silence() const;

 private:
  using Clock = std::chrono::steady_clock;

  static void on_message(natsConnection*, natsSubscription* inbox, natsMsg* message, void* self);
  static void on_complete(void* self);

  void take(natsMsg& message);
  void take_statement(natsMsg& message, const char* reply);
  void take_status(natsMsg& message);
  void end_fetch(natsMsg& status);
  void go_on(bool has_more);
  bool hand_over();
  bool wait_for_room();
  void ask_for_more();
  void ask() const;
  void hear() { heard_ = Clock::now().time_since_epoch(); }

  const FetchContext context_;
  std::string inbox_;
  std::string subject_;  ///< To ask for a fetch.
  std::string request_;

  // Of cnats' thread, after the first fetch.
  std::size_t expected_ = 0;  ///< Messages that the fetches may still bring.
  std::shared_ptr<Batch> batch_ = std::make_shared<Batch>();

  std::atomic<bool> is_waiting_for_room_ = false;
  std::atomic<Clock::duration> heard_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool has_ended_ = false;
  SubscriptionHandle subscription_;
};

}  // namespace salus::node::nats

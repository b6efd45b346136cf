#include "node/nats/session.h"

#include <fmt/format.h>

#include <chrono>

#include "engine/error.h"
#include "node/nats/acknowledge.h"
#include "node/nats/connection.h"
#include "node/nats/recall.h"
#include "node/nats/stream_setup.h"

namespace salus::node::nats {
namespace {

using namespace std::chrono_literals;

/// How often the connection is looked at while nothing is to be acknowledged.
constexpr auto kLook = 250ms;
constexpr auto kDrainStep = 10ms;
/// Heartbeats that may be missing, and some time for a busy machine.
constexpr int kMissingHeartbeats = 3;
constexpr std::int64_t kFlushTimeout = 1'000;  // ms

}  // namespace

Session::Session(const ConsumerOptions& options, const std::string& server, StatementSink& sink,
                 RoomGate& gate, const std::shared_ptr<Counting>& counting)
    : options_(options),
      sink_(sink),
      gate_(gate),
      counting_(*counting),
      mailbox_(std::make_shared<Mailbox>(counting)),
      connection_(connect(connection_options(options, server).get())) {
  set_up(connection_.get(), options);
  counting_.connections.add();
}

void Session::run(const std::stop_token& stop) {
  start_fetching(stop);
  while (!stop.stop_requested()) {
    const bool is_all_taken = acknowledge(mailbox_->wait(stop, kLook));
    mailbox_->throw_failure();
    check_silence();
    if (!is_all_taken) start_over(stop);
  }
  fetcher_.reset();
  drain();
}

void Session::start_fetching(const std::stop_token& stop) {
  recall_unacknowledged(connection_.get(), options_, stop);
  fetcher_.emplace(FetchContext{options_, connection_.get(), sink_, gate_, counting_, mailbox_});
  fetcher_->start();
}

void Session::start_over(const std::stop_token& stop) {
  fetcher_.reset();
  drain();
  const auto end = std::chrono::steady_clock::now() + options_.overload_pause;
  while (!stop.stop_requested() && std::chrono::steady_clock::now() < end) {
    acknowledge(mailbox_->wait(stop, options_.overload_pause));
    mailbox_->throw_failure();
  }
  if (!stop.stop_requested()) start_fetching(stop);
}

bool Session::acknowledge(const std::vector<std::shared_ptr<Batch>>& batches) {
  bool is_all_taken = true;
  for (const auto& batch : batches)
    is_all_taken &= nats::acknowledge(connection_.get(), options_, *batch, counting_);
  return is_all_taken;
}

void Session::check_silence() const {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  if (natsConnection_IsClosed(connection_.get()))
    throw Error(ErrorKind::system, "the connection is lost");
  const std::chrono::milliseconds silence = fetcher_->silence();
  if (silence > kMissingHeartbeats * options_.heartbeat)
    throw Error(ErrorKind::system, fmt::format("the server has said nothing for {} s",
                                               duration_cast<seconds>(silence).count()));
}

void Session::drain() {
  const auto end = std::chrono::steady_clock::now() + options_.drain_timeout;
  while (mailbox_->has_open() && std::chrono::steady_clock::now() < end)
    acknowledge(mailbox_->wait({}, kDrainStep));
  natsConnection_FlushTimeout(connection_.get(), kFlushTimeout);
}

}  // namespace salus::node::nats

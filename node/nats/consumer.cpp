#include "node/nats/consumer.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "engine/error.h"
#include "engine/log.h"
#include "node/nats/connection.h"
#include "node/nats/counting.h"
#include "node/nats/room_gate.h"
#include "node/nats/session.h"
#include "node/nats/subjects.h"

namespace salus::node::nats {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostFetches = 64;
constexpr std::size_t kMostBatch = 65'536;

ConsumerOptions checked(ConsumerOptions options) {
  const auto demand = [](bool holds, const char* what) {
    if (!holds) throw Error(ErrorKind::usage, std::string("configuration, nats: ") + what);
  };
  demand(!options.servers.empty(), "no servers are named");
  demand(is_name(options.stream), "stream is not of letters, digits, - and _");
  demand(is_name(options.durable), "durable is not of letters, digits, - and _");
  demand(is_subject(options.inbox_prefix), "inbox_prefix is no subject");
  demand(options.refused_prefix.empty() || is_subject(options.refused_prefix),
         "refused_prefix is no subject");
  demand(!options.subjects.empty() &&
             std::all_of(options.subjects.begin(), options.subjects.end(), is_subject_pattern),
         "subjects are none");
  demand(options.batch > 0 && options.batch <= kMostBatch, "batch is out of range");
  demand(options.fetches > 0 && options.fetches <= kMostFetches, "fetches is out of range");
  demand(options.max_statements > 0, "no statement is allowed in a message");
  demand(options.heartbeat * 2 <= options.fetch_timeout, "heartbeat is over half a fetch's time");
  for (const std::string& server : options.servers) connection_options(options, server);
  return options;
}

}  // namespace

class Consumer::Impl {
 public:
  Impl(ConsumerOptions options, StatementSink& sink)
      : options_(checked(std::move(options))),
        sink_(sink),
        gate_(sink),
        thread_([this](const std::stop_token& stop) { run(stop); }) {}

  [[nodiscard]] Counters counters() const { return counting_->snapshot(); }

 private:
  void run(const std::stop_token& stop) {
    milliseconds pause = options_.first_retry;
    for (std::size_t i = 0; !stop.stop_requested(); ++i) {
      const Clock::time_point begin = Clock::now();
      serve(options_.servers[i % options_.servers.size()], stop);
      if (stop.stop_requested()) return;
      if (Clock::now() - begin > options_.last_retry) pause = options_.first_retry;
      wait(pause, stop);
      pause = std::min(pause * 2, options_.last_retry);
    }
  }

  void serve(const std::string& server, const std::stop_token& stop) {
    try {
      Session session(options_, server, sink_, gate_, counting_);
      counting_->is_connected = true;
      complaint_.clear();
      logging::info("nats: fetching from the stream {} of {} as {}", options_.stream, server,
                    options_.durable);
      session.run(stop);
    } catch (const std::exception& error) {
      complain(server + ": " + error.what());
    }
    counting_->is_connected = false;
  }

  /// Once for each reason until there is a connection again: it may be tried for days.
  void complain(const std::string& what) {
    if (what == complaint_) return;
    complaint_ = what;
    logging::warn("nats: {}; trying again", what);
  }

  void wait(milliseconds time, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, stop, time, [] { return false; });
  }

  const ConsumerOptions options_;
  StatementSink& sink_;
  RoomGate gate_;
  const std::shared_ptr<Counting> counting_ = std::make_shared<Counting>();
  std::string complaint_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

Consumer::Consumer(ConsumerOptions options, StatementSink& sink)
    : impl_(std::make_unique<Impl>(std::move(options), sink)) {}
Consumer::~Consumer() = default;

Counters Consumer::counters() const { return impl_->counters(); }

}  // namespace salus::node::nats

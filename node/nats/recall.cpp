#include "node/nats/recall.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>

#include "engine/log.h"

namespace salus::node::nats {
namespace {

/// What lies further back comes after `ack_wait`.
constexpr std::uint64_t kMostRecalled = 1 << 18;
constexpr std::string_view kNotTaken = "-NAK";
constexpr std::chrono::milliseconds kLook{20};

/// The subject to which a delivered message is acknowledged: subjects.h. Of it the server looks at
/// stream sequence and consumer sequence, of the latter only at whether it may be.
std::string ack_subject(const ConsumerOptions& options, std::uint64_t stream_sequence,
                        std::uint64_t consumer_sequence) {
  return fmt::format("$JS.ACK.{}.{}.1.{}.{}.0.0", options.stream, options.durable, stream_sequence,
                     consumer_sequence);
}

ConsumerInfoHandle state_of_consumer(natsConnection* connection, const ConsumerOptions& options) {
  const auto js = jetstream(connection, options.request_timeout);
  return take<ConsumerInfoHandle>("asking for the consumer's state", [&](jsConsumerInfo** to) {
    return js_GetConsumerInfo(to, js.get(), options.stream.c_str(), options.durable.c_str(),
                              nullptr, nullptr);
  });
}

/// Once nothing is sent to others any more: the server counts the fetches to which somebody
/// listens.
ConsumerInfoHandle settled_state(natsConnection* connection, const ConsumerOptions& options,
                                 const std::stop_token& stop) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point end = Clock::now() + options.fetch_timeout;
  for (;;) {
    ConsumerInfoHandle state = state_of_consumer(connection, options);
    if (state->NumWaiting == 0 || stop.stop_requested()) return state;
    if (Clock::now() >= end) {
      logging::warn("nats: somebody else fetches as {}: each node needs a durable of its own",
                    options.durable);
      return state;
    }
    std::this_thread::sleep_for(kLook);
  }
}

}  // namespace

void recall_unacknowledged(natsConnection* connection, const ConsumerOptions& options,
                           const std::stop_token& stop) {
  const ConsumerInfoHandle state = settled_state(connection, options, stop);
  if (state->NumAckPending == 0) return;
  const std::uint64_t last = state->Delivered.Stream;
  std::uint64_t next = state->AckFloor.Stream + 1;
  if (next + kMostRecalled <= last) next = last - kMostRecalled + 1;
  for (; next < last; ++next) {
    const std::string subject = ack_subject(options, next, state->Delivered.Consumer);
    check(natsConnection_Publish(connection, subject.c_str(), kNotTaken.data(),
                                 static_cast<int>(kNotTaken.size())),
          "recalling messages");
  }
  // With an answer, so that all of them are recalled before the first fetch is asked for.
  take<MessageHandle>("recalling messages", [&](natsMsg** to) {
    return natsConnection_Request(
        to, connection, ack_subject(options, last, state->Delivered.Consumer).c_str(),
        kNotTaken.data(), static_cast<int>(kNotTaken.size()), options.request_timeout.count());
  });
}

}  // namespace salus::node::nats

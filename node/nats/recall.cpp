#include "node/nats/recall.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace salus::node::nats {
namespace {

/// What lies further back comes after `ack_wait`.
constexpr std::uint64_t kMostRecalled = 1 << 18;
constexpr std::string_view kNotTaken = "-NAK";

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

}  // namespace

void recall_unacknowledged(natsConnection* connection, const ConsumerOptions& options) {
  const ConsumerInfoHandle state = state_of_consumer(connection, options);
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

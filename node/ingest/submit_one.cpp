#include "node/ingest/submit_one.h"

#include <future>
#include <memory>

namespace salus::node {

Outcome submit_one(StatementSink& sink, Bytes message) {
  // Shared, because whoever sets a promise is not done with it when the waiter goes on.
  const auto answered = std::make_shared<std::promise<Outcome>>();
  Submission submission;
  submission.bytes.assign(message.begin(), message.end());
  submission.ends.push_back(static_cast<std::uint32_t>(message.size()));
  submission.done = [answered](std::span<const Outcome> outcomes) {
    answered->set_value(outcomes.front());
  };
  while (!sink.submit(submission)) {
    const auto room = std::make_shared<std::promise<void>>();
    sink.call_when_room([room] { room->set_value(); });
    room->get_future().wait();
  }
  return answered->get_future().get();
}

}  // namespace salus::node

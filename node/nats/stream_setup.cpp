#include "node/nats/stream_setup.h"

#include <fmt/format.h>

#include <chrono>
#include <vector>

#include "engine/error.h"
#include "engine/log.h"
#include "node/nats/subjects.h"

namespace salus::node::nats {
namespace {

/// Waiting and unacknowledged, at most, of a consumer that we make: as many as the intake takes.
constexpr std::int64_t kMaxAckPending = 65536;
constexpr const char* kDescription = "Signed statements for Salus nodes";

[[noreturn]] void fail(const std::string& problem) { throw Error(ErrorKind::system, problem); }

std::int64_t nanoseconds(std::chrono::nanoseconds time) { return time.count(); }

StreamInfoHandle find_stream(jsCtx* js, const ConsumerOptions& options) {
  jsStreamInfo* raw = nullptr;
  jsErrCode code{};
  const natsStatus status = js_GetStreamInfo(&raw, js, options.stream.c_str(), nullptr, &code);
  StreamInfoHandle info(raw);
  if (status == NATS_NOT_FOUND || code == JSStreamNotFoundErr) return nullptr;
  if (status == NATS_NO_RESPONDERS)
    fail("the server has no JetStream, or this user may not use it");
  check(status, "looking for the stream");
  return info;
}

StreamInfoHandle make_stream(jsCtx* js, const ConsumerOptions& options) {
  std::vector<const char*> subjects;
  for (const std::string& subject : options.subjects) subjects.push_back(subject.c_str());
  const StreamOptions& wanted = options.new_stream;
  const bool refuses = wanted.when_full == WhenFull::refuse_new;
  jsStreamConfig config;
  check(jsStreamConfig_Init(&config), "making the stream");
  config.Name = options.stream.c_str();
  config.Description = kDescription;
  config.Subjects = subjects.data();
  config.SubjectsLen = static_cast<int>(subjects.size());
  config.Storage = js_FileStorage;
  config.Replicas = wanted.replicas;
  config.MaxBytes = wanted.max_bytes;
  config.MaxAge = nanoseconds(wanted.max_age);
  config.Retention = refuses ? js_InterestPolicy : js_LimitsPolicy;
  config.Discard = refuses ? js_DiscardNew : js_DiscardOld;
  auto info = take<StreamInfoHandle>("making the stream", [&](jsStreamInfo** to) {
    return js_AddStream(to, js, &config, nullptr, nullptr);
  });
  logging::info("nats: made the stream {}", options.stream);
  return info;
}

void check_subjects(const jsStreamConfig& stream, const ConsumerOptions& options) {
  const auto of_stream = [&stream](auto holds) {
    for (int i = 0; i < stream.SubjectsLen; ++i)
      if (holds(stream.Subjects[i])) return true;
    return false;
  };
  for (const std::string& subject : options.subjects)
    if (!of_stream([&](const char* one) { return covers(one, subject); }))
      fail(fmt::format("the stream {} does not have the subject {}", options.stream, subject));
  const std::string notices = options.refused_prefix + ".*";
  if (!options.refused_prefix.empty() &&
      of_stream([&](const char* one) { return overlap(one, notices); }))
    fail(
        fmt::format("the stream {} would take in what is said about refused statements ({}): "
                    "set nats.refused_prefix to something else",
                    options.stream, notices));
}

ConsumerInfoHandle find_consumer(jsCtx* js, const ConsumerOptions& options) {
  jsConsumerInfo* raw = nullptr;
  jsErrCode code{};
  const natsStatus status =
      js_GetConsumerInfo(&raw, js, options.stream.c_str(), options.durable.c_str(), nullptr, &code);
  ConsumerInfoHandle info(raw);
  if (status == NATS_NOT_FOUND || code == JSConsumerNotFoundErr) return nullptr;
  check(status, "looking for the consumer");
  return info;
}

void make_consumer(jsCtx* js, const ConsumerOptions& options) {
  jsConsumerConfig config;
  check(jsConsumerConfig_Init(&config), "making the consumer");
  config.Durable = options.durable.c_str();
  config.Description = "A Salus node";
  config.AckPolicy = js_AckExplicit;
  config.DeliverPolicy = js_DeliverAll;
  config.AckWait = nanoseconds(options.ack_wait);
  config.MaxAckPending = kMaxAckPending;
  take<ConsumerInfoHandle>("making the consumer", [&](jsConsumerInfo** to) {
    return js_AddConsumer(to, js, options.stream.c_str(), &config, nullptr, nullptr);
  });
  logging::info("nats: made the consumer {} of the stream {}", options.durable, options.stream);
}

/// One that was made by others must not lose what we do not acknowledge.
void check_consumer(const jsConsumerConfig& consumer, const ConsumerOptions& options) {
  const auto demand = [&](bool holds, const char* what) {
    if (!holds)
      fail(fmt::format("the consumer {} of the stream {} {}", options.durable, options.stream,
                       what));
  };
  const bool is_pulled = consumer.DeliverSubject == nullptr || *consumer.DeliverSubject == '\0';
  demand(is_pulled, "is not one to fetch from (it pushes)");
  demand(consumer.AckPolicy == js_AckExplicit, "does not want each message acknowledged");
  demand(consumer.MaxDeliver <= 0, "gives up messages after some deliveries (max_deliver)");
  demand(!consumer.HeadersOnly, "delivers headers only");
}

}  // namespace

void set_up(natsConnection* connection, const ConsumerOptions& options) {
  const auto js = jetstream(connection, options.request_timeout);
  StreamInfoHandle stream = find_stream(js.get(), options);
  if (!stream && !options.create_stream)
    fail(fmt::format("there is no stream {}: make it, or set nats.create_stream", options.stream));
  if (!stream) stream = make_stream(js.get(), options);
  check_subjects(*stream->Config, options);
  if (const ConsumerInfoHandle consumer = find_consumer(js.get(), options))
    check_consumer(*consumer->Config, options);
  else
    make_consumer(js.get(), options);
}

}  // namespace salus::node::nats

#include "node/nats/fetcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <exception>
#include <string_view>
#include <system_error>
#include <utility>

#include "engine/error.h"
#include "node/nats/subjects.h"

namespace salus::node::nats {
namespace {

/// A batch is handed over when it has so many bytes, be there more to come or not.
constexpr std::size_t kEnoughBytes = std::size_t{1} << 20;
/// Beyond a message's body, what counts as its bytes: subject, headers and the subject to
/// acknowledge to.
constexpr std::int64_t kEnvelopeBytes = std::int64_t{64} << 10;
/// How the server ends a fetch whose next message would exceed its bytes.
constexpr std::string_view kTooMuch = "Message Size Exceeds MaxBytes";

std::int64_t nanoseconds(std::chrono::nanoseconds time) { return time.count(); }

std::string fetch_request(const ConsumerOptions& options, natsConnection* connection) {
  // A message that is longer than a fetch may bring would never be delivered.
  const std::int64_t bytes = std::max(static_cast<std::int64_t>(options.fetch_bytes),
                                      natsConnection_GetMaxPayload(connection) + kEnvelopeBytes);
  return fmt::format(R"({{"batch":{},"max_bytes":{},"expires":{},"idle_heartbeat":{}}})",
                     options.batch, bytes, nanoseconds(options.fetch_timeout),
                     nanoseconds(options.heartbeat));
}

std::string new_inbox(const std::string& prefix) {
  char* raw = nullptr;
  check(natsInbox_Create(&raw), "inbox");
  const std::unique_ptr<char, Release<natsInbox_Destroy>> inbox(raw);
  // The unique part of it: a connection's own prefix does not reach this function of cnats.
  const std::string_view name = inbox.get();
  return fmt::format("{}.{}", prefix, name.substr(name.rfind('.') + 1));
}

std::string_view header(natsMsg& message, const char* name) {
  const char* value = nullptr;
  return natsMsgHeader_Get(&message, name, &value) == NATS_OK && value != nullptr ? value : "";
}

}  // namespace

Fetcher::Fetcher(const FetchContext& context)
    : context_(context),
      inbox_(new_inbox(context.options.inbox_prefix)),
      subject_(fmt::format("$JS.API.CONSUMER.MSG.NEXT.{}.{}", context.options.stream,
                           context.options.durable)),
      request_(fetch_request(context.options, context.connection)),
      heard_(Clock::now().time_since_epoch()) {
  subscription_ = nats::take<SubscriptionHandle>("inbox", [this](natsSubscription** to) {
    return natsConnection_Subscribe(to, context_.connection, inbox_.c_str(), on_message, this);
  });
  // Without limits: what comes is bounded by what is asked for.
  check(natsSubscription_SetPendingLimits(subscription_.get(), -1, -1), "inbox");
  check(natsSubscription_SetOnCompleteCB(subscription_.get(), on_complete, this), "inbox");
}

Fetcher::~Fetcher() {
  stop_.request_stop();
  natsSubscription_Unsubscribe(subscription_.get());  // Or it has ended with the connection.
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [this] { return has_ended_; });
}

void Fetcher::start() {
  // From the first request on, what is expected belongs to cnats' thread.
  expected_ = context_.options.batch * context_.options.fetches;
  for (std::size_t i = 0; i < context_.options.fetches; ++i) ask();
}

std::chrono::milliseconds Fetcher::silence() const {
  if (is_waiting_for_room_) return std::chrono::milliseconds(0);
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch() -
                                                               heard_.load());
}

void Fetcher::on_message(natsConnection*, natsSubscription* inbox, natsMsg* message, void* self) {
  const MessageHandle owned(message);
  auto* const fetcher = static_cast<Fetcher*>(self);
  if (fetcher->stop_.stop_requested()) return;
  try {
    fetcher->take(*message);
    int waiting = 0;
    natsSubscription_GetPending(inbox, &waiting, nullptr);
    fetcher->go_on(waiting > 0);
  } catch (const std::exception& error) {
    fetcher->context_.mailbox->fail(error.what());
  }
}

void Fetcher::on_complete(void* self) {
  auto* const fetcher = static_cast<Fetcher*>(self);
  const std::lock_guard lock(fetcher->mutex_);
  fetcher->has_ended_ = true;
  fetcher->ended_.notify_all();
}

void Fetcher::take(natsMsg& message) {
  hear();
  const char* const reply = natsMsg_GetReply(&message);
  if (reply != nullptr && *reply != '\0')
    take_statement(message, reply);
  else
    take_status(message);
}

void Fetcher::take_statement(natsMsg& message, const char* reply) {
  Counting& counting = context_.counting;
  const auto ack = parse_ack_subject(reply);
  if (!ack || ack->stream != context_.options.stream || ack->consumer != context_.options.durable) {
    counting.foreign.add();
    return;
  }
  const Bytes body(reinterpret_cast<const std::uint8_t*>(natsMsg_GetData(&message)),
                   static_cast<std::size_t>(natsMsg_GetDataLength(&message)));
  counting.fetched.add();
  counting.bytes.add(body.size());
  if (ack->deliveries > 1) counting.redelivered.add();
  counting.backlog.set(ack->backlog);
  batch_->add(body, reply, ack->stream_sequence, context_.options.max_statements);
  if (expected_ > 0) --expected_;
}

void Fetcher::take_status(natsMsg& message) {
  const std::string_view status = header(message, "Status");
  const std::string_view description = header(message, "Description");
  if (status == "100") return;  // Heartbeat.
  if (status == "404" || status == "408" || description == kTooMuch) return end_fetch(message);
  if (status.empty()) {
    context_.counting.foreign.add();
    return;
  }
  throw Error(ErrorKind::system,
              status == "503"
                  ? std::string("nobody answers: the consumer is gone, or there is no "
                                "JetStream now")
                  : fmt::format("the server ended a fetch: {} {}", status, description));
}

void Fetcher::end_fetch(natsMsg& status) {
  const std::string_view unused = header(status, "Nats-Pending-Messages");
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(unused.data(), unused.data() + unused.size(), count);
  if (unused.empty() || error != std::errc() || count > expected_)
    throw Error(ErrorKind::system,
                "the server does not say what a fetch has left (nats-server 2.9 and later do)");
  if (count == context_.options.batch && header(status, "Description") == kTooMuch)
    throw Error(ErrorKind::system,  // All that it may bring was not enough.
                "a message of the stream is longer than a fetch may bring: raise nats.fetch_bytes");
  expected_ -= count;
}

void Fetcher::go_on(bool has_more) {
  if (has_more && batch_->submission.bytes.size() < kEnoughBytes &&
      batch_->messages.size() < context_.options.batch)
    return;
  if (hand_over() && wait_for_room()) ask_for_more();
}

bool Fetcher::hand_over() {
  if (batch_->is_empty()) return true;
  if (batch_->submission.ends.empty()) {  // Nothing but faults: no question for the sink.
    context_.mailbox->open(*batch_);
    context_.mailbox->answer(std::exchange(batch_, std::make_shared<Batch>()));
    return true;
  }
  while (!submit(context_.sink, context_.mailbox, batch_)) {
    context_.counting.stalls.add();
    context_.gate.close();
    if (!wait_for_room()) return false;
  }
  context_.counting.submissions.add();
  batch_ = std::make_shared<Batch>();
  return true;
}

bool Fetcher::wait_for_room() {
  is_waiting_for_room_ = true;
  const bool has_room = context_.gate.wait(stop_.get_token());
  hear();
  is_waiting_for_room_ = false;
  return has_room;
}

void Fetcher::ask_for_more() {
  const ConsumerOptions& options = context_.options;
  while (expected_ + options.batch <= options.batch * options.fetches) {
    expected_ += options.batch;
    ask();
  }
}

void Fetcher::ask() const {
  context_.counting.fetches.add();
  check(natsConnection_PublishRequest(context_.connection, subject_.c_str(), inbox_.c_str(),
                                      request_.data(), static_cast<int>(request_.size())),
        "asking for messages");
}

}  // namespace salus::node::nats

#include "node/mqtt/session.h"

#include <algorithm>
#include <utility>

#include "node/mqtt/refusal_notice.h"

namespace salus::node::mqtt {
namespace {

constexpr std::size_t kMaxSpareBatches = 4;

/// What became of a publish that the sink never saw.
Outcome own_outcome(Fate fate) {
  Outcome outcome;
  if (fate == Fate::oversize) outcome.refusal = Refusal::oversize;
  return outcome;
}

}  // namespace

Session::Session(const SessionLimits& limits, SessionHost& host) : limits_(limits), host_(host) {}

bool Session::has_room() const {
  return in_flight_ < limits_.max_in_flight && (!batch_ || batch_->bytes < kMaxBatchBytes);
}

std::size_t Session::receive(Bytes bytes) {
  std::size_t used = 0;
  wanted_bytes_ = 0;
  while (is_open() && has_room() && used < bytes.size()) {
    const Bytes rest = bytes.subspan(used);
    const std::size_t count = skip_bytes_ > 0 ? skip(rest) : take_packet(rest);
    if (count == 0) break;
    used += count;
  }
  return used;
}

std::size_t Session::skip(Bytes bytes) {
  const std::size_t count = std::min(skip_bytes_, bytes.size());
  skip_bytes_ -= count;
  if (skip_bytes_ == 0) add(skipped_);
  return count;
}

std::size_t Session::take_packet(Bytes bytes) {
  // What comes first must be CONNECT: no need to wait for the rest of anything else.
  if (!is_connected_ && bytes[0] >> 4 != static_cast<int>(PacketType::connect)) {
    close(CloseReason::out_of_turn);
    return 0;
  }
  const FrameResult result =
      read_frame(bytes, is_connected_ ? limits_.max_packet_bytes() : kMaxConnectBytes);
  switch (result.state) {
    case FrameState::whole: handle(result.frame); return result.frame.size;
    case FrameState::incomplete: wanted_bytes_ = result.size; return 0;
    case FrameState::malformed: close(CloseReason::malformed); return 0;
    case FrameState::too_long: return begin_to_skip(bytes, result.size);
  }
  return 0;
}

void Session::handle(const Frame& frame) {
  if (is_connected_ == (frame.type == PacketType::connect))  // [MQTT-3.1.0-1, -2]
    return close(CloseReason::out_of_turn);
  switch (frame.type) {
    case PacketType::connect: return handle_connect(frame.body);
    case PacketType::publish: return handle_publish(frame);
    case PacketType::subscribe: return handle_subscribe(frame.body);
    case PacketType::unsubscribe: return handle_unsubscribe(frame.body);
    case PacketType::pingreq:
    case PacketType::disconnect:
      if (!frame.body.empty()) return close(CloseReason::malformed);
      if (frame.type == PacketType::disconnect) return close(CloseReason::disconnected);
      return append_pingresp(output_);
    case PacketType::pubrec:
    case PacketType::pubrel:
    case PacketType::pubcomp: return close(CloseReason::not_offered);
    // PUBACK answers what is sent at QoS 1, which nothing is; the others are a server's.
    default: return close(CloseReason::out_of_turn);
  }
}

void Session::handle_connect(Bytes body) {
  const std::optional<Connect> connect = parse_connect(body);
  if (!connect) return close(CloseReason::malformed);
  if (!connect->is_supported) return refuse_connect(ConnectCode::unacceptable_protocol);
  client_id_ = connect->client_id;
  // Without a name, a session cannot be found again [MQTT-3.1.3-8].
  const bool is_acceptable = client_id_.empty()
                                 ? connect->clean_session
                                 : is_client_id(client_id_, limits_.max_client_id_bytes);
  if (!is_acceptable) return refuse_connect(ConnectCode::identifier_rejected);
  const ConnectCode code = host_.admit(*connect, client_id_);
  if (code != ConnectCode::accepted) return refuse_connect(code);
  is_connected_ = true;
  keep_alive_seconds_ = connect->keep_alive_seconds;
  topics_ = OwnTopics(limits_.topic_prefix, client_id_);
  append_connack(code, output_);
}

void Session::refuse_connect(ConnectCode code) {
  append_connack(code, output_);
  close(CloseReason::connect_refused);
}

void Session::handle_publish(const Frame& frame) {
  const std::optional<Publish> publish = parse_publish(frame.flags, frame.body);
  if (!publish) return close(CloseReason::malformed);
  if (publish->qos == 2) return close(CloseReason::not_offered);
  const TopicUse use = topic_use(limits_.topic_prefix, publish->topic);
  // 3.1.1 has no way to refuse a publish but this [MQTT-3.3.5-2].
  if (use == TopicUse::foreign) return close(CloseReason::foreign_topic);
  if (use == TopicUse::bridge_state) return add({publish->packet_id, Fate::ignored});
  if (publish->payload.size() > limits_.max_statement_bytes)
    return add({publish->packet_id, Fate::oversize});

  Submission& submission = open_batch().submission;
  submission.bytes.insert(submission.bytes.end(), publish->payload.begin(), publish->payload.end());
  submission.ends.push_back(static_cast<std::uint32_t>(submission.bytes.size()));
  batch_->bytes = submission.bytes.size();
  add({publish->packet_id, Fate::submitted});
}

/// Once topic and packet id are there. Any other packet that is so long ends the session.
std::size_t Session::begin_to_skip(Bytes bytes, std::size_t packet_bytes) {
  const auto end = [this](CloseReason reason) {
    close(reason);
    return std::size_t{0};
  };
  const bool is_publish = bytes[0] >> 4 == static_cast<int>(PacketType::publish);
  if (!is_connected_ || !is_publish || packet_bytes > kMaxSkippedBytes)
    return end(CloseReason::oversize);
  std::size_t topic_at = 2;
  while ((bytes[topic_at - 1] & 0x80) != 0) ++topic_at;  // The remaining length is whole.
  const Bytes body = bytes.subspan(topic_at);
  if (body.size() < 2) return 0;
  const auto topic_bytes = static_cast<std::size_t>(body[0] << 8 | body[1]);
  if (topic_bytes > limits_.max_topic_bytes) return end(CloseReason::oversize);
  const std::size_t id_bytes = (bytes[0] & 6) != 0 ? 2 : 0;
  const std::size_t head_bytes = 2 + topic_bytes + id_bytes;
  if (body.size() < head_bytes) return 0;

  const auto publish = parse_publish(bytes[0] & 0x0F, body.first(head_bytes));
  if (!publish) return end(CloseReason::malformed);
  if (publish->qos == 2) return end(CloseReason::not_offered);
  if (topic_use(limits_.topic_prefix, publish->topic) == TopicUse::foreign)
    return end(CloseReason::foreign_topic);
  skipped_ = {publish->packet_id, Fate::oversize};
  skip_bytes_ = packet_bytes - topic_at - head_bytes;
  return topic_at + head_bytes;
}

std::uint8_t Session::subscribe(std::string_view filter) {
  if (filter != topics_.receipt && filter != topics_.refused) return kSubscribeFailure;
  (filter == topics_.receipt ? wants_receipts_ : wants_refusals_) = true;
  return 0;  // At QoS 0, whatever was asked for.
}

void Session::handle_subscribe(Bytes body) {
  std::optional<FilterList> filters = FilterList::parse_subscribe(body);
  if (!filters) return close(CloseReason::malformed);
  std::vector<std::uint8_t> codes;
  while (const auto filter = filters->next()) codes.push_back(subscribe(filter->text));
  append_suback(filters->packet_id(), codes, output_);
}

void Session::handle_unsubscribe(Bytes body) {
  std::optional<FilterList> filters = FilterList::parse_unsubscribe(body);
  if (!filters) return close(CloseReason::malformed);
  while (const auto filter = filters->next()) {
    if (filter->text == topics_.receipt) wants_receipts_ = false;
    if (filter->text == topics_.refused) wants_refusals_ = false;
  }
  append_unsuback(filters->packet_id(), output_);
}

Batch& Session::open_batch() {
  if (batch_) return *batch_;
  if (spare_.empty()) {
    batch_ = std::make_shared<Batch>();
  } else {
    batch_ = std::move(spare_.back());
    spare_.pop_back();
  }
  return *batch_;
}

void Session::add(const Publication& publication) {
  open_batch().publications.push_back(publication);
  ++in_flight_;
  ++tally_.publishes;
}

std::shared_ptr<Batch> Session::take_batch() {
  if (!batch_) return nullptr;
  batch_->is_answered = batch_->submission.size() == 0;
  waiting_.push_back(batch_);
  return std::exchange(batch_, nullptr);
}

void Session::settle() {
  while (!waiting_.empty() && waiting_.front()->is_answered) {
    std::shared_ptr<Batch> batch = std::move(waiting_.front());
    waiting_.pop_front();
    acknowledge(*batch);
    in_flight_ -= batch->publications.size();
    // Whoever answered may still hold it for a moment; then it is left to them.
    if (spare_.size() < kMaxSpareBatches && batch.use_count() == 1) {
      batch->publications.clear();
      batch->outcomes.clear();
      batch->bytes = 0;
      batch->submission = {};
      spare_.push_back(std::move(batch));
    }
  }
}

void Session::acknowledge(const Batch& batch) {
  std::size_t submitted = 0;
  for (const Publication& publication : batch.publications) {
    if (publication.fate == Fate::ignored) ++tally_.ignored;
    if (publication.fate == Fate::submitted) {
      acknowledge(publication, batch.outcomes[submitted++]);
    } else {
      acknowledge(publication, own_outcome(publication.fate));
    }
  }
}

void Session::acknowledge(const Publication& publication, const Outcome& outcome) {
  const bool is_overloaded = outcome.refusal == Refusal::overloaded;
  if (is_overloaded) {
    ++tally_.overloaded;
    // What is not acknowledged now never can be on this connection: the client brings it again on
    // the next. QoS 0 has no such promise.
    if (publication.packet_id != 0) close(CloseReason::overloaded);
  } else if (!outcome.is_held()) {
    ++tally_.refused;
    if (wants_refusals_)
      append_publish(topics_.refused,
                     as_bytes(refusal_notice(outcome.id, *outcome.refusal, publication.packet_id)),
                     output_);
  } else if (wants_receipts_ && publication.fate == Fate::submitted) {
    host_.await_receipt(outcome.id);
  }
  // Acknowledgements go in the order of the publishes [MQTT-4.6.0-2], so none may follow a gap.
  if (publication.packet_id == 0 || close_reason_ == CloseReason::overloaded) return;
  append_puback(publication.packet_id, output_);
  ++tally_.acknowledged;
}

void Session::send_receipt(Bytes receipt) {
  if (is_open() && wants_receipts_) append_publish(topics_.receipt, receipt, output_);
}

void Session::close(CloseReason reason) {
  if (is_open()) close_reason_ = reason;
}

SessionTally Session::take_tally() { return std::exchange(tally_, {}); }

}  // namespace salus::node::mqtt

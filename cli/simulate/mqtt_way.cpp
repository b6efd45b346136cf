// By MQTT at QoS 1: a connection a lane, many publishes in flight on each (docs/mqtt.md).
#include <fmt/format.h>

#include <deque>
#include <utility>

#include "cli/client/mqtt_client.h"
#include "cli/simulate/outcome_reader.h"
#include "cli/simulate/waiting.h"
#include "cli/simulate/way.h"
#include "engine/error.h"

namespace salus::cli::simulate {

using node::Refusal;

namespace {

constexpr std::chrono::milliseconds kLook{20};
constexpr std::uint16_t kFirstPacketId = 2;  // 1 is the subscription's
constexpr std::uint16_t kLastPacketId = 0xFFFF;

/// A publish that waits for its PUBACK.
struct InFlight {
  std::shared_ptr<const Batch> batch;
  std::size_t index = 0;
  SteadyTime first_sent;
  std::uint16_t packet_id = 0;
  std::optional<Refusal> refusal = {};
  bool is_acknowledged = false;
};

/// One lane's connection, made anew when it is lost.
class MqttLane {
 public:
  MqttLane(const MqttWayOptions& options, Outage& outage, std::size_t lane, Feeds& feeds,
           Tally& tally, const std::stop_token& stop)
      : options_(options),
        outage_(outage),
        lane_(lane),
        client_id_(fmt::format("{}-{}", options.client_id, lane)),
        topic_(fmt::format("{}/{}/telemetry", options.topic_prefix, client_id_)),
        refused_topic_(fmt::format("{}/{}/refused", options.topic_prefix, client_id_)),
        feeds_(feeds),
        tally_(tally),
        stop_(stop) {}

  void run() {
    Backoff backoff;
    Hope hope(options_.patience, tally_, stop_);
    while (!is_done()) {
      try {
        if (!client_) connect();
        backoff.reset();
        work(hope);
      } catch (const Error& error) {
        // What was received is settled; a connection that cannot be had now may be had later.
        if (error.kind() != ErrorKind::system) throw;
        outage_.begin(error.what());
        client_.reset();
        if (!hope.is_left() || !pause(backoff.next(), stop_)) break;
        continue;
      }
      if (!hope.is_left()) break;
    }
    if (!is_done()) feeds_.abandon(lane_);
  }

 private:
  [[nodiscard]] bool is_done() const {
    return in_flight_.empty() && !current_ && feeds_.is_over(lane_);
  }

  void connect() {
    client_ = std::make_unique<client::MqttClient>(
        client::MqttClientOptions{.endpoint = options_.endpoint,
                                  .tls = options_.tls,
                                  .client_id = client_id_,
                                  .username = options_.username,
                                  .password = options_.password},
        client::MqttHandlers{
            .acknowledged = [this](std::uint16_t id) { acknowledge(id); },
            .received = [this](std::string_view topic, Bytes payload) { hear(topic, payload); }});
    if (!client_->subscribe(refused_topic_))
      throw Error(ErrorKind::input, fmt::format("{}: may not subscribe to {}",
                                                options_.endpoint.text(), refused_topic_));
    for (InFlight& publish : in_flight_) {
      publish.refusal.reset();
      client_->publish(publish.packet_id, topic_, publish.batch->message(publish.index), true);
    }
    tally_.resent(in_flight_.size());
  }

  /// Until nothing is left to do, or hope.
  void work(Hope& hope) {
    while (!is_done() && hope.is_left()) {
      if (in_flight_.empty()) hope.renew();
      fill_window();
      client_->exchange(in_flight_.size() < options_.in_flight ? kShortLook : kLook);
      settle();
    }
  }

  void fill_window() {
    SteadyTime now = std::chrono::steady_clock::now();
    while (in_flight_.size() < options_.in_flight) {
      if (!current_) {
        std::optional<Batch> batch = feeds_.take(lane_, in_flight_.empty() ? now + kLook : now);
        if (!batch) return;
        now = std::chrono::steady_clock::now();  // it may have been waited for
        tally_.sent(batch->size());
        current_ = std::make_shared<const Batch>(std::move(*batch));
        next_index_ = 0;
      }
      InFlight publish{current_, next_index_, now, next_packet_id_};
      next_packet_id_ = next_packet_id_ == kLastPacketId
                            ? kFirstPacketId
                            : static_cast<std::uint16_t>(next_packet_id_ + 1);
      client_->publish(publish.packet_id, topic_, current_->message(next_index_), false);
      in_flight_.push_back(std::move(publish));
      if (++next_index_ == current_->size()) current_.reset();
    }
  }

  /// The node acknowledges in order, so that the first one is the one as a rule.
  InFlight* find(std::uint16_t packet_id) {
    for (InFlight& publish : in_flight_)
      if (publish.packet_id == packet_id) return &publish;
    return nullptr;
  }

  void acknowledge(std::uint16_t packet_id) {
    InFlight* const publish = find_unacknowledged(packet_id);
    if (publish == nullptr) return;
    publish->is_acknowledged = true;
  }

  InFlight* find_unacknowledged(std::uint16_t packet_id) {
    if (acknowledged_ < in_flight_.size() && in_flight_[acknowledged_].packet_id == packet_id)
      return &in_flight_[acknowledged_++];
    return find(packet_id);
  }

  void hear(std::string_view topic, Bytes payload) {
    const auto notice = read_refused_notice(payload);
    if (topic != refused_topic_ || !notice) return;
    if (InFlight* const publish = find(notice->packet_id)) publish->refusal = notice->refusal;
  }

  /// Counts what is acknowledged.
  void settle() {
    const SteadyTime now = std::chrono::steady_clock::now();
    bool is_any = false;
    while (!in_flight_.empty() && in_flight_.front().is_acknowledged) {
      const InFlight& publish = in_flight_.front();
      tally_.answered(publish.batch->kinds[publish.index], publish.refusal,
                      now - publish.first_sent,
                      [&] { return id_of_message(publish.batch->message(publish.index)); });
      in_flight_.pop_front();
      is_any = true;
    }
    acknowledged_ = 0;
    if (!is_any) return;
    outage_.end();
    tally_.flush();
  }

  static constexpr std::chrono::milliseconds kShortLook{2};

  const MqttWayOptions& options_;
  Outage& outage_;
  const std::size_t lane_;
  const std::string client_id_;
  const std::string topic_;
  const std::string refused_topic_;
  Feeds& feeds_;
  Tally& tally_;
  const std::stop_token& stop_;
  std::deque<InFlight> in_flight_;
  std::size_t acknowledged_ = 0;  ///< So many of the first ones, since they were settled.
  std::shared_ptr<const Batch> current_;
  std::size_t next_index_ = 0;
  std::uint16_t next_packet_id_ = kFirstPacketId;
  std::unique_ptr<client::MqttClient> client_;
};

class MqttWay final : public Way {
 public:
  explicit MqttWay(MqttWayOptions options) : options_(std::move(options)) {}
  void deliver(std::size_t lane, Feeds& feeds, Tally& tally, const std::stop_token& stop) override {
    MqttLane(options_, outage_, lane, feeds, tally, stop).run();
  }

 private:
  const MqttWayOptions options_;
  Outage outage_;
};

}  // namespace

std::unique_ptr<Way> make_mqtt_way(const MqttWayOptions& options) {
  return std::make_unique<MqttWay>(options);
}

}  // namespace salus::cli::simulate

#include "cli/client/mqtt_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <utility>
#include <vector>

#include "cli/client/mqtt_packets.h"
#include "cli/client/transport.h"
#include "engine/error.h"

namespace salus::cli::client {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using ErrorCode = boost::system::error_code;

constexpr std::size_t kReadBytes = std::size_t{64} << 10;
constexpr std::size_t kMaxText = 0xFFFF;
constexpr std::uint16_t kSubscribeId = 1;
constexpr std::uint8_t kSubscribeFailure = 0x80;

/// Table 3.1.
constexpr std::array<const char*, 6> kConnackCodes = {
    "accepted",           "it does not speak MQTT 3.1.1",        "it does not want the client id",
    "it has no room now", "user name or password are not right", "it lets in who is permitted"};

MqttLogin login_of(const MqttClientOptions& options) {
  return {options.client_id, static_cast<std::uint16_t>(options.keep_alive.count()),
          options.username, options.password};
}

void require_fitting(const MqttClientOptions& options) {
  if (!options.endpoint.scheme.starts_with("mqtt"))
    throw Error(ErrorKind::usage, options.endpoint.text() + ": not an address of MQTT");
  for (const std::string& text :
       {options.client_id, options.username.value_or(""), options.password.value_or("")})
    if (text.size() > kMaxText)
      throw Error(ErrorKind::usage, "MQTT has no texts longer than 65,535 bytes");
}

}  // namespace

class MqttClient::Impl {
 public:
  Impl(const MqttClientOptions& options, MqttHandlers handlers)
      : options_(options),
        handlers_(std::move(handlers)),
        transport_(options.endpoint, options.tls) {
    require_fitting(options);
    transport_.open(options.connect_timeout);
    in_.resize(kReadBytes);
    read_more();
    append_connect(login_of(options_), next_);
    wait_for(connack_, "connect");
    if (*connack_ != 0)
      throw Error(ErrorKind::system,
                  fmt::format("{}: not let in: {}", options_.endpoint.text(),
                              *connack_ < kConnackCodes.size() ? kConnackCodes.at(*connack_)
                                                               : "it does not say why"));
  }

  ~Impl() {
    append_disconnect(next_);
    write_more();
    transport_.context().restart();
    transport_.context().poll();
    if (!transport_.is_open()) return;
    // What is under way ends while its buffers are there.
    transport_.lowest().close();
    transport_.wait();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  bool subscribe(std::string_view topic) {
    suback_.reset();
    append_subscribe(kSubscribeId, topic, next_);
    wait_for(suback_, "subscribe");
    return *suback_ != kSubscribeFailure;
  }

  void publish(std::uint16_t packet_id, std::string_view topic, Bytes payload, bool is_duplicate) {
    append_publish(packet_id, topic, payload, is_duplicate, next_);
  }

  [[nodiscard]] std::size_t unsent() const { return next_.size() + now_.size(); }

  void exchange(std::chrono::milliseconds timeout) {
    const Clock::time_point end = Clock::now() + timeout;
    const std::uint64_t before = packets_;
    if (Clock::now() - last_write_ > options_.keep_alive / 2) append_pingreq(next_);
    write_more();
    asio::io_context& context = transport_.context();
    do {
      context.restart();
      if (context.run_one_until(end) == 0) break;
      context.poll();
      require_alive();
    } while (packets_ == before && Clock::now() < end);
  }

 private:
  void wait_for(const std::optional<std::uint8_t>& answer, const char* doing) {
    const Clock::time_point end = Clock::now() + options_.connect_timeout;
    while (!answer) {
      if (Clock::now() >= end) transport_.fail(boost::beast::error::timeout, doing);
      exchange(std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()));
    }
  }

  void require_alive() {
    if (is_broken_)
      throw Error(ErrorKind::system,
                  options_.endpoint.text() + ": what it sends is not MQTT 3.1.1");
    if (error_) transport_.fail(error_, "go on");
  }

  void read_more() {
    transport_.channel().async_read_some(asio::buffer(in_.data() + filled_, in_.size() - filled_),
                                         [this](const ErrorCode& error, std::size_t size) {
                                           if (error) {
                                             error_ = error;
                                             return;
                                           }
                                           filled_ += size;
                                           take_packets();
                                           if (!is_broken_) read_more();
                                         });
  }

  void take_packets() {
    std::size_t at = 0;
    while (at < filled_) {
      const auto [state, packet] =
          read_server_packet(Bytes(in_).subspan(at, filled_ - at), options_.max_packet_bytes);
      if (state == ReadState::incomplete) break;
      if (state == ReadState::malformed) {
        is_broken_ = true;
        return;
      }
      handle(packet);
      at += packet.size;
    }
    std::copy(in_.begin() + static_cast<std::ptrdiff_t>(at),
              in_.begin() + static_cast<std::ptrdiff_t>(filled_), in_.begin());
    filled_ -= at;
    if (in_.size() < filled_ + kReadBytes) in_.resize(filled_ + kReadBytes);
  }

  void handle(const ServerPacket& packet) {
    ++packets_;
    switch (packet.type) {
      case ServerPacket::Type::connack: connack_ = packet.code; break;
      case ServerPacket::Type::suback: suback_ = packet.code; break;
      case ServerPacket::Type::puback: handlers_.acknowledged(packet.packet_id); break;
      case ServerPacket::Type::publish: handlers_.received(packet.topic, packet.payload); break;
      case ServerPacket::Type::pingresp: break;
    }
  }

  /// One write at a time, of all that has gathered.
  void write_more() {
    if (!now_.empty() || next_.empty() || !transport_.is_open() || error_) return;
    std::swap(now_, next_);
    last_write_ = Clock::now();
    asio::async_write(transport_.channel(), asio::buffer(now_),
                      [this](const ErrorCode& error, std::size_t) {
                        now_.clear();
                        if (error && !error_) error_ = error;
                        if (!error) write_more();
                      });
  }

  const MqttClientOptions options_;
  const MqttHandlers handlers_;
  MqttBytes now_;   // is being sent
  MqttBytes next_;  // is sent after it
  MqttBytes in_;
  std::size_t filled_ = 0;
  std::uint64_t packets_ = 0;
  std::optional<std::uint8_t> connack_;
  std::optional<std::uint8_t> suback_;
  bool is_broken_ = false;
  ErrorCode error_;
  Clock::time_point last_write_ = Clock::now();
  Transport transport_;  // last: what is under way uses the buffers
};

MqttClient::MqttClient(const MqttClientOptions& options, MqttHandlers handlers)
    : impl_(std::make_unique<Impl>(options, std::move(handlers))) {}
MqttClient::~MqttClient() = default;

bool MqttClient::subscribe(std::string_view topic) { return impl_->subscribe(topic); }

void MqttClient::publish(std::uint16_t packet_id, std::string_view topic, Bytes payload,
                         bool is_duplicate) {
  impl_->publish(packet_id, topic, payload, is_duplicate);
}

std::size_t MqttClient::unsent() const { return impl_->unsent(); }

void MqttClient::exchange(std::chrono::milliseconds timeout) { impl_->exchange(timeout); }

}  // namespace salus::cli::client

#include "tests/node/mqtt/public_client.h"

#include <chrono>
#include <stdexcept>

namespace salus::test {
namespace {

constexpr int kKeepAlive = 60;

PublicClient& self(void* object) { return *static_cast<PublicClient*>(object); }

void check(int code) {
  if (code != MOSQ_ERR_SUCCESS) throw std::runtime_error(mosquitto_strerror(code));
}

}  // namespace

PublicClient::PublicClient(const char* client_id, std::optional<PublicClientTls> tls) {
  mosquitto_lib_init();
  client_.reset(mosquitto_new(client_id, true, this));
  if (!client_) throw std::runtime_error("libmosquitto gives no client");
  mosquitto_reconnect_delay_set(client_.get(), 1, 1, false);
  mosquitto_max_inflight_messages_set(client_.get(), 200);
  if (tls) {
    const bool has_certificate = !tls->certificate.empty();
    check(mosquitto_tls_set(client_.get(), tls->authorities.c_str(), nullptr,
                            has_certificate ? tls->certificate.c_str() : nullptr,
                            has_certificate ? tls->key.c_str() : nullptr, nullptr));
  }
  mosquitto_connect_callback_set(client_.get(), [](mosquitto*, void* object, int code) {
    const std::lock_guard lock(self(object).mutex_);
    self(object).connect_code_ = code;
    self(object).changed_.notify_all();
  });
  // Where TLS fails, there is no CONNACK, but this.
  mosquitto_disconnect_callback_set(client_.get(), [](mosquitto*, void* object, int) {
    const std::lock_guard lock(self(object).mutex_);
    if (!self(object).connect_code_) self(object).connect_code_ = -1;
    self(object).changed_.notify_all();
  });
  mosquitto_publish_callback_set(client_.get(), [](mosquitto*, void* object, int) {
    const std::lock_guard lock(self(object).mutex_);
    ++self(object).completed_;
    self(object).changed_.notify_all();
  });
  mosquitto_subscribe_callback_set(client_.get(),
                                   [](mosquitto*, void* object, int, int, const int* granted) {
                                     const std::lock_guard lock(self(object).mutex_);
                                     self(object).granted_ = granted[0];
                                     self(object).changed_.notify_all();
                                   });
  mosquitto_message_callback_set(
      client_.get(), [](mosquitto*, void* object, const mosquitto_message* message) {
        const std::lock_guard lock(self(object).mutex_);
        self(object).messages_.emplace_back(
            message->topic, std::string(static_cast<const char*>(message->payload),
                                        static_cast<std::size_t>(message->payloadlen)));
        self(object).changed_.notify_all();
      });
}

PublicClient::~PublicClient() {
  mosquitto_disconnect(client_.get());
  mosquitto_loop_stop(client_.get(), true);
  client_.reset();
  mosquitto_lib_cleanup();
}

template <typename Condition>
bool PublicClient::wait(Condition holds) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(10), holds);
}

void PublicClient::log_in(const char* username, const char* password) {
  check(mosquitto_username_pw_set(client_.get(), username, password));
}

int PublicClient::connect(std::uint16_t port) {
  if (mosquitto_connect(client_.get(), "127.0.0.1", port, kKeepAlive) != MOSQ_ERR_SUCCESS)
    return -1;
  check(mosquitto_loop_start(client_.get()));
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::seconds(10), [&] { return connect_code_.has_value(); });
  return connect_code_.value_or(-1);
}

void PublicClient::publish(std::string_view topic, std::string_view payload, int qos) {
  check(mosquitto_publish(client_.get(), nullptr, std::string(topic).c_str(),
                          static_cast<int>(payload.size()), payload.data(), qos, false));
}

int PublicClient::subscribe(const char* topic) {
  check(mosquitto_subscribe(client_.get(), nullptr, topic, 1));
  wait([&] { return granted_.has_value(); });
  const std::lock_guard lock(mutex_);
  return std::exchange(granted_, std::nullopt).value_or(-1);
}

bool PublicClient::wait_for_completed(std::size_t count) {
  return wait([&] { return completed_ >= count; });
}

std::vector<std::pair<std::string, std::string>> PublicClient::wait_for_messages(
    std::size_t count) {
  wait([&] { return messages_.size() >= count; });
  const std::lock_guard lock(mutex_);
  return messages_;
}

std::size_t PublicClient::completed() {
  const std::lock_guard lock(mutex_);
  return completed_;
}

}  // namespace salus::test

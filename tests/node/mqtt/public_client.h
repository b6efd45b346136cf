// A client that others wrote: libmosquitto.
#pragma once

#include <mosquitto.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace salus::test {

struct PublicClientTls {
  std::string authorities;
  std::string certificate;  ///< Empty: none is shown.
  std::string key;
};

/// Runs its own thread, and connects again by itself. Waits for nothing longer than ten seconds.
class PublicClient {
 public:
  explicit PublicClient(const char* client_id, std::optional<PublicClientTls> tls = {});
  ~PublicClient();
  PublicClient(const PublicClient&) = delete;
  PublicClient& operator=(const PublicClient&) = delete;

  void log_in(const char* username, const char* password);
  /// The return code of CONNACK; -1 where there was none, as when TLS failed.
  int connect(std::uint16_t port);
  void publish(std::string_view topic, std::string_view payload, int qos = 1);
  /// The QoS granted, 128 where refused; -1 without an answer.
  int subscribe(const char* topic);
  /// Whether so many publishes were completed: sent at QoS 0, acknowledged at QoS 1.
  bool wait_for_completed(std::size_t count);
  /// Topic and payload of all that came, once it is so many.
  std::vector<std::pair<std::string, std::string>> wait_for_messages(std::size_t count);
  [[nodiscard]] std::size_t completed();

 private:
  struct Delete {
    void operator()(mosquitto* client) const { mosquitto_destroy(client); }
  };
  template <typename Condition>
  bool wait(Condition holds);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<int> connect_code_;
  std::optional<int> granted_;
  std::size_t completed_ = 0;
  std::vector<std::pair<std::string, std::string>> messages_;
  std::unique_ptr<mosquitto, Delete> client_;
};

}  // namespace salus::test

// The publisher's side, and what an operator would look at: on cnats, without the node's code.
#pragma once

#include <nats/nats.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/bytes.h"
#include "node/nats/handles.h"

namespace salus::test {

struct JetStreamLogin {
  std::string user;
  std::string password;
  std::string authority;    ///< PEM file; empty: no TLS.
  std::string server_name;  ///< With TLS; empty: not compared.
};

/// Where a test may see the state of a consumer.
struct ConsumerState {
  std::int64_t unacknowledged = 0;  ///< Delivered, and not acknowledged.
  std::uint64_t undelivered = 0;
};

class JetStream {
 public:
  /// Tries for ten seconds; throws std::runtime_error where there is no connection.
  explicit JetStream(const std::string& url, const JetStreamLogin& login = {});

  void add_stream(const std::string& name, const std::vector<const char*>& subjects);
  void add_consumer(const std::string& stream, jsConsumerConfig& config);
  void delete_consumer(const std::string& stream, const std::string& durable);
  [[nodiscard]] bool has_stream(const std::string& name,
                                std::chrono::milliseconds within = std::chrono::seconds(5));
  [[nodiscard]] std::int64_t replicas_of(const std::string& stream);
  [[nodiscard]] ConsumerState state(const std::string& stream, const std::string& durable);

  /// Stored by the server once it returns. False where it is not.
  bool publish(const std::string& subject, Bytes body);
  bool publish(const std::string& subject, std::string_view body) {
    return publish(subject, as_bytes(body));
  }
  /// With a header.
  bool publish_with(const std::string& subject, std::string_view body, const char* header,
                    const char* value);
  /// To whomever listens: nothing is stored where no stream has the subject.
  void tell(const std::string& subject, std::string_view body);

  /// From now on what comes to these subjects is kept for `next`.
  void listen(const std::string& pattern);
  /// Subject and body of the next; empty when none comes within ten seconds, or the time given.
  std::pair<std::string, std::string> next(
      std::chrono::milliseconds within = std::chrono::seconds(10));

  [[nodiscard]] natsConnection* connection() const { return connection_.get(); }
  [[nodiscard]] jsCtx* context() const { return context_.get(); }

 private:
  node::nats::ConnectionHandle connection_;
  node::nats::JetStreamHandle context_;
  node::nats::SubscriptionHandle listening_;
};

}  // namespace salus::test

// How the JetStream consumer is set up, with all of its limits. docs/nats.md explains them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace salus::node::nats {

/// Files in PEM.
struct TlsOptions {
  std::filesystem::path authorities;       ///< Who signs the servers' certificates.
  std::filesystem::path certificate = {};  ///< Ours, with its chain; empty: none is shown.
  std::filesystem::path private_key = {};
  /// DNS name that the servers' certificates must have; empty: the host of the server's URL.
  std::string server_name = {};
};

/// What becomes of new messages when a stream has `max_bytes`.
enum class WhenFull : std::uint8_t {
  discard_oldest,  ///< Messages are kept until they are too old or too many.
  /// Publishers are refused. Messages are kept until all consumers have acknowledged them.
  refuse_new,
};

/// Of a stream that the node makes.
struct StreamOptions {
  std::int64_t replicas = 1;
  std::int64_t max_bytes = std::int64_t{16} << 30;
  std::chrono::seconds max_age{std::chrono::hours(72)};  ///< 0: any.
  WhenFull when_full = WhenFull::discard_oldest;
};

struct ConsumerOptions {
  std::vector<std::string> servers = {"nats://127.0.0.1:4222"};  ///< Tried in turn.
  std::optional<TlsOptions> tls;
  std::string user;                     ///< Empty: none.
  std::filesystem::path password_file;  ///< Its first line.
  std::filesystem::path credentials;    ///< A user's JWT and seed; empty: none.

  std::string stream = "SALUS";
  std::vector<std::string> subjects = {"salus.statements.>"};  ///< That the stream must have.
  std::string durable;  ///< Of the consumer; one for each node.
  std::string inbox_prefix = "_INBOX";
  std::string refused_prefix = "salus.refused";  ///< Empty: nobody is told of refusals.
  bool create_stream = false;                    ///< Where it is not there.
  StreamOptions new_stream;

  std::size_t batch = 512;  ///< Messages that one fetch asks for.
  std::size_t fetches = 4;  ///< So many times `batch` are asked for at once.
  /// What one fetch may bring; more where the server permits longer messages than this. As the
  /// server serves fetches in turn, up to twice `fetches` of them are open.
  std::size_t fetch_bytes = std::size_t{4} << 20;
  std::size_t max_statements = 4096;  ///< In one message.

  /// After so long without an acknowledgement the server delivers again; of a new consumer.
  std::chrono::milliseconds ack_wait{30'000};
  std::chrono::milliseconds overload_pause{1'000};   ///< Until what was overloaded is recalled.
  std::chrono::milliseconds heartbeat{5'000};        ///< From the server while there is nothing.
  std::chrono::milliseconds fetch_timeout{30'000};   ///< Until a fetch is asked for anew.
  std::chrono::milliseconds connect_timeout{2'000};  ///< For each server.
  std::chrono::milliseconds request_timeout{5'000};  ///< For answers about stream and consumer.
  std::chrono::milliseconds first_retry{100};        ///< Doubled from one failure to the next,
  std::chrono::milliseconds last_retry{5'000};       ///< up to this.
  std::chrono::milliseconds drain_timeout{2'000};    ///< For open answers when the consumer ends.
};

}  // namespace salus::node::nats

// How statements get to a node: one file a way.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "cli/client/endpoint.h"
#include "cli/client/tls_options.h"
#include "cli/simulate/feeds.h"
#include "cli/simulate/tally.h"
#include "node/ingest/statement_sink.h"

namespace salus::cli::simulate {

/// How long to go on where no answer comes.
struct Patience {
  /// Since the last answer of any lane: then what is not answered is given up.
  std::chrono::milliseconds retry{30'000};
  /// Nothing new is sent any more, and answers are waited for this long only.
  std::chrono::milliseconds after_stop{2'000};
};

/// Thread safe: each lane has a thread of its own.
class Way {
 public:
  Way() = default;
  virtual ~Way() = default;
  Way(const Way&) = delete;
  Way& operator=(const Way&) = delete;

  /// Sends what the lane gets until it gets nothing more and everything is answered, or given up.
  /// What gets no answer is sent again, in its order, before anything new. Throws `Error` for what
  /// sending again does not mend.
  virtual void deliver(std::size_t lane, Feeds& feeds, Tally& tally,
                       const std::stop_token& stop) = 0;
};

struct HttpWayOptions {
  client::Endpoint endpoint;
  client::TlsOptions tls = {};
  Patience patience = {};
};
std::unique_ptr<Way> make_http_way(const HttpWayOptions& options);

struct MqttWayOptions {
  client::Endpoint endpoint;
  client::TlsOptions tls = {};
  std::optional<std::string> username = {};
  std::optional<std::string> password = {};
  std::string topic_prefix = "salus";
  std::string client_id = "salus-simulate";  ///< The lane's number is put behind it.
  std::size_t in_flight = 200;               ///< Of each lane.
  Patience patience = {};
};
std::unique_ptr<Way> make_mqtt_way(const MqttWayOptions& options);

/// `sink` outlives the way, and may call back until it is gone.
std::unique_ptr<Way> make_sink_way(node::StatementSink& sink, Patience patience = {});

}  // namespace salus::cli::simulate

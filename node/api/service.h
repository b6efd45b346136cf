// What the API does with a request, apart from the network: routes, permissions, answers.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "node/api/access.h"
#include "node/api/media.h"
#include "node/api/metrics.h"
#include "node/api/node_reader.h"
#include "node/api/reply.h"
#include "node/ingest/statement_sink.h"

namespace salus::node::api {

class Getwork;

/// Views of what came; good during the call.
struct Request {
  std::string_view method;
  std::string_view target;
  std::string_view accept;
  std::string_view content_type;
  Credentials credentials;
};

/// Read the body and hand its statements to the sink; `outcomes_reply` answers.
struct SubmitStatements {
  Format format = Format::json;
};

/// Run it where waiting for the disk is no harm.
using ReadJob = std::function<Reply()>;

/// Read the body, wait, and then run `answer` as a `ReadJob`.
struct BodyJob {
  std::size_t max_bytes = 0;
  std::function<Reply(Bytes body)> answer;
  /// Calls back once, from any thread, when it is time to answer; empty: it is at once. What it was
  /// given may be dropped instead: then there is no answer.
  std::function<void(std::function<void()> ready)> wait;
};

struct Plan {
  std::string_view route;  ///< Template of the path, a literal; for counters.
  std::variant<Reply, SubmitStatements, ReadJob, BodyJob> action;
};

/// Thread safe. What it is given outlives it.
class Service {
 public:
  /// Without `getwork` there is none.
  Service(AccessOptions access, const NodeReader& reader, const HttpMetrics& metrics,
          const Getwork* getwork)
      : access_(std::move(access)), reader_(reader), metrics_(metrics), getwork_(getwork) {}

  /// By the header alone. Jobs hold no views of the request; what they throw has been turned into a
  /// reply.
  [[nodiscard]] Plan plan(const Request& request) const;

  /// For requests from now on.
  void set_tokens(std::vector<TokenGrant> tokens) { access_.set_tokens(std::move(tokens)); }

 private:
  AccessList access_;
  const NodeReader& reader_;
  const HttpMetrics& metrics_;
  const Getwork* getwork_;
};

/// 202 where the node has at least one of the statements; 429 where it has none and some were not
/// looked at; otherwise 422.
Reply outcomes_reply(std::span<const Outcome> outcomes, Format format);

/// 429: nothing was taken, it is worth trying again.
Reply overloaded_reply();

/// 503: too much is being done for others.
Reply busy_reply();

}  // namespace salus::node::api

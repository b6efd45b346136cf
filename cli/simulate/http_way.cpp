// By HTTP: a batch a request, a connection a lane (docs/api.md).
#include <fmt/format.h>

#include <thread>
#include <utility>
#include <vector>

#include "cli/client/http_client.h"
#include "cli/output.h"
#include "cli/simulate/outcome_reader.h"
#include "cli/simulate/waiting.h"
#include "cli/simulate/way.h"
#include "engine/error.h"

namespace salus::cli::simulate {

using node::Refusal;

namespace {

constexpr const char* kPath = "/v1/statements";
constexpr unsigned kAccepted = 202;
constexpr unsigned kAllRefused = 422;
constexpr unsigned kTooMany = 429;
constexpr unsigned kUnavailable = 503;
constexpr std::chrono::seconds kLongestPause{10};
constexpr std::size_t kShownOfProblem = 300;

/// One lane's connection.
class HttpLane {
 public:
  HttpLane(const HttpWayOptions& options, Outage& outage, Feeds& feeds, Tally& tally,
           const std::stop_token& stop)
      : outage_(outage),
        feeds_(feeds),
        tally_(tally),
        stop_(stop),
        patience_(options.patience),
        client_({.endpoint = options.endpoint,
                 .tls = options.tls,
                 .timeout = options.patience.retry,
                 .stop = give_up_.get_token()}) {}

  void run(std::size_t lane) {
    constexpr std::chrono::milliseconds kLook{100};
    while (!feeds_.is_over(lane)) {
      std::optional<Batch> batch = feeds_.take(lane, std::chrono::steady_clock::now() + kLook);
      if (batch && !deliver(std::move(*batch))) return feeds_.abandon(lane);
    }
  }

 private:
  /// False where no answer is to be had any more.
  bool deliver(Batch batch) {
    const SteadyTime first_sent = std::chrono::steady_clock::now();
    tally_.sent(batch.size());
    Hope hope(patience_, tally_, stop_);
    Backoff backoff;
    const std::stop_callback on_stop(stop_, [this] { patience_after_stop(); });
    for (bool is_first = true; !batch.empty(); is_first = false) {
      if (!is_first) tally_.resent(batch.size());
      std::chrono::milliseconds wait = backoff.next();
      try {
        wait = std::max(wait, take_answer(ask(batch), batch, first_sent));
      } catch (const Cancelled&) {
        return false;
      } catch (const Lost& lost) {
        outage_.begin(lost.message);
      }
      if (batch.empty()) break;
      if (!pause(wait, stop_) || !hope.is_left()) return false;
    }
    return true;
  }

  /// No answer: to be tried again.
  struct Lost {
    std::string message;
  };

  client::HttpAnswer ask(const Batch& batch) {
    try {
      return client_.post(kPath, batch.bytes, "application/cbor-seq", "application/cbor");
    } catch (const Error& error) {
      throw Lost{error.what()};
    }
  }

  /// Notes the outcomes, leaves in the batch what is to be sent again, and says when.
  std::chrono::milliseconds take_answer(const client::HttpAnswer& answer, Batch& batch,
                                        SteadyTime first_sent) {
    const std::chrono::milliseconds wait =
        std::min(answer.retry_after.value_or(std::chrono::seconds(0)), kLongestPause);
    if (answer.status == kUnavailable) return wait;
    const bool has_outcomes = answer.content_type == "application/cbor";
    if (answer.status == kTooMany && !has_outcomes) return wait;
    if ((answer.status != kAccepted && answer.status != kAllRefused && answer.status != kTooMany) ||
        !has_outcomes)
      throw Error(ErrorKind::input, fmt::format("the node answers {}: {}", answer.status,
                                                printable(answer.body.substr(0, kShownOfProblem))));
    const auto outcomes = read_outcomes(as_bytes(answer.body));
    if (!outcomes || outcomes->size() != batch.size())
      throw Error(ErrorKind::input, "the node does not answer for each statement");
    note(*outcomes, batch, first_sent);
    return wait;
  }

  void note(const std::vector<ReadOutcome>& outcomes, Batch& batch, SteadyTime first_sent) {
    const auto latency = std::chrono::steady_clock::now() - first_sent;
    Batch again;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (outcomes[i].refusal == Refusal::overloaded)
        again.append(batch.message(i), batch.kinds[i]);
      else
        tally_.answered(batch.kinds[i], outcomes[i].refusal, latency,
                        [&] { return id_of_message(batch.message(i)); });
    }
    outage_.end();
    tally_.flush();
    batch = std::move(again);
  }

  /// Ends a request that is waited for, some time after somebody asked to stop.
  void patience_after_stop() {
    timer_ = std::jthread([this](const std::stop_token& over) {
      if (pause(patience_.after_stop, over)) give_up_.request_stop();
    });
  }

  Outage& outage_;
  Feeds& feeds_;
  Tally& tally_;
  const std::stop_token& stop_;
  const Patience patience_;
  std::stop_source give_up_;
  client::HttpClient client_;
  std::jthread timer_;
};

class HttpWay final : public Way {
 public:
  explicit HttpWay(HttpWayOptions options) : options_(std::move(options)) {}
  void deliver(std::size_t lane, Feeds& feeds, Tally& tally, const std::stop_token& stop) override {
    HttpLane(options_, outage_, feeds, tally, stop).run(lane);
  }

 private:
  const HttpWayOptions options_;
  Outage outage_;
};

}  // namespace

std::unique_ptr<Way> make_http_way(const HttpWayOptions& options) {
  return std::make_unique<HttpWay>(options);
}

}  // namespace salus::cli::simulate

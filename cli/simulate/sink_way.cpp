// Into a sink in this process: a batch a submission.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <semaphore>
#include <utility>

#include "cli/simulate/waiting.h"
#include "cli/simulate/way.h"

namespace salus::cli::simulate {
namespace {

/// What a lane has under way. The sink calls back from a thread of its own, and may do so, or drop
/// its call, after the lane has given up.
class UnderWay {
 public:
  explicit UnderWay(Tally& tally) : tally_(tally) {}

  struct Sent {
    Batch batch;
    SteadyTime first_sent;
  };

  void begin() {
    const std::lock_guard lock(mutex_);
    ++count_;
  }

  void answer(const Sent& sent, std::span<const node::Outcome> outcomes) {
    const auto latency = std::chrono::steady_clock::now() - sent.first_sent;
    Sent again{{}, sent.first_sent};
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      const node::Outcome& outcome = outcomes[i];
      if (outcome.refusal == node::Refusal::overloaded)
        again.batch.append(sent.batch.message(i), sent.batch.kinds[i]);
      else
        tally_.answered(sent.batch.kinds[i], outcome.refusal, latency, [&] { return outcome.id; });
    }
    flush();
    const std::lock_guard lock(mutex_);
    if (!again.batch.empty()) again_.push_back(std::move(again));
    --count_;
    changed_.notify_all();
  }

  /// What is to be sent again.
  std::optional<Sent> take_again() {
    const std::lock_guard lock(mutex_);
    if (again_.empty()) return std::nullopt;
    Sent sent = std::move(again_.front());
    again_.pop_front();
    return sent;
  }

  /// Waits a moment for answers; whether nothing is under way and nothing is to be sent again.
  bool wait(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [this] { return count_ == 0 || !again_.empty(); });
    return count_ == 0 && again_.empty();
  }

  /// What the file of ids threw, which a thread of the sink must not see.
  void rethrow() {
    const std::lock_guard lock(mutex_);
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void flush() {
    try {
      tally_.flush();
    } catch (...) {
      const std::lock_guard lock(mutex_);
      failure_ = std::current_exception();
    }
  }

  Tally& tally_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t count_ = 0;
  std::deque<Sent> again_;
  std::exception_ptr failure_;
};

class SinkWay final : public Way {
 public:
  SinkWay(node::StatementSink& sink, Patience patience) : sink_(sink), patience_(patience) {}

  void deliver(std::size_t lane, Feeds& feeds, Tally& tally, const std::stop_token& stop) override {
    constexpr std::chrono::milliseconds kLook{10};
    const auto under_way = std::make_shared<UnderWay>(tally);
    while (!feeds.is_over(lane)) {
      under_way->rethrow();
      if (auto again = under_way->take_again()) {
        tally.resent(again->batch.size());
        submit(under_way, std::move(*again), stop);
      } else if (auto batch = feeds.take(lane, std::chrono::steady_clock::now() + kLook)) {
        tally.sent(batch->size());
        submit(under_way, {std::move(*batch), std::chrono::steady_clock::now()}, stop);
      }
    }
    finish(under_way, tally, stop);
  }

 private:
  /// Waits for what is under way, and sends again what found no room.
  void finish(const std::shared_ptr<UnderWay>& under_way, Tally& tally,
              const std::stop_token& stop) {
    constexpr std::chrono::milliseconds kLook{50};
    constexpr std::chrono::milliseconds kPause{20};
    Hope hope(patience_, tally, stop);
    while (!under_way->wait(kLook) && hope.is_left()) {
      under_way->rethrow();
      auto again = under_way->take_again();
      if (!again) continue;
      tally.resent(again->batch.size());
      pause(kPause, stop);
      submit(under_way, std::move(*again), stop);
    }
    under_way->rethrow();
  }

  /// Waits for room. What finds none before somebody asks to stop stays without an answer.
  void submit(const std::shared_ptr<UnderWay>& under_way, UnderWay::Sent sent,
              const std::stop_token& stop) {
    node::Submission submission{sent.batch.bytes, sent.batch.ends, {}};
    const auto shared = std::make_shared<const UnderWay::Sent>(std::move(sent));
    submission.done = [under_way, shared](std::span<const node::Outcome> outcomes) {
      under_way->answer(*shared, outcomes);
    };
    under_way->begin();
    while (!sink_.submit(submission) && !stop.stop_requested()) {
      constexpr std::chrono::milliseconds kLook{50};
      const auto room = std::make_shared<std::binary_semaphore>(0);
      sink_.call_when_room([room] { room->release(); });
      while (!room->try_acquire_for(kLook) && !stop.stop_requested()) {
      }
    }
  }

  node::StatementSink& sink_;
  const Patience patience_;
};

}  // namespace

std::unique_ptr<Way> make_sink_way(node::StatementSink& sink, Patience patience) {
  return std::make_unique<SinkWay>(sink, patience);
}

}  // namespace salus::cli::simulate

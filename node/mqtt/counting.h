// The counters while they count: from several threads, each event on its own.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "node/mqtt/counters.h"
#include "node/mqtt/session.h"

namespace salus::node::mqtt {

class Counter {
 public:
  void add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct Counting {
  Counter accepted, over_limit, submissions, receipts, stalls, bytes_received, bytes_sent;
  Counter publishes, acknowledged, refused, overloaded, ignored;
  std::array<Counter, kCloseReasons> closed;

  /// One addition for what may be hundreds of publishes.
  void add(const SessionTally& tally) {
    const auto add_some = [](Counter& counter, std::uint64_t count) {
      if (count > 0) counter.add(count);
    };
    add_some(publishes, tally.publishes);
    add_some(acknowledged, tally.acknowledged);
    add_some(refused, tally.refused);
    add_some(overloaded, tally.overloaded);
    add_some(ignored, tally.ignored);
  }

  /// Without the two that are counted elsewhere.
  [[nodiscard]] Counters snapshot() const {
    Counters counters;
    counters.accepted = accepted.get();
    counters.over_limit = over_limit.get();
    counters.publishes = publishes.get();
    counters.submissions = submissions.get();
    counters.acknowledged = acknowledged.get();
    counters.refused = refused.get();
    counters.overloaded = overloaded.get();
    counters.ignored = ignored.get();
    counters.receipts = receipts.get();
    counters.stalls = stalls.get();
    counters.bytes_received = bytes_received.get();
    counters.bytes_sent = bytes_sent.get();
    for (std::size_t i = 0; i < kCloseReasons; ++i) counters.closed[i] = closed[i].get();
    return counters;
  }
};

}  // namespace salus::node::mqtt

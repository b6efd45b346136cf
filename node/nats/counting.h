// The counters while they count: from several threads, each event on its own.
#pragma once

#include <atomic>
#include <cstdint>

#include "node/nats/counters.h"

namespace salus::node::nats {

class Counter {
 public:
  void add(std::uint64_t count = 1) {
    if (count > 0) value_.fetch_add(count, std::memory_order_relaxed);
  }
  void subtract(std::uint64_t count) { value_.fetch_sub(count, std::memory_order_relaxed); }
  void set(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct Counting {
  std::atomic<bool> is_connected{false};
  Counter held, backlog, connections, fetches, fetched, redelivered, foreign, bytes, submissions;
  Counter stalls, accepted, duplicates, refused, overloaded, acknowledged, deferred;

  [[nodiscard]] Counters snapshot() const {
    Counters counters;
    counters.is_connected = is_connected.load(std::memory_order_relaxed);
    counters.held = held.get();
    counters.backlog = backlog.get();
    counters.connections = connections.get();
    counters.fetches = fetches.get();
    counters.fetched = fetched.get();
    counters.redelivered = redelivered.get();
    counters.foreign = foreign.get();
    counters.bytes = bytes.get();
    counters.submissions = submissions.get();
    counters.stalls = stalls.get();
    counters.accepted = accepted.get();
    counters.duplicates = duplicates.get();
    counters.refused = refused.get();
    counters.overloaded = overloaded.get();
    counters.acknowledged = acknowledged.get();
    counters.deferred = deferred.get();
    return counters;
  }
};

}  // namespace salus::node::nats

// What the connections of a server share.
#pragma once

#include <atomic>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "node/api/http_server.h"
#include "node/api/metrics.h"
#include "node/api/service.h"
#include "node/replaceable.h"

namespace salus::node::api {

class Session;

/// Lets threads of others reach sessions as long as the server is there, and not after. Thread
/// safe.
class Gate {
 public:
  template <typename Action>
  void pass(Action action) {
    const std::lock_guard lock(mutex_);
    if (open_) action();
  }

  void close() {
    const std::lock_guard lock(mutex_);
    open_ = false;
  }

 private:
  std::mutex mutex_;
  bool open_ = true;
};

/// A bound that many share. Thread safe.
class Budget {
 public:
  explicit Budget(std::size_t limit) : limit_(limit) {}

  bool take(std::size_t amount) {
    std::size_t used = used_.load();
    do {
      if (amount > limit_ - used) return false;
    } while (!used_.compare_exchange_weak(used, used + amount));
    return true;
  }
  void give_back(std::size_t amount) { used_ -= amount; }

 private:
  const std::size_t limit_;
  std::atomic<std::size_t> used_ = 0;
};

/// A part of a budget, given back at the end.
class Lease {
 public:
  explicit Lease(Budget& budget) : budget_(budget) {}
  ~Lease() { give_back(); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  bool take(std::size_t amount) {
    if (!budget_.take(amount)) return false;
    held_ += amount;
    return true;
  }
  void give_back() { budget_.give_back(std::exchange(held_, 0)); }

 private:
  Budget& budget_;
  std::size_t held_ = 0;
};

/// The sessions that are open; keeps them alive. Thread safe.
class Sessions {
 public:
  explicit Sessions(std::size_t limit) : limit_(limit) {}

  /// False when there are too many.
  bool add(const std::shared_ptr<Session>& session);
  void remove(const Session* session);
  [[nodiscard]] std::vector<std::shared_ptr<Session>> all() const;
  /// Whether there are none any more, after waiting so long at most.
  bool wait_until_empty(std::chrono::milliseconds at_most);

 private:
  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::unordered_map<const Session*, std::shared_ptr<Session>> open_;
};

struct SessionHost {
  SessionHost(const HttpOptions& all_options, StatementSink& statement_sink,
              const NodeReader& node_reader, const Getwork* getwork)
      : options(all_options),
        sink(statement_sink),
        service(options.access, node_reader, metrics, getwork),
        memory(options.max_body_memory),
        reads(options.max_waiting_reads),
        sessions(options.max_connections),
        readers(options.reader_threads) {}

  const HttpOptions options;
  Replaceable<boost::asio::ssl::context> tls;  ///< Holds nothing where there is none.
  StatementSink& sink;
  HttpMetrics metrics;
  Service service;
  Budget memory;  ///< Bytes of bodies.
  Budget reads;   ///< Those that wait or are being done.
  Sessions sessions;
  std::atomic<bool> stopping = false;  ///< No session begins another request.
  const std::shared_ptr<Gate> gate = std::make_shared<Gate>();
  boost::asio::thread_pool readers;
};

}  // namespace salus::node::api

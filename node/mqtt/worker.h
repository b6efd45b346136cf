// A thread that serves connections. Internal: includes Boost.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <unordered_set>

#include "node/mqtt/close_reason.h"
#include "node/mqtt/shared.h"

namespace salus::node::mqtt {

using Clock = std::chrono::steady_clock;

/// A connection as its worker has it; called from the worker's thread only.
class Served {
 public:
  virtual ~Served() = default;
  virtual void start() = 0;
  /// Ends what has taken too long. Called every `kSweepInterval`.
  virtual void sweep(Clock::time_point now) = 0;
  /// Ends it at once; it leaves the worker.
  virtual void abort(CloseReason reason) = 0;
};

/// How exactly time limits are kept. One timer for all connections of a worker: a timer each would
/// have to be set anew with each packet.
inline constexpr std::chrono::milliseconds kSweepInterval{100};

/// Each connection belongs to one worker, so that nothing of a connection needs a lock.
class Worker : public std::enable_shared_from_this<Worker> {
 public:
  explicit Worker(std::shared_ptr<Shared> shared_state);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void start();
  /// Ends all connections and the thread. Called once, after `start`, from another thread.
  void stop();

  /// From the worker's thread.
  void add(const std::shared_ptr<Served>& connection);
  void remove(const std::shared_ptr<Served>& connection) { connections_.erase(connection); }

  boost::asio::io_context io{1};  // One thread runs it.
  const std::shared_ptr<Shared> shared;

 private:
  void await_sweep();
  void end_all();

  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer sweep_timer_;
  std::unordered_set<std::shared_ptr<Served>> connections_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace salus::node::mqtt

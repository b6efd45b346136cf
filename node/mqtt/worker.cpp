#include "node/mqtt/worker.h"

#include <boost/asio/post.hpp>
#include <utility>
#include <vector>

namespace salus::node::mqtt {

Worker::Worker(std::shared_ptr<Shared> shared_state)
    : shared(std::move(shared_state)), work_(io.get_executor()), sweep_timer_(io) {}

void Worker::start() {
  await_sweep();
  thread_ = std::thread([this] { io.run(); });
}

void Worker::stop() {
  boost::asio::post(io, [this] { end_all(); });
  work_.reset();
  thread_.join();
}

void Worker::add(const std::shared_ptr<Served>& connection) {
  connections_.insert(connection);
  connection->start();
  if (is_stopping_) connection->abort(CloseReason::stopping);
}

void Worker::await_sweep() {
  sweep_timer_.expires_after(kSweepInterval);
  sweep_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || is_stopping_) return;
    const Clock::time_point now = Clock::now();
    // A copy: whoever ends leaves the set.
    const std::vector<std::shared_ptr<Served>> all(connections_.begin(), connections_.end());
    for (const auto& connection : all) connection->sweep(now);
    await_sweep();
  });
}

void Worker::end_all() {
  is_stopping_ = true;
  sweep_timer_.cancel();
  const std::vector<std::shared_ptr<Served>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all) connection->abort(CloseReason::stopping);
}

}  // namespace salus::node::mqtt

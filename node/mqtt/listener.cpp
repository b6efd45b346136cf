#include "node/mqtt/listener.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "node/mqtt/connection.h"
#include "node/mqtt/tls.h"
#include "node/mqtt/worker.h"
#include "node/replaceable.h"

namespace salus::node::mqtt {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

/// So many connections more than may be are told so by CONNACK; the others are closed without a
/// word.
constexpr std::size_t kPoliteRefusals = 64;
/// After accept has failed, as for want of file descriptors.
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::size_t kMostThreads = 256;

ListenerOptions checked(ListenerOptions options) {
  const auto demand = [](bool holds, const char* what) {
    if (!holds) throw Error(ErrorKind::usage, std::string("MQTT listener: ") + what);
  };
  const SessionLimits& session = options.session;
  demand(is_topic_prefix(session.topic_prefix), "the topic prefix is no topic");
  demand(session.max_statement_bytes > 0 && session.max_statement_bytes <= kMaxStatementBytes,
         "the longest statement is out of range");
  demand(session.max_topic_bytes > 0 && session.max_topic_bytes <= 0xFFFF,
         "the longest topic is out of range");
  demand(session.max_client_id_bytes > 0 && session.max_client_id_bytes <= 1024,
         "the longest client id is out of range");
  demand(session.max_in_flight > 0, "nothing may be in flight");
  demand(options.threads > 0 && options.threads <= kMostThreads, "threads are out of range");
  demand(options.max_connections > 0, "no connection is allowed");
  return options;
}

tcp::endpoint endpoint_of(const ListenerOptions& options) {
  ErrorCode error;
  const asio::ip::address address = asio::ip::make_address(options.address, error);
  if (error) throw Error(ErrorKind::usage, "MQTT listener: no IP address: " + options.address);
  return {address, options.port};
}

tcp::acceptor listen(asio::io_context& io, const ListenerOptions& options) {
  const tcp::endpoint endpoint = endpoint_of(options);
  try {
    return tcp::acceptor(io, endpoint, /*reuse_addr=*/true);
  } catch (const boost::system::system_error& error) {
    throw Error(ErrorKind::system, "MQTT listener: " + options.address + " port " +
                                       std::to_string(options.port) + ": " +
                                       error.code().message());
  }
}

}  // namespace

class Listener::Impl {
 public:
  Impl(ListenerOptions options, StatementSink& sink, const Authenticator* authenticator)
      : shared_(std::make_shared<Shared>(checked(std::move(options)), sink, authenticator)),
        workers_(make_workers()),
        acceptor_(listen(workers_[0]->io, shared_->options)),
        accept_timer_(workers_[0]->io),
        port_(acceptor_.local_endpoint().port()) {
    reload_tls();
    accept();
    for (const auto& worker : workers_) worker->start();
  }

  ~Impl() {
    asio::post(workers_[0]->io, [this] {
      ErrorCode ignored;
      acceptor_.close(ignored);
      accept_timer_.cancel();
    });
    // The first one, which accepts, ends first: it gives the others no more work.
    for (const auto& worker : workers_) worker->stop();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] Shared& shared() const { return *shared_; }

  void reload_tls() {
    if (shared_->options.tls)
      tls_.set(std::make_shared<asio::ssl::context>(make_tls_context(shared_->options)));
  }

 private:
  [[nodiscard]] std::vector<std::shared_ptr<Worker>> make_workers() const {
    std::vector<std::shared_ptr<Worker>> workers;
    for (std::size_t i = 0; i < shared_->options.threads; ++i)
      workers.push_back(std::make_shared<Worker>(shared_));
    return workers;
  }

  void accept() {
    const std::shared_ptr<Worker>& worker = workers_[next_worker_++ % workers_.size()];
    acceptor_.async_accept(worker->io, [this, &worker](const ErrorCode& error, tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      if (error) return accept_later();
      serve(worker, std::move(socket));
      accept();
    });
  }

  void accept_later() {
    accept_timer_.expires_after(kAcceptPause);
    accept_timer_.async_wait([this](const ErrorCode& error) {
      if (!error && acceptor_.is_open()) accept();
    });
  }

  void serve(const std::shared_ptr<Worker>& worker, tcp::socket socket) {
    const std::size_t limit = shared_->options.max_connections;
    const std::size_t now = shared_->connections.load(std::memory_order_relaxed);
    shared_->counting.accepted.add();
    if (now >= limit) shared_->counting.over_limit.add();
    if (now >= limit + kPoliteRefusals) return;  // The socket closes itself.
    auto connection = make_connection(worker, std::move(socket), tls_.get().get(), now >= limit);
    // Not the worker itself: it would hold itself in its own queue.
    asio::post(worker->io,
               [to = worker.get(), connection = std::move(connection)] { to->add(connection); });
  }

  std::shared_ptr<Shared> shared_;
  std::vector<std::shared_ptr<Worker>> workers_;
  tcp::acceptor acceptor_;
  asio::steady_timer accept_timer_;
  Replaceable<asio::ssl::context> tls_;  // Holds nothing where there is none.
  std::uint16_t port_;
  std::size_t next_worker_ = 0;
};

Listener::Listener(ListenerOptions options, StatementSink& sink, const Authenticator* authenticator)
    : impl_(std::make_unique<Impl>(std::move(options), sink, authenticator)) {}
Listener::~Listener() = default;

std::uint16_t Listener::port() const { return impl_->port(); }

void Listener::reload_tls() { impl_->reload_tls(); }

Counters Listener::counters() const {
  const Shared& shared = impl_->shared();
  Counters counters = shared.counting.snapshot();
  counters.connections = shared.connections.load(std::memory_order_relaxed);
  counters.held_bytes = shared.memory.used();
  return counters;
}

bool Listener::is_receipt_awaited(const Digest& id) const {
  return impl_->shared().receipts.contains(id);
}

void Listener::send_receipt(const Digest& id, Bytes receipt) {
  if (const std::shared_ptr<Peer> peer = impl_->shared().receipts.take(id))
    peer->send_receipt({receipt.begin(), receipt.end()});
}

}  // namespace salus::node::mqtt

#include "node/api/http_server.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/log.h"
#include "node/api/session.h"
#include "node/api/session_host.h"
#include "node/api/tls_context.h"

namespace salus::node::api {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::seconds kForcedStop{2};

tcp::endpoint endpoint_of(const HttpOptions& options) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) throw Error(ErrorKind::usage, "not an IP address: " + options.address);
  return {address, options.port};
}

/// A context with a thread of its own: a connection stays with one of them, and needs no lock.
class Worker {
 public:
  void start() {
    thread_ = std::jthread([this] { context.run(); });
  }

  /// Ends as soon as there is nothing left to do.
  void finish() { work_.reset(); }
  void join() {
    if (thread_.joinable()) thread_.join();
  }

  asio::io_context context{1};

 private:
  asio::executor_work_guard<asio::io_context::executor_type> work_{context.get_executor()};
  std::jthread thread_;
};

}  // namespace

bool Sessions::add(const std::shared_ptr<Session>& session) {
  const std::lock_guard lock(mutex_);
  if (open_.size() >= limit_) return false;
  open_.emplace(session.get(), session);
  return true;
}

void Sessions::remove(const Session* session) {
  const std::lock_guard lock(mutex_);
  open_.erase(session);
  if (open_.empty()) empty_.notify_all();
}

std::vector<std::shared_ptr<Session>> Sessions::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Session>> sessions;
  for (const auto& [key, session] : open_) sessions.push_back(session);
  return sessions;
}

bool Sessions::wait_until_empty(std::chrono::milliseconds at_most) {
  std::unique_lock lock(mutex_);
  return empty_.wait_for(lock, at_most, [this] { return open_.empty(); });
}

class HttpServer::Impl {
 public:
  Impl(const HttpOptions& options, StatementSink& sink, const NodeReader& reader,
       const Getwork* getwork)
      : host_(options, sink, reader, getwork), workers_(std::max(1U, options.threads)) {
    reload_tls();
    for (auto& worker : workers_) worker = std::make_unique<Worker>();
    acceptor_.emplace(workers_.front()->context);
    pause_.emplace(workers_.front()->context);
    listen(endpoint_of(options));
    accept();
    for (auto& worker : workers_) worker->start();
  }

  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  void set_tokens(std::vector<TokenGrant> tokens) { host_.service.set_tokens(std::move(tokens)); }

  void reload_tls() {
    if (host_.options.tls)
      host_.tls.set(std::make_shared<asio::ssl::context>(make_tls_context(*host_.options.tls)));
  }

  void stop() {
    const std::lock_guard lock(stopping_);
    if (host_.stopping.exchange(true)) return;
    asio::post(workers_.front()->context, [this] {
      boost::system::error_code ignored;
      acceptor_->close(ignored);
      pause_->cancel();
    });
    tell_all(&Session::stop);
    if (!host_.sessions.wait_until_empty(host_.options.stop_timeout)) {
      tell_all(&Session::close);
      host_.sessions.wait_until_empty(kForcedStop);
    }
    host_.gate->close();
    host_.readers.stop();
    host_.readers.join();
    for (auto& worker : workers_) worker->finish();
    for (auto& worker : workers_) worker->join();
  }

 private:
  void listen(const tcp::endpoint& endpoint) {
    boost::system::error_code error;
    acceptor_->open(endpoint.protocol(), error);
    if (!error) acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_->bind(endpoint, error);
    if (!error) acceptor_->listen(asio::socket_base::max_listen_connections, error);
    if (error)
      throw Error(ErrorKind::system, "cannot listen on " + host_.options.address + " port " +
                                         std::to_string(endpoint.port()) + ": " + error.message());
    port_ = acceptor_->local_endpoint().port();
  }

  void accept() {
    Worker& worker = *workers_[next_++ % workers_.size()];
    acceptor_->async_accept(worker.context,
                            [this](const boost::system::error_code& error, tcp::socket socket) {
                              on_accept(error, std::move(socket));
                            });
  }

  void on_accept(const boost::system::error_code& error, tcp::socket&& socket) {
    if (!acceptor_->is_open()) return;
    if (!error) {
      open_session(std::move(socket));
      return accept();
    }
    // Out of file descriptors, as a rule: to ask again at once would only keep a core busy.
    logging::warn("http: cannot accept a connection: {}", error.message());
    pause_->expires_after(kAcceptPause);
    pause_->async_wait([this](const boost::system::error_code&) {
      if (acceptor_->is_open()) accept();
    });
  }

  void open_session(tcp::socket&& socket) {
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    auto session = std::make_shared<Session>(std::move(socket), host_);
    if (!host_.sessions.add(session)) return host_.metrics.count_refused_connection();
    const auto executor = session->executor();
    asio::post(executor, [session = std::move(session)] { session->start(); });
  }

  void tell_all(void (Session::*what)()) {
    for (auto& session : host_.sessions.all()) {
      const auto executor = session->executor();
      asio::post(executor, [session = std::move(session), what] { (*session.*what)(); });
    }
  }

  SessionHost host_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::optional<tcp::acceptor> acceptor_;
  std::optional<asio::steady_timer> pause_;
  std::uint16_t port_ = 0;
  std::size_t next_ = 0;
  std::mutex stopping_;
};

HttpServer::HttpServer(const HttpOptions& options, StatementSink& sink, const NodeReader& reader,
                       const Getwork* getwork)
    : impl_(std::make_unique<Impl>(options, sink, reader, getwork)) {}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const { return impl_->port(); }
void HttpServer::set_tokens(std::vector<TokenGrant> tokens) {
  impl_->set_tokens(std::move(tokens));
}
void HttpServer::reload_tls() { impl_->reload_tls(); }
void HttpServer::stop() { impl_->stop(); }

}  // namespace salus::node::api

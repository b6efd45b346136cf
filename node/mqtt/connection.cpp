#include "node/mqtt/connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <utility>
#include <vector>

#include "node/mqtt/receive_buffer.h"
#include "node/mqtt/session.h"
#include "node/mqtt/ticket.h"
#include "node/mqtt/tls.h"
#include "node/tls/channel.h"

namespace salus::node::mqtt {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

/// How long a client may take to close its side after ours, so that what we sent last reaches it: a
/// socket that is closed with unread input is reset, and the peer's input is lost.
constexpr std::chrono::seconds kLingerTime{1};

enum class Phase : std::uint8_t {
  opening,    ///< TLS is being agreed on.
  running,    ///< Packets come and go.
  ending,     ///< The session is over; what was said last is being sent.
  pausing,    ///< As above, and the client is made to wait.
  lingering,  ///< Waiting for the client to close, too.
  closed,
};

class Connection final : public Served,
                         public Peer,
                         public BatchOwner,
                         public SessionHost,
                         public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Worker> worker, asio::ip::tcp::socket socket, asio::ssl::context* tls,
             bool is_over_limit)
      : worker_(std::move(worker)),
        shared_(*worker_->shared),
        options_(shared_.options),
        channel_(std::move(socket), tls),
        is_over_limit_(is_over_limit),
        session_(options_.session, *this) {
    shared_.connections.fetch_add(1, std::memory_order_relaxed);
  }
  ~Connection() override { shared_.connections.fetch_sub(1, std::memory_order_relaxed); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Served
  void start() override;
  void sweep(Clock::time_point now) override;
  void abort(CloseReason reason) override;

  // Peer
  void be_taken_over() override;
  void send_receipt(std::vector<std::uint8_t> receipt) override;

  // BatchOwner
  void take_answer(const std::shared_ptr<Batch>& batch) override;
  void try_again() override;

  // SessionHost
  ConnectCode admit(const Connect& connect, std::string& client_id) override;
  void await_receipt(const Digest& id) override;

 private:
  void begin();
  void step();
  bool process();
  void note_progress(std::size_t used_bytes);
  void submit(const std::shared_ptr<Batch>& batch);
  void ask_for_room();

  [[nodiscard]] bool may_read() const;
  void read_on();
  void read_and_forget();
  void start_read(std::size_t wanted_bytes);
  void take_read(const ErrorCode& error, std::size_t count);
  void write_on();
  void take_written(const ErrorCode& error);

  void go_on_ending();
  void linger();
  void close_now();
  [[nodiscard]] Clock::duration patience() const;

  /// Posts a call of `use(*this)` to the worker's thread, for as long as the connection is there.
  template <typename Use>
  void from_elsewhere(Use use) {
    asio::post(worker_->io, [weak = weak_from_this(), use = std::move(use)]() mutable {
      if (const auto self = weak.lock()) use(*self);
    });
  }

  std::shared_ptr<Worker> worker_;
  Shared& shared_;
  const ListenerOptions& options_;
  tls::Channel channel_;
  const bool is_over_limit_;
  Phase phase_ = Phase::opening;
  Session session_;
  bool has_name_ = false;  // The client id is ours in the registry.

  ReceiveBuffer buffer_;
  bool is_reading_ = false;
  bool is_stalled_ = false;         // Would read, but may not.
  std::shared_ptr<Batch> pending_;  // The sink had no room for it.

  std::vector<std::uint8_t> writing_bytes_;
  bool is_writing_ = false;

  Clock::time_point opened_at_ = Clock::now();
  Clock::time_point last_packet_ = opened_at_;
  Clock::time_point packet_begun_ = opened_at_;
  Clock::time_point write_begun_ = opened_at_;
  Clock::time_point deadline_;  // Of the phases after `running`.
};

void Connection::start() {
  ErrorCode ignored;  // An unset option costs some latency only.
  channel_.tcp().socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  if (!channel_.has_tls()) return begin();
  channel_.shake_hands(asio::ssl::stream_base::server,
                       [self = shared_from_this()](const ErrorCode& error) {
                         if (self->phase_ == Phase::closed) return;
                         if (error) return self->abort(CloseReason::peer_closed);
                         self->begin();
                       });
}

void Connection::begin() {
  phase_ = Phase::running;
  read_on();
}

// --- What comes in -------------------------------------------------------------------------------

/// Everything that can be done now is done here, after whatever happened.
void Connection::step() {
  if (phase_ == Phase::running) {
    do session_.settle();
    while (process());
    shared_.counting.add(session_.take_tally());
    write_on();
    if (session_.is_open()) return read_on();
    phase_ = Phase::ending;
    deadline_ = Clock::now() + options_.write_timeout;
  }
  if (phase_ == Phase::ending) go_on_ending();
}

/// Hands what was received to the session and on to the sink. False when there is nothing to do.
bool Connection::process() {
  // While a read is under way, what is in the buffer is the beginning of a packet at most.
  if (is_reading_ || pending_ || !session_.is_open()) return false;
  const std::size_t used = session_.receive(buffer_.content());
  buffer_.remove(used);
  note_progress(used);
  const std::shared_ptr<Batch> batch = session_.take_batch();
  if (batch && !batch->is_answered) submit(batch);
  return used > 0 || batch != nullptr;
}

void Connection::note_progress(std::size_t used_bytes) {
  if (used_bytes == 0) return;
  last_packet_ = Clock::now();
  if (!session_.is_skipping()) packet_begun_ = last_packet_;
}

void Connection::submit(const std::shared_ptr<Batch>& batch) {
  if (!batch->submission.done) {
    auto ticket = std::make_shared<Ticket>(worker_, weak_from_this(), batch);
    batch->submission.done = [ticket = std::move(ticket)](std::span<const Outcome> outcomes) {
      ticket->answer(outcomes);
    };
  }
  if (shared_.sink.submit(batch->submission)) {
    batch->submission.done = nullptr;
    shared_.counting.submissions.add();
    pending_ = nullptr;
  } else {
    pending_ = batch;
    ask_for_room();
  }
}

void Connection::ask_for_room() {
  std::weak_ptr<BatchOwner> owner = weak_from_this();
  shared_.sink.call_when_room([worker = worker_, owner = std::move(owner)] {
    asio::post(worker->io, [owner] {
      if (const auto held = owner.lock()) held->try_again();
    });
  });
}

void Connection::try_again() {
  if (phase_ == Phase::closed || !pending_) return;
  submit(std::shared_ptr<Batch>(pending_));
  step();
}

void Connection::take_answer(const std::shared_ptr<Batch>& batch) {
  batch->is_answered = true;
  step();
}

bool Connection::may_read() const {
  // CONNECT is short, and whoever sent it must not be taken for somebody who does not.
  const bool is_memory_left = !session_.is_connected() || !shared_.memory.is_used_up();
  return !pending_ && session_.has_room() && is_memory_left &&
         session_.output_bytes() < options_.max_output_bytes;
}

void Connection::read_on() {
  if (is_reading_) return;
  if (!may_read()) {
    if (!std::exchange(is_stalled_, true)) shared_.counting.stalls.add();
    return;
  }
  // Whatever the client has sent meanwhile lies in the socket: it was not late.
  if (std::exchange(is_stalled_, false)) last_packet_ = packet_begun_ = Clock::now();
  start_read(session_.wanted_bytes());
}

void Connection::start_read(std::size_t wanted_bytes) {
  const std::span<std::uint8_t> space = buffer_.free_space(wanted_bytes);
  is_reading_ = true;
  channel_.async_read_some(asio::buffer(space.data(), space.size()),
                           [self = shared_from_this()](const ErrorCode& error, std::size_t count) {
                             self->take_read(error, count);
                           });
}

void Connection::take_read(const ErrorCode& error, std::size_t count) {
  is_reading_ = false;
  if (phase_ == Phase::lingering) return error ? close_now() : read_and_forget();
  if (phase_ != Phase::running) return;
  if (error) return abort(CloseReason::peer_closed);
  if (buffer_.empty()) packet_begun_ = Clock::now();
  buffer_.add(count);
  shared_.counting.bytes_received.add(count);
  step();
}

// --- What goes out -------------------------------------------------------------------------------

void Connection::write_on() {
  if (is_writing_ || session_.output().empty()) return;
  writing_bytes_.swap(session_.output());
  is_writing_ = true;
  write_begun_ = Clock::now();
  asio::async_write(channel_, asio::buffer(writing_bytes_),
                    [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                      self->take_written(error);
                    });
}

void Connection::take_written(const ErrorCode& error) {
  is_writing_ = false;
  if (phase_ == Phase::closed) return;
  if (error) return abort(CloseReason::peer_closed);
  shared_.counting.bytes_sent.add(writing_bytes_.size());
  writing_bytes_.clear();
  write_on();
  step();
}

void Connection::be_taken_over() {
  from_elsewhere([](Connection& self) {
    self.session_.close(CloseReason::taken_over);
    self.step();
  });
}

void Connection::send_receipt(std::vector<std::uint8_t> receipt) {
  from_elsewhere([receipt = std::move(receipt)](Connection& self) {
    // Who does not read its receipts must ask for them otherwise.
    if (self.session_.output_bytes() >= self.options_.max_output_bytes) return;
    const std::size_t before = self.session_.output_bytes();
    self.session_.send_receipt(receipt);
    if (self.session_.output_bytes() > before) self.shared_.counting.receipts.add();
    self.step();
  });
}

// --- Who it is -----------------------------------------------------------------------------------

ConnectCode Connection::admit(const Connect& connect, std::string& client_id) {
  if (is_over_limit_) return ConnectCode::server_unavailable;
  std::string certificate_name;
  if (channel_.has_tls()) certificate_name = verified_common_name(channel_.tls().native_handle());
  std::string principal = certificate_name;
  if (shared_.authenticator != nullptr) {
    const Login login{connect.client_id, connect.username, connect.password, certificate_name};
    auto known_as = shared_.authenticator->principal(login);
    if (!known_as)
      return connect.username ? ConnectCode::bad_credentials : ConnectCode::not_authorized;
    principal = std::move(*known_as);
  }
  has_name_ = shared_.clients.claim(client_id, principal, weak_from_this());
  return has_name_ ? ConnectCode::accepted : ConnectCode::identifier_rejected;
}

void Connection::await_receipt(const Digest& id) { shared_.receipts.add(id, weak_from_this()); }

// --- How it ends ---------------------------------------------------------------------------------

/// One and a half times the keep-alive interval [MQTT-3.1.2-24].
Clock::duration Connection::patience() const {
  const std::chrono::milliseconds keep_alive{1500 * session_.keep_alive_seconds()};
  return keep_alive.count() > 0 ? keep_alive : options_.idle_timeout;
}

void Connection::sweep(Clock::time_point now) {
  if (phase_ > Phase::running) {
    if (now < deadline_) return;
    return phase_ == Phase::pausing ? linger() : close_now();
  }
  const bool has_part = !buffer_.empty() || session_.is_skipping();
  if (!session_.is_connected()) {
    if (now - opened_at_ > options_.connect_timeout) return abort(CloseReason::too_slow);
  } else if (is_reading_) {
    if (has_part && now - packet_begun_ > options_.packet_timeout)
      return abort(CloseReason::too_slow);
    if (now - last_packet_ > patience()) return abort(CloseReason::keep_alive);
  }
  if (is_writing_ && now - write_begun_ > options_.write_timeout)
    return abort(CloseReason::too_slow);
  if (is_stalled_) step();  // There may be memory again.
}

/// Ends once the sink has what the client left with us, and the client what we said last.
void Connection::go_on_ending() {
  if (pending_ || is_writing_ || !session_.output().empty()) return;
  const CloseReason reason = session_.close_reason();
  if (reason == CloseReason::disconnected) return close_now();
  if (reason != CloseReason::overloaded) return linger();
  phase_ = Phase::pausing;
  deadline_ = Clock::now() + options_.overload_pause;
}

void Connection::linger() {
  phase_ = Phase::lingering;
  deadline_ = Clock::now() + kLingerTime;
  if (channel_.has_tls()) {
    if (is_reading_) return close_now();
    channel_.end_tls([self = shared_from_this()](const ErrorCode&) { self->close_now(); });
  } else {
    ErrorCode error;
    channel_.tcp().socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
    if (error) return close_now();
    if (!is_reading_) read_and_forget();
  }
}

void Connection::read_and_forget() {
  buffer_ = {};
  start_read(0);
}

void Connection::abort(CloseReason reason) {
  session_.close(reason);
  close_now();
}

void Connection::close_now() {
  if (std::exchange(phase_, Phase::closed) == Phase::closed) return;
  ErrorCode ignored;  // It is gone either way.
  channel_.tcp().socket().close(ignored);
  shared_.counting.add(session_.take_tally());
  shared_.counting.closed[static_cast<std::size_t>(session_.close_reason())].add();
  if (has_name_) shared_.clients.release(session_.client_id(), this);
  // Its ticket holds the batch.
  if (pending_) pending_->submission.done = nullptr;
  pending_ = nullptr;
  worker_->remove(shared_from_this());
}

}  // namespace

std::shared_ptr<Served> make_connection(const std::shared_ptr<Worker>& worker,
                                        asio::ip::tcp::socket socket, asio::ssl::context* tls,
                                        bool is_over_limit) {
  return std::make_shared<Connection>(worker, std::move(socket), tls, is_over_limit);
}

}  // namespace salus::node::mqtt

#include "node/api/session.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <ctime>
#include <utility>

#include "node/api/body_splitter.h"
#include "node/api/text.h"
#include "node/api/tls_context.h"

namespace salus::node::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::size_t kReadBytes = 4096;
constexpr std::size_t kMaxBufferBytes = std::size_t{32} << 10;
/// What a statement adds to its answer: an `Outcome`, and some 110 bytes of JSON.
constexpr std::size_t kAnswerBytesEach = 160;
/// A connection between two requests holds no more than this.
constexpr std::size_t kKeptBufferBytes = std::size_t{16} << 10;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::chrono::seconds kLinger{2};
constexpr std::string_view kUnreadRoute = "unread";

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }
beast::string_view view(std::string_view text) { return {text.data(), text.size()}; }

/// Now, as RFC 9110 (5.6.7) writes it.
std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 40> text{};
  const std::size_t size =
      std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), size};
}

Reply body_too_large() { return problem(413, "body_too_large", "the request's body is too long"); }

/// A session's claim to be called back. The sink, or whoever else has it, may hold it longer than
/// there is a session, or a server.
class Ticket {
 public:
  Ticket(std::shared_ptr<Gate> gate, std::weak_ptr<Session> session)
      : gate_(std::move(gate)), session_(std::move(session)) {}
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

  /// Dropped without an answer: whether the statements are durable is not known, so that nothing
  /// may be said about them.
  ~Ticket() {
    send([](Session& session) { session.close(); });
  }

  void answer(std::span<const Outcome> outcomes) {
    send([copy = std::vector(outcomes.begin(), outcomes.end())](Session& session) {
      session.take_outcomes(copy);
    });
  }

  void go_on(ReadJob job) {
    send([job = std::move(job)](Session& session) { session.run_read(job); });
  }

  /// The session needs no answer.
  void tear() { session_.reset(); }

 private:
  /// On the session's thread, if it is there still. Once.
  template <typename Action>
  void send(Action action) {
    gate_->pass([&] {
      auto session = std::exchange(session_, {}).lock();
      if (!session) return;
      auto executor = session->executor();
      asio::post(executor,
                 [session = std::move(session), action = std::move(action)] { action(*session); });
    });
  }

  std::shared_ptr<Gate> gate_;
  std::weak_ptr<Session> session_;
};

}  // namespace

Session::Session(asio::ip::tcp::socket&& socket, SessionHost& host)
    : host_(host),
      channel_(std::move(socket), host.tls.get().get()),
      buffer_(std::max(kMaxBufferBytes, host.options.max_header_bytes)),
      memory_(host.memory),
      read_(host.reads) {
  host_.metrics.connection_opened();
}

Session::~Session() { host_.metrics.connection_closed(); }

void Session::start() {
  if (host_.stopping) return close();
  if (channel_.has_tls())
    shake_hands();
  else
    wait_for_request();
}

void Session::shake_hands() {
  channel_.tcp().expires_after(host_.options.handshake_timeout);
  channel_.shake_hands(
      asio::ssl::stream_base::server, [self = shared_from_this()](ErrorCode error) {
        if (error) return self->answer_read_error(error);
        self->certificate_name_ = client_name(self->channel_.tls().native_handle());
        self->wait_for_request();
      });
}

void Session::wait_for_request() {
  if (host_.stopping) return close();
  if (buffer_.size() > 0) return read_header();
  channel_.tcp().expires_after(host_.options.idle_timeout);
  channel_.async_read_some(buffer_.prepare(kReadBytes),
                           [self = shared_from_this()](ErrorCode error, std::size_t bytes) {
                             if (error) return self->answer_read_error(error);
                             self->buffer_.commit(bytes);
                             self->read_header();
                           });
}

void Session::read_header() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(host_.options.max_header_bytes));
  parser_->body_limit(host_.options.max_body_bytes);
  route_ = kUnreadRoute;
  head_only_ = false;
  keep_ = false;
  job_.reset();
  began_ = std::chrono::steady_clock::now();
  channel_.tcp().expires_after(host_.options.header_timeout);
  http::async_read_header(
      channel_, buffer_, *parser_,
      [self = shared_from_this()](ErrorCode error, std::size_t) { self->on_header(error); });
}

void Session::on_header(ErrorCode error) {
  if (error) return answer_read_error(error);
  const auto& message = parser_->get();
  head_only_ = message.method() == http::verb::head;
  keep_ = message.keep_alive();
  if (message.version() >= 11 && message.count(http::field::host) != 1)  // RFC 9112, 3.2
    return refuse(problem(400, "malformed_request", "one Host field is needed"));
  begin(host_.service.plan(
      {.method = view(message.method_string()),
       .target = view(message.target()),
       .accept = view(message[http::field::accept]),
       .content_type = view(message[http::field::content_type]),
       .credentials = {view(message[http::field::authorization]), certificate_name_}}));
}

void Session::begin(Plan plan) {
  route_ = plan.route;
  if (const auto* submit_plan = std::get_if<SubmitStatements>(&plan.action)) {
    format_ = submit_plan->format;
    return expect_body();
  }
  if (auto* job = std::get_if<BodyJob>(&plan.action)) {
    job_ = std::move(*job);
    return expect_body();
  }
  // A body that nobody wants is not read, so that no other request can be found behind it.
  if (!parser_->is_done()) keep_ = false;
  answering_ = true;
  if (auto* job = std::get_if<ReadJob>(&plan.action)) return run_read(std::move(*job));
  send(std::move(std::get<Reply>(plan.action)));
}

void Session::run_read(ReadJob job) {
  if (closed_) return;
  answering_ = true;
  if (!read_.take(1)) return send(busy_reply());
  asio::post(host_.readers, [self = shared_from_this(), job = std::move(job)]() mutable {
    Reply reply = job();
    const auto executor = self->executor();
    asio::post(executor, [self = std::move(self), reply = std::move(reply)]() mutable {
      self->take_reply(std::move(reply));
    });
  });
}

void Session::take_reply(Reply reply) {
  read_.give_back();
  if (closed_) return;
  if (!memory_.take(reply.body.size())) return send(busy_reply());
  send(std::move(reply));
}

void Session::expect_body() {
  const std::string_view expectation = view(parser_->get()[http::field::expect]);
  const bool waits = equals_ignoring_case(expectation, "100-continue");
  if (!expectation.empty() && !waits)
    return refuse(problem(417, "unknown_expectation", "only 100-continue is known"));
  const auto length = parser_->content_length();
  const std::size_t limit = job_ ? job_->max_bytes : host_.options.max_body_bytes;
  if (length && *length > limit) return refuse(body_too_large());
  parser_->body_limit(limit);
  if (!memory_.take(length ? static_cast<std::size_t>(*length) : limit))
    return refuse(overloaded_reply());
  if (!waits || parser_->is_done()) return read_body();
  channel_.tcp().expires_after(host_.options.write_timeout);
  asio::async_write(channel_, asio::buffer(kContinue.data(), kContinue.size()),
                    [self = shared_from_this()](ErrorCode error, std::size_t) {
                      if (error) return self->answer_read_error(error);
                      self->read_body();
                    });
}

void Session::read_body() {
  channel_.tcp().expires_after(host_.options.body_timeout);
  http::async_read(
      channel_, buffer_, *parser_,
      [self = shared_from_this()](ErrorCode error, std::size_t) { self->on_body(error); });
}

void Session::on_body(ErrorCode error) {
  if (error) return answer_read_error(error);
  if (job_) return begin_job(*std::exchange(job_, std::nullopt));
  answering_ = true;
  submit();
}

void Session::begin_job(BodyJob job) {
  ReadJob answer = [job = std::move(job.answer), body = std::move(parser_->get().body())] {
    return job(body);
  };
  if (!job.wait) return run_read(std::move(answer));
  // While it waits there is nothing to lose: a server that stops closes it.
  const auto ticket = std::make_shared<Ticket>(host_.gate, weak_from_this());
  job.wait([ticket, answer = std::move(answer)] { ticket->go_on(answer); });
}

void Session::submit() {
  host_.metrics.count_body_bytes(parser_->get().body().size());
  auto split = split_body(std::move(parser_->get().body()), host_.options.max_statements);
  if (const auto* fault = std::get_if<BodyFault>(&split)) {
    const unsigned status = *fault == BodyFault::too_many_statements ? 413 : 400;
    return send(problem(status, to_string(*fault), "nothing was taken of this body"));
  }
  auto& submission = std::get<Submission>(split);
  if (!memory_.take(submission.size() * kAnswerBytesEach)) return send(overloaded_reply());
  const auto ticket = std::make_shared<Ticket>(host_.gate, weak_from_this());
  submission.done = [ticket](std::span<const Outcome> outcomes) { ticket->answer(outcomes); };
  if (host_.sink.submit(submission)) return;
  ticket->tear();
  send(overloaded_reply());
}

void Session::take_outcomes(std::span<const Outcome> outcomes) {
  std::uint64_t refused = 0;
  for (const Outcome& outcome : outcomes) refused += outcome.refusal ? 1 : 0;
  host_.metrics.count_statements(outcomes.size() - refused, refused);
  if (!closed_) send(outcomes_reply(outcomes, format_));
}

void Session::answer_read_error(ErrorCode error) {
  if (closed_) return;
  if (error == beast::error::timeout) host_.metrics.count_timeout();
  if (error == http::error::header_limit)
    return refuse(problem(431, "header_too_large", "the request's header is too long"));
  if (error == http::error::body_limit) return refuse(body_too_large());
  const bool is_silence = error == http::error::end_of_stream ||
                          error == http::error::partial_message ||
                          error.category() != make_error_code(http::error::bad_method).category();
  if (is_silence) return close();  // it has gone, or was too slow: nobody is there to be told
  refuse(problem(400, "malformed_request", "this is not HTTP/1.1"));
}

void Session::refuse(Reply reply) {
  keep_ = false;
  answering_ = true;
  send(std::move(reply));
}

void Session::send(Reply&& reply) {
  keep_ = keep_ && !host_.stopping;
  const unsigned version = parser_->is_header_done() ? parser_->get().version() : 11;
  response_ = Response();
  response_.version(version);
  response_.result(reply.status);
  response_.reason(view(status_phrase(reply.status)));
  response_.set(http::field::date, http_date());
  response_.set(http::field::content_type, view(reply.content_type));
  response_.set("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : reply.fields) response_.set(view(name), value);
  response_.keep_alive(keep_);
  response_.body() = std::move(reply.body);
  response_.prepare_payload();

  serializer_.emplace(response_);
  channel_.tcp().expires_after(host_.options.write_timeout);
  const auto sent = [self = shared_from_this()](ErrorCode error, std::size_t) {
    self->on_sent(error);
  };
  if (head_only_)
    http::async_write_header(channel_, *serializer_, sent);
  else
    http::async_write(channel_, *serializer_, sent);
}

void Session::on_sent(ErrorCode error) {
  finish();
  if (closed_) return;
  if (error == beast::error::timeout) host_.metrics.count_timeout();
  if (error) return close();
  if (keep_) return wait_for_request();
  linger();
}

void Session::finish() {
  host_.metrics.count_request(route_, response_.result_int(),
                              std::chrono::steady_clock::now() - began_);
  answering_ = false;
  memory_.give_back();
  serializer_.reset();
  parser_.reset();
  response_ = Response();
  if (buffer_.size() == 0 && buffer_.capacity() > kKeptBufferBytes)
    buffer_ = beast::flat_buffer(buffer_.max_size());
}

/// Says that nothing more comes, and lets the client read that before the connection is closed: a
/// socket that is closed with bytes unread takes the answer back.
void Session::linger() {
  channel_.tcp().expires_after(kLinger);
  if (!channel_.has_tls()) return drain();
  channel_.end_tls([self = shared_from_this()](ErrorCode) {
    if (!self->closed_) self->drain();
  });
}

void Session::drain() {
  ErrorCode ignored;
  channel_.tcp().socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  buffer_.clear();
  channel_.read_below(buffer_.prepare(kReadBytes),
                      [self = shared_from_this()](ErrorCode error, std::size_t) {
                        if (self->closed_) return;
                        if (error) return self->close();
                        self->drain();
                      });
}

void Session::stop() {
  if (!answering_) close();
}

void Session::close() {
  if (std::exchange(closed_, true)) return;
  const auto self = shared_from_this();  // the host's may be the last but this one
  ErrorCode ignored;
  channel_.tcp().socket().close(ignored);
  host_.sessions.remove(this);
}

}  // namespace salus::node::api

// One connection: request after request, each answered before the next one is read, so that answers
// to pipelined requests keep their order.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/vector_body.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "node/api/session_host.h"
#include "node/tls/channel.h"

namespace salus::node::api {

/// Everything but `executor` is for the one thread that runs the connection's executor. At any time
/// there is one operation under way: on the socket, in the sink, or with a reader.
class Session : public std::enable_shared_from_this<Session> {
 public:
  /// The host outlives the session.
  Session(boost::asio::ip::tcp::socket&& socket, SessionHost& host);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  tls::Channel::executor_type executor() { return channel_.get_executor(); }

  void start();
  /// Closes, unless a request is being answered: then when it is, as the host is stopping.
  void stop();
  void close();

  /// The sink's answer.
  void take_outcomes(std::span<const Outcome> outcomes);
  void take_reply(Reply reply);
  /// Has it run by the threads that read, and sends its answer.
  void run_read(ReadJob job);

 private:
  using ErrorCode = boost::beast::error_code;
  using Parser = boost::beast::http::request_parser<boost::beast::http::vector_body<std::uint8_t>>;
  using Response = boost::beast::http::response<boost::beast::http::string_body>;
  using Serializer = boost::beast::http::response_serializer<boost::beast::http::string_body>;

  void shake_hands();
  void wait_for_request();
  void read_header();
  void on_header(ErrorCode error);
  void begin(Plan plan);
  void expect_body();
  void read_body();
  void on_body(ErrorCode error);
  void submit();
  void begin_job(BodyJob job);

  /// Answers a request that could not be read to its end, and closes.
  void answer_read_error(ErrorCode error);
  void refuse(Reply reply);
  void send(Reply&& reply);
  void on_sent(ErrorCode error);
  void finish();
  void linger();
  void drain();

  SessionHost& host_;
  tls::Channel channel_;
  std::string certificate_name_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  Response response_;
  std::optional<Serializer> serializer_;

  // Of the request at hand.
  std::string_view route_;
  Format format_ = Format::json;
  std::optional<BodyJob> job_;  ///< What the body is for, unless it has statements.
  bool head_only_ = false;
  bool keep_ = false;
  std::chrono::steady_clock::time_point began_;
  Lease memory_;
  Lease read_;

  bool answering_ = false;  ///< A whole request is there, its answer is not sent.
  bool closed_ = false;
};

}  // namespace salus::node::api

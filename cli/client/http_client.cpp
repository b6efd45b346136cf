#include "cli/client/http_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <charconv>
#include <functional>
#include <utility>

#include "cli/client/transport.h"
#include "engine/error.h"

namespace salus::cli::client {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using ErrorCode = boost::system::error_code;
using BodyView = boost::beast::span<const char>;
using Request = http::request<http::span_body<const char>>;

constexpr std::size_t kMaxHeaderBytes = std::size_t{64} << 10;
constexpr unsigned kHttp11 = 11;
constexpr const char* kDoing = "have an answer";

std::string text_of(beast::string_view view) { return {view.data(), view.size()}; }

std::optional<std::chrono::seconds> seconds_of(beast::string_view text) {
  std::uint32_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [behind, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || behind != end) return std::nullopt;
  return std::chrono::seconds(seconds);
}

/// Token68 of RFC 6750 and what else people make tokens of, but nothing that ends a header's line.
bool is_token(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

class HttpClient::Impl {
 public:
  explicit Impl(HttpClientOptions options)
      : options_(std::move(options)), transport_(options_.endpoint, options_.tls) {
    if (!options_.endpoint.scheme.starts_with("http"))
      throw Error(ErrorKind::usage, options_.endpoint.text() + ": not an address of HTTP");
    if (!is_token(options_.bearer_token))
      throw Error(ErrorKind::usage, "a token has no blanks and no control characters");
  }

  HttpAnswer get(const std::string& target, const std::string& accept) {
    Request request(http::verb::get, target, kHttp11);
    const bool was_kept = transport_.is_open();
    try {
      return ask(request, accept);
    } catch (const Error&) {
      if (!was_kept || answer_began_) throw;
    }
    return ask(request, accept);
  }

  HttpAnswer post(const std::string& target, Bytes body, const std::string& content_type,
                  const std::string& accept) {
    Request request(http::verb::post, target, kHttp11);
    request.set(http::field::content_type, content_type);
    request.body() = BodyView(reinterpret_cast<const char*>(body.data()), body.size());
    request.prepare_payload();
    return ask(request, accept);
  }

 private:
  /// Ends what is waited for as soon as somebody asks to stop.
  class Watch {
   public:
    explicit Watch(Impl& impl)
        : callback_(impl.options_.stop, [&impl] {
            boost::asio::post(impl.transport_.context(), [&impl] {
              if (impl.transport_.is_open()) impl.transport_.lowest().close();
            });
          }) {}

   private:
    std::stop_callback<std::function<void()>> callback_;
  };

  HttpAnswer ask(Request& request, const std::string& accept) {
    if (options_.stop.stop_requested()) throw Cancelled();
    const Watch watch(*this);
    answer_began_ = false;
    try {
      if (!transport_.is_open()) connect();
      request.set(http::field::host, options_.endpoint.authority());
      request.set(http::field::accept, accept);
      if (!options_.bearer_token.empty())
        request.set(http::field::authorization, "Bearer " + options_.bearer_token);
      transport_.lowest().expires_after(options_.timeout);
      send(request);
      return receive();
    } catch (const Error&) {
      if (options_.stop.stop_requested()) throw Cancelled();
      throw;
    }
  }

  void connect() {
    buffer_.clear();
    transport_.open(options_.connect_timeout);
  }

  /// A server may answer before it has read all, and close: the answer says more than the error.
  void send(Request& request) {
    http::async_write(transport_.channel(), request, [](const ErrorCode&, std::size_t) {});
    transport_.wait();
  }

  HttpAnswer receive() {
    http::response_parser<http::string_body> parser;
    parser.header_limit(kMaxHeaderBytes);
    parser.body_limit(options_.max_answer_bytes);
    ErrorCode error;
    const auto note = [&](const ErrorCode& result, std::size_t) { error = result; };
    http::async_read_header(transport_.channel(), buffer_, parser, note);
    transport_.wait();
    answer_began_ = parser.got_some();
    if (error) transport_.fail(error, kDoing);
    // Beast 1.74 reads on past its limit where an answer says how long it is.
    if (parser.content_length().value_or(0) > options_.max_answer_bytes)
      transport_.fail(http::make_error_code(http::error::body_limit), kDoing);
    http::async_read(transport_.channel(), buffer_, parser, note);
    transport_.wait();
    if (error) transport_.fail(error, kDoing);
    auto& message = parser.get();
    HttpAnswer answer;
    answer.status = message.result_int();
    answer.content_type = text_of(message[http::field::content_type]);
    answer.retry_after = seconds_of(message[http::field::retry_after]);
    answer.body = std::move(message.body());
    if (message.keep_alive()) {
      transport_.lowest().expires_never();
    } else {
      transport_.close();
    }
    return answer;
  }

  HttpClientOptions options_;
  Transport transport_;
  beast::flat_buffer buffer_;
  bool answer_began_ = false;  ///< Of the last request.
};

HttpClient::HttpClient(HttpClientOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}
HttpClient::~HttpClient() = default;

HttpAnswer HttpClient::get(const std::string& target, const std::string& accept) {
  return impl_->get(target, accept);
}

HttpAnswer HttpClient::post(const std::string& target, Bytes body, const std::string& content_type,
                            const std::string& accept) {
  return impl_->post(target, body, content_type, accept);
}

}  // namespace salus::cli::client

// An HTTP server on the loopback that answers as a test wants, also wrongly.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>

namespace salus::test {

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;
using HttpResponse = boost::beast::http::response<boost::beast::http::string_body>;

/// What comes of a request; nothing keeps who asked waiting until he goes away.
using Answering = std::function<std::optional<HttpResponse>(const HttpRequest&)>;

/// An answer of that status, its length said unless the test says otherwise.
HttpResponse make_response(unsigned status, const std::string& content_type, std::string body);

/// Answers one connection after the other, one request each, on a thread of its own.
class AnsweringServer {
 public:
  /// `answering` runs on that thread.
  explicit AnsweringServer(Answering answering);
  ~AnsweringServer();
  AnsweringServer(const AnsweringServer&) = delete;
  AnsweringServer& operator=(const AnsweringServer&) = delete;

  /// "http://127.0.0.1:40123"
  [[nodiscard]] std::string url() const;

 private:
  void serve();
  void serve_one(boost::asio::ip::tcp::socket& socket);

  Answering answering_;
  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::atomic<bool> stopped_ = false;
  std::jthread thread_;  ///< Last, so that it ends before what it uses.
};

}  // namespace salus::test

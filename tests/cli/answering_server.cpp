#include "tests/cli/answering_server.h"

#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/read.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

namespace salus::test {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using ErrorCode = boost::system::error_code;
using Tcp = asio::ip::tcp;

const Tcp::endpoint kAnyPort(asio::ip::address_v4::loopback(), 0);

}  // namespace

HttpResponse make_response(unsigned status, const std::string& content_type, std::string body) {
  HttpResponse response(static_cast<http::status>(status), 11);
  if (!content_type.empty()) response.set(http::field::content_type, content_type);
  response.body() = std::move(body);
  response.keep_alive(false);
  response.prepare_payload();
  return response;
}

AnsweringServer::AnsweringServer(Answering answering)
    : answering_(std::move(answering)),
      acceptor_(context_, kAnyPort),
      thread_([this] { serve(); }) {}

AnsweringServer::~AnsweringServer() {
  stopped_ = true;
  Tcp::socket knock(context_);
  ErrorCode ignored;
  knock.connect(acceptor_.local_endpoint(), ignored);
}

std::string AnsweringServer::url() const {
  return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
}

void AnsweringServer::serve() {
  for (;;) {
    ErrorCode error;
    Tcp::socket socket = acceptor_.accept(error);
    if (stopped_ || error) return;
    serve_one(socket);
  }
}

void AnsweringServer::serve_one(Tcp::socket& socket) {
  ErrorCode error;
  boost::beast::flat_buffer buffer;
  HttpRequest request;
  http::read(socket, buffer, request, error);
  if (error) return;
  if (const std::optional<HttpResponse> response = answering_(request)) {
    http::write(socket, *response, error);
    socket.shutdown(Tcp::socket::shutdown_send, error);
  }
  std::array<char, 1024> rest{};
  while (!error) socket.read_some(asio::buffer(rest), error);
}

}  // namespace salus::test

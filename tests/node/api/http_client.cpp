#include "tests/node/api/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cctype>
#include <optional>
#include <stdexcept>
#include <utility>

namespace salus::test {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

constexpr std::size_t kMaxHeader = std::size_t{64} << 10;

}  // namespace

std::string HttpAnswer::field(const std::string& name) const {
  const auto found = fields.find(lower(name));
  return found == fields.end() ? std::string() : found->second;
}

class HttpClient::Impl {
 public:
  explicit Impl(std::uint16_t port) : port_(port) {}

  HttpAnswer send(const HttpRequest& request) {
    connect();
    http::request<http::string_body> message(http::string_to_verb(request.method), request.target,
                                             11);
    if (message.method() == http::verb::unknown) message.method_string(request.method);
    message.set(http::field::host, "localhost");
    for (const auto& [name, value] : request.fields) message.set(name, value);
    message.body() = request.body;
    message.prepare_payload();
    boost::system::error_code ignored;  // the server may answer before it has read all
    http::write(*socket_, message, ignored);
    return receive(request.method == "HEAD");
  }

 private:
  void connect() {
    if (socket_) return;
    socket_.emplace(context_);
    socket_->connect({asio::ip::address_v4::loopback(), port_});
    socket_->set_option(asio::ip::tcp::no_delay(true));
    buffer_.clear();
  }

  HttpAnswer receive(bool head) {
    http::response_parser<http::string_body> parser;
    parser.skip(head);
    parser.header_limit(kMaxHeader);
    parser.body_limit(boost::none);
    http::read(*socket_, buffer_, parser);
    HttpAnswer answer{parser.get().result_int(), {}, parser.get().body()};
    for (const auto& field : parser.get())
      answer.fields[lower(std::string(field.name_string()))] = std::string(field.value());
    if (!parser.get().keep_alive()) socket_.reset();
    return answer;
  }

  std::uint16_t port_;
  asio::io_context context_;
  std::optional<asio::ip::tcp::socket> socket_;
  boost::beast::flat_buffer buffer_;
};

HttpClient::HttpClient(std::uint16_t port) : impl_(std::make_unique<Impl>(port)) {}
HttpClient::~HttpClient() = default;

HttpAnswer HttpClient::send(const HttpRequest& request) { return impl_->send(request); }

HttpAnswer HttpClient::post(Bytes body, const std::string& accept) {
  HttpRequest request{"POST", "/v1/statements", {{"Content-Type", "application/cbor-seq"}}, {}};
  if (!accept.empty()) request.fields["Accept"] = accept;
  request.body.assign(body.begin(), body.end());
  return send(request);
}

BareSocket::BareSocket(std::uint16_t port)
    : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{20, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect");
}

BareSocket::~BareSocket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

BareSocket::BareSocket(BareSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

bool BareSocket::write(std::string_view text) const {
  while (!text.empty()) {
    const ssize_t sent = ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string BareSocket::read_until(std::string_view end) const {
  std::string out;
  char c = 0;
  while (end.empty() || !out.ends_with(end)) {
    if (::recv(descriptor_, &c, 1, 0) != 1) break;
    out += c;
  }
  return out;
}

}  // namespace salus::test

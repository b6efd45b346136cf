#include "tests/node/mqtt/test_client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace salus::test {
namespace {

constexpr int kPatienceMs = 10'000;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool wait_for(int socket, short events, int milliseconds) {
  pollfd entry{socket, events, 0};
  return ::poll(&entry, 1, milliseconds) > 0;
}

}  // namespace

TestClient::TestClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  const sockaddr_in address = loopback(port);
  if (socket_ < 0 ||
      ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (socket_ >= 0) ::close(socket_);
    throw std::runtime_error("no connection to port " + std::to_string(port));
  }
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

TestClient::~TestClient() {
  if (socket_ >= 0) ::close(socket_);
}

TestClient::TestClient(TestClient&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}

bool TestClient::send(const Packet& bytes) const {
  return send_within(bytes, std::chrono::milliseconds(kPatienceMs)) == bytes.size();
}

std::size_t TestClient::send_within(const Packet& bytes, std::chrono::milliseconds time) const {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (!wait_for(socket_, POLLOUT, static_cast<int>(time.count()))) break;
    const ssize_t sent =
        ::send(socket_, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent <= 0) break;
    at += static_cast<std::size_t>(sent);
  }
  return at;
}

Packet TestClient::receive(std::size_t count) const {
  Packet bytes(count);
  std::size_t at = 0;
  while (at < count) {
    if (!wait_for(socket_, POLLIN, kPatienceMs)) break;
    const ssize_t got = ::recv(socket_, bytes.data() + at, count - at, 0);
    if (got <= 0) break;
    at += static_cast<std::size_t>(got);
  }
  bytes.resize(at);
  return bytes;
}

std::size_t TestClient::receive_some(std::size_t most) const {
  Packet bytes(most);
  if (!wait_for(socket_, POLLIN, kPatienceMs)) return 0;
  const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
  return got > 0 ? static_cast<std::size_t>(got) : 0;
}

bool TestClient::is_readable(std::chrono::milliseconds within) const {
  return wait_for(socket_, POLLIN, static_cast<int>(within.count()));
}

bool TestClient::wait_for_end() const {
  Packet bytes(4096);
  while (wait_for(socket_, POLLIN, kPatienceMs))
    if (::recv(socket_, bytes.data(), bytes.size(), 0) <= 0) return true;
  return false;
}

TestClient connected_client(std::uint16_t port, const ConnectFields& fields) {
  TestClient client(port);
  if (!client.send(connect(fields)) || client.receive(4) != connack(0))
    throw std::runtime_error("not let in");
  return client;
}

}  // namespace salus::test

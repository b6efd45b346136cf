#include "node/control/socket.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "engine/error.h"
#include "node/store/file.h"

namespace salus::node {
namespace {

using files::Descriptor;

constexpr int kLookForStopMs = 100;

/// An address of a socket is 108 bytes at most, and a path may be longer: the folder is named by an
/// open descriptor.
class Address {
 public:
  Address(const std::filesystem::path& folder, const char* name)
      : folder_(folder, O_PATH | O_DIRECTORY) {
    const std::string path = "/proc/self/fd/" + std::to_string(folder_.descriptor()) + "/" + name;
    address_.sun_family = AF_UNIX;
    path.copy(static_cast<char*>(address_.sun_path), sizeof address_.sun_path - 1);
  }
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  [[nodiscard]] const char* path() const { return static_cast<const char*>(address_.sun_path); }
  static constexpr socklen_t kSize = sizeof(sockaddr_un);

 private:
  File folder_;
  sockaddr_un address_{};
};

Descriptor new_socket(const std::filesystem::path& path) {
  Descriptor made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!made.is_open()) throw FileError("make", path, errno);
  return made;
}

}  // namespace

Descriptor listen_in(const std::filesystem::path& folder, const char* name) {
  const Address address(folder, name);
  Descriptor listening = new_socket(folder / name);
  if (::unlink(address.path()) != 0 && errno != ENOENT)
    throw FileError("delete", folder / name, errno);
  if (::bind(listening.number(), address.get(), Address::kSize) != 0 ||
      ::chmod(address.path(), S_IRUSR | S_IWUSR) != 0 || ::listen(listening.number(), 4) != 0)
    throw FileError("listen at", folder / name, errno);
  return listening;
}

std::optional<Descriptor> connect_in(const std::filesystem::path& folder, const char* name) {
  const Address address(folder, name);
  Descriptor connection = new_socket(folder / name);
  if (::connect(connection.number(), address.get(), Address::kSize) == 0) return connection;
  if (errno == ENOENT || errno == ECONNREFUSED) return std::nullopt;
  throw FileError("connect to", folder / name, errno);
}

bool is_own_peer(const Descriptor& connection) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(connection.number(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == 0 || peer.uid == ::geteuid();
}

bool send_all(const Descriptor& connection, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(connection.number(), text.data(), text.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return ::shutdown(connection.number(), SHUT_WR) == 0;
}

std::optional<std::string> receive_all(const Descriptor& connection, std::size_t limit, int seconds,
                                       const std::stop_token& stop) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::seconds(seconds);
  std::string text;
  while (text.size() <= limit && (seconds == 0 || Clock::now() < end)) {
    if (stop.stop_requested()) throw Cancelled();
    pollfd waiting{connection.number(), POLLIN, 0};
    if (::poll(&waiting, 1, kLookForStopMs) <= 0) continue;
    std::array<char, 4096> piece{};
    const ssize_t count = ::recv(connection.number(), piece.data(), piece.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::nullopt;
    if (count == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(count));
  }
  return std::nullopt;
}

}  // namespace salus::node

#include "tests/support/free_port.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <random>
#include <stdexcept>

#include "engine/files/descriptor.h"

namespace salus::test {
namespace {

bool is_free(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const files::Descriptor probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return ::bind(probe.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

std::uint16_t free_port() {
  // Linux gives connections ports from 32768 on: none of them takes it while its server starts, or
  // starts again.
  constexpr int kFirst = 20'000, kLast = 32'000, kTries = 100;
  std::random_device random;
  for (int i = 0; i < kTries; ++i) {
    const auto port =
        static_cast<std::uint16_t>(std::uniform_int_distribution<int>(kFirst, kLast)(random));
    if (is_free(port)) return port;
  }
  throw std::runtime_error("no port is free");
}

}  // namespace salus::test

#include "tests/node/nats/nats_server.h"

#include <filesystem>

#include "tests/node/nats/jetstream.h"
#include "tests/support/free_port.h"

namespace salus::test {

NatsServer::NatsServer() : port_(free_port()) { start(); }

std::string NatsServer::url() const { return "nats://127.0.0.1:" + std::to_string(port_); }

void NatsServer::start() {
  program_.emplace(
      std::vector<std::string>{*find_program("nats-server"), "-js", "-sd", folder_.path("store"),
                               "-a", "127.0.0.1", "-p", std::to_string(port_)},
      folder_.path("log"));
  const JetStream is_there(url());
}

void NatsServer::lose_everything() {
  kill();
  std::filesystem::remove_all(folder_.path("store"));
}

}  // namespace salus::test

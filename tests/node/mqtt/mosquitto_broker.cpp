#include "tests/node/mqtt/mosquitto_broker.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "tests/node/mqtt/test_client.h"
#include "tests/support/free_port.h"

namespace salus::test {

MosquittoBroker::MosquittoBroker(std::uint16_t node_port) : port_(free_port()) {
  const std::string config = folder_.write(
      "mosquitto.conf", "listener " + std::to_string(port_) +
                            " 127.0.0.1\nallow_anonymous true\nuser root\n"
                            "max_queued_messages 0\n"
                            "connection node\nrestart_timeout 1\ntopic salus/# out 1\naddress "
                            "127.0.0.1:" +
                            std::to_string(node_port) + "\n");
  program_.emplace(std::vector<std::string>{find_program("mosquitto").value(), "-c", config},
                   folder_.path("log"));
  for (int i = 0; i < 500 && !is_up(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

bool MosquittoBroker::is_up() const {
  try {
    return TestClient(port_).send({});
  } catch (const std::runtime_error&) {
    return false;
  }
}

std::string MosquittoBroker::log() const {
  std::ifstream in(folder_.path("log"), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace salus::test

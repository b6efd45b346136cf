// What the MQTT listener itself costs: clients that keep publishes in flight at QoS 1, before a
// sink that answers after a delay and does nothing else.
//
//   build/test/bench/mqtt_bench [seconds] [connections] [in flight, all together] [bytes] [delay
//   us]
//
// Clients and listener share the machine: the listener's own share is the CPU time in the last
// column.
#include <fmt/format.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "node/mqtt/listener.h"
#include "tests/node/mqtt/fake_sink.h"
#include "tests/node/mqtt/test_client.h"

namespace salus::bench {
namespace {

using namespace node::mqtt;  // NOLINT: a program about nothing else
using Clock = std::chrono::steady_clock;

struct Settings {
  double seconds = 3;
  std::size_t connections = 10;
  std::size_t in_flight = 2000;
  std::size_t bytes = 200;
  int delay_us = 2000;
};

constexpr std::size_t kPubackBytes = 4;
constexpr const char* kTopic = "salus/bench/ecg";

double thread_cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double process_cpu_seconds() {
  return static_cast<double>(std::clock()) / static_cast<double>(CLOCKS_PER_SEC);
}

/// Keeps a window of publishes open; counts those acknowledged.
class Publisher {
 public:
  Publisher(std::uint16_t port, std::size_t number, std::size_t window, std::size_t bytes)
      : client_(test::connected_client(port, {.client_id = fmt::format("bench-{}", number)})),
        window_(window),
        packet_(test::publish(1, std::string(bytes, 'x'), kTopic)),
        id_at_(packet_.size() - bytes - 2) {}

  void run(const std::atomic<bool>& is_over, std::atomic<std::uint64_t>& acknowledged) {
    send(window_);
    while (!is_over) {
      const std::size_t got = client_.receive_some(window_ * kPubackBytes) + part_;
      part_ = got % kPubackBytes;
      acknowledged += got / kPubackBytes;
      send(got / kPubackBytes);
    }
  }

 private:
  void send(std::size_t count) {
    test::Packet bytes;
    bytes.reserve(count * packet_.size());
    for (std::size_t i = 0; i < count; ++i) {
      next_id_ = static_cast<std::uint16_t>(next_id_ == 0xFFFF ? 1 : next_id_ + 1);
      packet_[id_at_] = static_cast<std::uint8_t>(next_id_ >> 8);
      packet_[id_at_ + 1] = static_cast<std::uint8_t>(next_id_);
      bytes.insert(bytes.end(), packet_.begin(), packet_.end());
    }
    client_.send(bytes);
  }

  test::TestClient client_;
  std::size_t window_;
  test::Packet packet_;
  std::size_t id_at_;  // Where it has its packet id.
  std::size_t part_ = 0;
  std::uint16_t next_id_ = 0;
};

void run(const Settings& settings) {
  test::FakeSink sink({.delay = std::chrono::microseconds(settings.delay_us),
                       .keeps_messages = false,
                       .has_ids = false});
  ListenerOptions options;
  options.port = 0;
  const Listener listener(options, sink, nullptr);
  std::vector<Publisher> publishers;
  const std::size_t window = settings.in_flight / settings.connections;
  for (std::size_t i = 0; i < settings.connections; ++i)
    publishers.emplace_back(listener.port(), i, window, settings.bytes);

  std::atomic<bool> is_over = false;
  std::atomic<std::uint64_t> acknowledged = 0;
  std::atomic<std::uint64_t> client_cpu_us = 0;
  const auto start = Clock::now();
  const double cpu_before = process_cpu_seconds();
  std::vector<std::jthread> threads;
  for (Publisher& publisher : publishers)
    threads.emplace_back([&] {
      publisher.run(is_over, acknowledged);
      client_cpu_us += static_cast<std::uint64_t>(thread_cpu_seconds() * 1e6);
    });
  std::this_thread::sleep_for(std::chrono::duration<double>(settings.seconds));
  const auto count = static_cast<double>(acknowledged);
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  is_over = true;
  threads.clear();
  const double own_cpu =
      process_cpu_seconds() - cpu_before - static_cast<double>(client_cpu_us) * 1e-6;
  const Counters counters = listener.counters();
  fmt::print(
      "{:>10.0f} publishes/s   {:>6.1f} in a submission   {:>6.2f} us CPU each (listener and "
      "sink)\n",
      count / seconds,
      static_cast<double>(counters.publishes) / static_cast<double>(counters.submissions),
      own_cpu * 1e6 / static_cast<double>(counters.publishes));
}

Settings settings_from(int argc, char** argv) {
  Settings settings;
  const auto number = [&](int i, auto& value) {
    using Value = std::remove_reference_t<decltype(value)>;
    if (argc > i) value = static_cast<Value>(std::strtod(argv[i], nullptr));
  };
  number(1, settings.seconds);
  number(2, settings.connections);
  number(3, settings.in_flight);
  number(4, settings.bytes);
  number(5, settings.delay_us);
  return settings;
}

}  // namespace
}  // namespace salus::bench

int main(int argc, char** argv) {
  salus::bench::run(salus::bench::settings_from(argc, argv));
  return 0;
}

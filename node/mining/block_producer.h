// Makes blocks: chooses statements, signs, mines, and adds to the chain.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "engine/engine.h"
#include "node/chain/block_builder.h"
#include "node/chain/chain.h"
#include "node/ingest/mempool.h"
#include "node/mining/block_making.h"

namespace salus::node {

struct ProducerOptions {
  ContentLimits limits;
  /// From the beginning of one block of ours to that of the next at least, however easy the target
  /// is: when blocks take longer to make than this, they follow each other without a pause.
  std::chrono::milliseconds interval{1000};
  /// After so long a block is put together anew, with what has come meanwhile.
  std::chrono::milliseconds template_age{5000};
  /// After so long without a block an empty one is made, too.
  std::chrono::milliseconds empty_after{60000};
  /// What mines. A set of its own, so that signatures never wait for a search to end.
  engine::EngineOptions mining{.devices = "cpu", .cpu = {.threads = 1}};
  /// How much the search gives way to everything else on the CPU (nice value, 0 to 19). Putting
  /// blocks together and storing them does so by half: devices wait for their answers meanwhile.
  int niceness = 10;
  Clock clock = system_clock();
};

struct ProducerStats {
  std::uint64_t blocks = 0;     ///< Ours that went on the chain.
  std::uint64_t stale = 0;      ///< Ours that another one was faster than.
  std::uint64_t refused = 0;    ///< Ours that were not valid.
  std::uint64_t templates = 0;  ///< Put together.
  std::uint64_t hashes = 0;
  double build_seconds = 0;  ///< For the last one: to put it together,
  double add_seconds = 0;    ///< and to validate and store it.
  std::string failure;       ///< Why it has ended by itself; empty while it has not.
};

/// Works on a thread of its own from construction on. Thread safe.
class BlockProducer {
 public:
  /// All outlive the producer. `engine` builds trees; `validator` is the id of the key that `sign`
  /// signs by.
  BlockProducer(Chain& chain, engine::Engine& engine, Mempool& mempool, const KeyId& validator,
                SignValidatorStatement sign, ProducerOptions options = {});
  /// As `stop`.
  ~BlockProducer();

  /// Ends the search for the present block, as there is another tip. Does not wait.
  void on_new_tip();
  /// Ends the thread; a block that is being stored is stored.
  void stop();

  [[nodiscard]] ProducerStats stats() const;

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  void run(const std::stop_token& stop);
  bool wait_until_due(const std::stop_token& stop);
  void make_block(engine::Engine& mining, const std::stop_token& stop);
  std::optional<pow::Header> search(engine::Engine& mining, const pow::Header& header,
                                    const std::stop_token& stop);
  void add(PreparedBlock made, const pow::Header& mined);
  void pause(const std::stop_token& stop, std::chrono::milliseconds time);

  Chain& chain_;
  engine::Engine& engine_;
  Mempool& mempool_;
  const KeyId validator_;
  const SignValidatorStatement sign_;
  const ProducerOptions options_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::stop_source search_;  // of the present block
  ProducerStats stats_;

  SteadyTime last_began_;  // of the thread: with our last block
  std::jthread thread_;
};

}  // namespace salus::node

// A chain in memory with an intake, for tests.
#pragma once

#include <condition_variable>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "cli/bench/block_factory.h"
#include "node/chain/chain.h"
#include "node/ingest/pipeline.h"
#include "node/store/intake_log.h"
#include "tests/node/chain/memory_storage.h"
#include "tests/support/temporary_folder.h"

namespace salus::node::test {

using Message = std::vector<std::uint8_t>;

/// Answers that come from other threads. Thread safe.
class Answers {
 public:
  /// A submission of these messages, whose answers come here.
  Submission ask(const std::vector<Message>& messages);
  /// Waits until every submission asked for is answered; all outcomes as they came.
  std::vector<Outcome> wait();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t asked_ = 0;
  std::size_t answered_ = 0;
  std::vector<Outcome> outcomes_;
};

struct IntakeFixture {
  static constexpr std::uint32_t kTime = 1'700'000'000;

  explicit IntakeFixture(IngestOptions options = {},
                         std::optional<std::filesystem::path> log_folder = std::nullopt);

  /// What becomes of these, submitted together.
  std::vector<Outcome> submit(const std::vector<Message>& messages);
  std::optional<Refusal> submit_one(const Message& message) {
    return submit({message}).front().refusal;
  }
  /// Puts a block with these on the chain.
  void add_block(const std::vector<Message>& messages);
  /// All messages in the log.
  [[nodiscard]] std::vector<Message> logged() const;

  salus::test::TemporaryFolder folder;
  engine::Engine engine{{.devices = "cpu", .cpu = {.threads = 1}}};
  cli::bench::BlockFactory factory{engine,
                                   {.devices = 6, .unregistered_devices = 1, .time = kTime}};
  std::int64_t now = kTime + 1000;
  MemoryStorage storage;
  Mempool mempool;
  Chain chain;
  IntakeLog log;
  IngestPipeline pipeline;
};

}  // namespace salus::node::test

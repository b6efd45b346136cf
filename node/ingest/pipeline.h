// The intake: every statement, whichever way it came, goes through these stages, each on a thread
// of its own.
//
//   parse        reads the statements, and collects them into batches by size or deadline
//   verify       ids and signatures, a batch at a time, on the engine's devices
//   rules        the state's rules one after the other; what passes is appended to the log
//   log          waits until the log is synced: one sync for all that waits (group commit)
//   acknowledge  answers
//
// Batches stay in order. An answer, also that something is a duplicate, is only given once whatever
// it speaks of is durable.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/engine.h"
#include "node/chain/chain.h"
#include "node/ingest/intake_batch.h"
#include "node/ingest/intake_rules.h"
#include "node/ingest/latency_histogram.h"
#include "node/ingest/mempool.h"
#include "node/ingest/stage_queue.h"
#include "node/ingest/statement_sink.h"
#include "node/store/intake_log.h"

namespace salus::node {

struct IngestOptions {
  std::size_t batch_statements = 4096;             ///< A batch goes on when it has so many,
  std::chrono::microseconds batch_deadline{2000};  ///< or this long after its first one came.
  /// Taken and not answered yet. Once one of these is reached nothing more is taken until half of
  /// it is answered; the submission that reaches it is taken whole.
  std::size_t max_statements = std::size_t{1} << 16;
  std::size_t max_bytes = std::size_t{64} << 20;
  Clock clock = system_clock();
  /// Tells a duplicate of what is on the chain from what is too old: see `IntakeRules`.
  IntakeRules::IsOnChain is_on_chain = {};
};

struct StageStats {
  const char* name = "";
  std::size_t depth = 0;         ///< Statements that wait for it or are in it.
  std::uint64_t statements = 0;  ///< That have left it,
  std::uint64_t batches = 0;     ///< in so many batches.
  double busy_seconds = 0;       ///< That it worked in all: over time, its duty cycle.
  double p50_seconds = 0;        ///< From entering its queue to leaving the stage, since the start.
  double p99_seconds = 0;
};

struct PipelineStats {
  std::uint64_t submitted = 0;                     ///< Statements taken.
  std::uint64_t accepted = 0;                      ///< Durable.
  std::array<std::uint64_t, kRefusals> refused{};  ///< By reason.
  std::uint64_t verified = 0;                      ///< Signatures checked.
  std::uint64_t turned_away = 0;                   ///< Submissions for which there was no room.
  std::uint64_t log_failures = 0;                  ///< Batches that the log did not take.
  std::size_t waiting_statements = 0;              ///< Taken and not answered yet.
  std::size_t waiting_bytes = 0;
  std::size_t max_statements = 0;  ///< So many may wait before nothing more is taken.
  double p50_seconds = 0;          ///< From taken to answered, since the start.
  double p99_seconds = 0;
  std::array<StageStats, 5> stages;
};

/// Thread safe.
class IngestPipeline final : public StatementSink {
 public:
  /// All outlive the pipeline. Throws what starting threads throws.
  IngestPipeline(const Chain& chain, engine::Engine& engine, IntakeLog& log, Mempool& mempool,
                 IngestOptions options = {});
  /// As `stop`.
  ~IngestPipeline() override;

  bool submit(Submission& submission) override;
  void call_when_room(std::function<void()> resume) override;

  /// Takes nothing more, finishes what was taken, and ends the threads. What asked to be resumed is
  /// not.
  void stop();

  /// To be called when a block has taken statements out of the mempool: there may be room now.
  void on_mempool_changed();
  /// Rules for what comes in, to be told what waits again.
  [[nodiscard]] IntakeRules& rules() { return rules_; }

  [[nodiscard]] PipelineStats stats() const;

 private:
  using BatchPtr = std::unique_ptr<IntakeBatch>;

  /// What is counted of a stage.
  class Stage {
   public:
    explicit Stage(const char* name) : name_(name) {}
    void enter(std::size_t statements) { depth_ += statements; }
    void leave(std::size_t statements, SteadyTime entered, SteadyTime began);
    [[nodiscard]] StageStats stats() const;

   private:
    const char* name_;
    std::atomic<std::size_t> depth_ = 0;
    std::atomic<std::uint64_t> statements_ = 0;
    std::atomic<std::uint64_t> batches_ = 0;
    std::atomic<std::uint64_t> busy_ns_ = 0;
    LatencyHistogram latency_;
  };
  enum StageIndex : std::size_t { kParse, kVerify, kRules, kLog, kAcknowledge };

  /// A submission on its way to the first stage.
  struct Arrived {
    Submission submission;
    SteadyTime time;
  };

  void run_parse();
  void run_stage(StageIndex stage, void (IngestPipeline::*work)(IntakeBatch&));
  void finish_collecting(BatchPtr& batch, SteadyTime began);
  void verify(IntakeBatch& batch);
  void apply_rules_and_append(IntakeBatch& batch);
  void append(IntakeBatch& batch);
  void wait_until_durable(IntakeBatch& batch);
  void acknowledge(IntakeBatch& batch);
  void give_up(IntakeBatch& batch, const std::string& why);
  void count(std::span<const Outcome> outcomes);
  void release(std::size_t statements, std::size_t bytes);
  [[nodiscard]] bool has_room_locked() const;
  void resume_waiting();
  BatchPtr new_batch();

  engine::Engine& engine_;
  IntakeLog& log_;
  Mempool& mempool_;
  const IngestOptions options_;
  const std::size_t max_statement_bytes_;
  IntakeRules rules_;

  mutable std::mutex mutex_;  // of what is taken, and who waits for room
  std::size_t taken_statements_ = 0;
  std::size_t taken_bytes_ = 0;
  bool is_full_ = false;
  bool is_stopping_ = false;
  std::vector<std::function<void()>> waiting_;

  std::mutex spare_mutex_;
  std::vector<BatchPtr> spare_;  // their memory serves again

  Mempool::Batch last_number_ = 0;     // of the parsing thread
  std::deque<Mempool::Batch> failed_;  // of the log stage: the last ones not durable
  std::atomic<std::uint64_t> submitted_ = 0;
  std::atomic<std::uint64_t> accepted_ = 0;
  std::atomic<std::uint64_t> verified_ = 0;
  std::atomic<std::uint64_t> turned_away_ = 0;
  std::atomic<std::uint64_t> log_failures_ = 0;
  std::array<std::atomic<std::uint64_t>, kRefusals> refused_{};
  LatencyHistogram latency_;
  std::array<Stage, 5> stages_{Stage("parse"), Stage("verify"), Stage("rules"), Stage("log"),
                               Stage("acknowledge")};

  StageQueue<Arrived> arrived_;
  std::array<StageQueue<BatchPtr>, 4> queues_;  // before each stage but the first
  std::array<std::jthread, 5> threads_;
};

}  // namespace salus::node

#include "node/ingest/pipeline.h"

#include <algorithm>
#include <exception>
#include <limits>
#include <utility>

#include "engine/log.h"

namespace salus::node {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// Batches that may wait before a stage: while it works on one, the next is made ready.
constexpr std::size_t kQueuedBatches = 2;
/// More may wait for the log, which makes all of them durable at once.
constexpr std::size_t kBatchesBeforeLog = 32;
/// More than ever are in the pipeline.
constexpr std::size_t kFailedRemembered = 256;
constexpr std::size_t kSpareBatches = 8;

std::uint64_t microseconds(SteadyClock::duration duration) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(duration).count());
}

}  // namespace

void IngestPipeline::Stage::leave(std::size_t statements, SteadyTime entered, SteadyTime began) {
  const SteadyTime now = SteadyClock::now();
  depth_ -= statements;
  statements_ += statements;
  ++batches_;
  busy_ns_ += static_cast<std::uint64_t>(std::chrono::nanoseconds(now - began).count());
  latency_.add(microseconds(now - entered));
}

StageStats IngestPipeline::Stage::stats() const {
  return {name_,
          depth_,
          statements_,
          batches_,
          static_cast<double>(busy_ns_) * 1e-9,
          latency_.percentile(0.5),
          latency_.percentile(0.99)};
}

IngestPipeline::IngestPipeline(const Chain& chain, engine::Engine& engine, IntakeLog& log,
                               Mempool& mempool, IngestOptions options)
    : engine_(engine),
      log_(log),
      mempool_(mempool),
      options_(std::move(options)),
      max_statement_bytes_(chain.genesis().parameters().limits.statement_bytes),
      rules_(chain, engine, mempool, options_.clock, options_.is_on_chain),
      arrived_(std::numeric_limits<std::size_t>::max()),
      queues_{StageQueue<BatchPtr>(kQueuedBatches), StageQueue<BatchPtr>(kQueuedBatches),
              StageQueue<BatchPtr>(kBatchesBeforeLog), StageQueue<BatchPtr>(kBatchesBeforeLog)} {
  using Pipeline = IngestPipeline;
  threads_[kParse] = std::jthread([this] { run_parse(); });
  threads_[kVerify] = std::jthread([this] { run_stage(kVerify, &Pipeline::verify); });
  threads_[kRules] = std::jthread([this] { run_stage(kRules, &Pipeline::apply_rules_and_append); });
  threads_[kLog] = std::jthread([this] { run_stage(kLog, &Pipeline::wait_until_durable); });
  threads_[kAcknowledge] =
      std::jthread([this] { run_stage(kAcknowledge, &Pipeline::acknowledge); });
}

IngestPipeline::~IngestPipeline() { stop(); }

void IngestPipeline::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    waiting_.clear();
  }
  arrived_.close();  // each stage closes the queue of the next when it is done
  for (std::jthread& thread : threads_)
    if (thread.joinable()) thread.join();
}

// --- Room ---------------------------------------------------------------------------------------

bool IngestPipeline::has_room_locked() const {
  return !is_full_ && !is_stopping_ && !mempool_.is_full();
}

bool IngestPipeline::submit(Submission& submission) {
  const std::size_t statements = submission.size();
  const SteadyTime now = SteadyClock::now();
  const std::lock_guard lock(mutex_);
  if (!has_room_locked()) {
    ++turned_away_;
    return false;
  }
  taken_statements_ += statements;
  taken_bytes_ += submission.bytes.size();
  is_full_ = taken_statements_ >= options_.max_statements || taken_bytes_ >= options_.max_bytes;
  submitted_ += statements;
  stages_[kParse].enter(statements);
  arrived_.push({std::exchange(submission, {}), now});
  return true;
}

void IngestPipeline::call_when_room(std::function<void()> resume) {
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) return;
    if (!has_room_locked()) {
      waiting_.push_back(std::move(resume));
      return;
    }
  }
  resume();
}

void IngestPipeline::release(std::size_t statements, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  taken_statements_ -= statements;
  taken_bytes_ -= bytes;
  if (taken_statements_ <= options_.max_statements / 2 && taken_bytes_ <= options_.max_bytes / 2)
    is_full_ = false;
}

void IngestPipeline::resume_waiting() {
  std::vector<std::function<void()>> resumed;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty() || !has_room_locked()) return;
    resumed.swap(waiting_);
  }
  for (const auto& resume : resumed) resume();
}

void IngestPipeline::on_mempool_changed() {
  // An empty submission wakes the last stage, whose thread is the one that resumes.
  const std::lock_guard lock(mutex_);
  if (waiting_.empty() || !has_room_locked()) return;
  arrived_.push({Submission{}, SteadyClock::now()});
}

// --- Stages -------------------------------------------------------------------------------------

IngestPipeline::BatchPtr IngestPipeline::new_batch() {
  const std::lock_guard lock(spare_mutex_);
  if (spare_.empty()) return std::make_unique<IntakeBatch>();
  BatchPtr batch = std::move(spare_.back());
  spare_.pop_back();
  return batch;
}

void IngestPipeline::run_parse() {
  BatchPtr batch = new_batch();
  SteadyClock::duration busy{};
  SteadyTime deadline;
  for (;;) {
    std::optional<Arrived> next = batch->empty() ? arrived_.pop() : arrived_.pop_until(deadline);
    const SteadyTime began = SteadyClock::now();
    if (!next && batch->empty()) break;  // closed
    if (next) {
      if (batch->empty()) {
        deadline = next->time + options_.batch_deadline;
        batch->entered = next->time;
      }
      batch->add(std::move(next->submission), next->time, max_statement_bytes_);
    }
    busy += SteadyClock::now() - began;
    // Past the deadline, what has come already still goes with it.
    if (next && batch->size() < options_.batch_statements) continue;
    finish_collecting(batch, SteadyClock::now() - busy);
    batch = new_batch();
    busy = {};
  }
  queues_[0].close();
}

void IngestPipeline::finish_collecting(BatchPtr& batch, SteadyTime began) {
  batch->number = ++last_number_;
  rules_.find_keys(*batch);
  const std::size_t size = batch->size();
  stages_[kParse].leave(size, batch->entered, began);
  stages_[kVerify].enter(size);
  batch->entered = SteadyClock::now();
  queues_[0].push(std::move(batch));
}

void IngestPipeline::run_stage(StageIndex stage, void (IngestPipeline::*work)(IntakeBatch&)) {
  const bool is_last = stage == kAcknowledge;
  while (std::optional<BatchPtr> next = queues_[stage - 1].pop()) {
    IntakeBatch& batch = **next;
    const std::size_t size = batch.size();
    const SteadyTime began = SteadyClock::now();
    (this->*work)(batch);
    stages_[stage].leave(size, batch.entered, began);
    if (!is_last) {
      stages_[stage + 1].enter(size);
      batch.entered = SteadyClock::now();
      queues_[stage].push(std::move(*next));
      continue;
    }
    batch.clear();
    const std::lock_guard lock(spare_mutex_);
    if (spare_.size() < kSpareBatches) spare_.push_back(std::move(*next));
  }
  if (!is_last) queues_[stage].close();
}

void IngestPipeline::verify(IntakeBatch& batch) {
  try {
    batch.compute_ids(engine_);
    verified_ += batch.verify(engine_);
  } catch (const std::exception& error) {
    logging::error("intake: signatures of a batch could not be checked: {}", error.what());
    for (std::size_t i = 0; i < batch.size(); ++i)
      if (batch.is_open(i)) batch.refuse(i, Refusal::overloaded);
  }
}

void IngestPipeline::apply_rules_and_append(IntakeBatch& batch) {
  rules_.decide(batch);
  if (batch.accepted.empty()) return;
  try {
    append(batch);
  } catch (const std::exception& error) {
    give_up(batch, error.what());
  }
}

void IngestPipeline::append(IntakeBatch& batch) {
  batch.group = std::make_shared<const StatementGroup>(batch.accepted_statements());
  batch.last_record = log_.append(batch.group->messages());
  batch.first_record = batch.last_record - batch.group->size() + 1;
}

void IngestPipeline::wait_until_durable(IntakeBatch& batch) {
  if (batch.last_record != 0) {
    try {
      log_.wait_durable(batch.last_record);
      mempool_.hold(batch.group, batch.first_record);
    } catch (const std::exception& error) {
      give_up(batch, error.what());
    }
  }
  if (!batch.accepted.empty() && batch.last_record == 0) {
    failed_.push_back(batch.number);
    if (failed_.size() > kFailedRemembered) failed_.pop_front();
  }
  for (const IntakeBatch::Echo& echo : batch.echoes)
    if (std::ranges::find(failed_, echo.of) != failed_.end())
      batch.refuse(echo.index, Refusal::overloaded);
}

/// The log did not take what was accepted.
void IngestPipeline::give_up(IntakeBatch& batch, const std::string& why) {
  if (log_failures_++ == 0 || batch.number % 1000 == 0)
    logging::error("intake: statements were turned away, as the log does not take them: {}", why);
  for (const std::size_t i : batch.accepted) batch.refuse(i, Refusal::overloaded);
  batch.last_record = 0;
  mempool_.abandon(batch.accepted_statements(), batch.number);
  rules_.forget(batch.number);
}

void IngestPipeline::acknowledge(IntakeBatch& batch) {
  std::size_t statements = 0;
  std::size_t bytes = 0;
  for (IntakeBatch::Part& part : batch.parts) {
    const std::size_t size = part.submission.size();
    const auto outcomes = std::span(batch.outcomes()).subspan(part.first, size);
    count(outcomes);
    if (part.submission.done) part.submission.done(outcomes);
    if (size != 0) latency_.add(microseconds(SteadyClock::now() - part.arrival), size);
    statements += size;
    bytes += part.submission.bytes.size();
  }
  release(statements, bytes);
  resume_waiting();
}

void IngestPipeline::count(std::span<const Outcome> outcomes) {
  std::uint64_t accepted = 0;
  for (const Outcome& outcome : outcomes) {
    if (outcome.refusal)
      ++refused_[static_cast<std::size_t>(*outcome.refusal)];
    else
      ++accepted;
  }
  accepted_ += accepted;
}

PipelineStats IngestPipeline::stats() const {
  PipelineStats stats;
  stats.submitted = submitted_;
  stats.accepted = accepted_;
  for (std::size_t i = 0; i < kRefusals; ++i) stats.refused[i] = refused_[i];
  stats.verified = verified_;
  stats.turned_away = turned_away_;
  stats.log_failures = log_failures_;
  stats.max_statements = options_.max_statements;
  stats.p50_seconds = latency_.percentile(0.5);
  stats.p99_seconds = latency_.percentile(0.99);
  for (std::size_t i = 0; i < stages_.size(); ++i) stats.stages[i] = stages_[i].stats();
  const std::lock_guard lock(mutex_);
  stats.waiting_statements = taken_statements_;
  stats.waiting_bytes = taken_bytes_;
  return stats;
}

}  // namespace salus::node

#include "node/mining/block_producer.h"

#include <sys/resource.h>

#include <exception>
#include <future>
#include <memory>
#include <utility>

#include "engine/log.h"
#include "node/chain/header_rules.h"

namespace salus::node {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kPoll{10};
constexpr milliseconds kAfterTrouble{1000};

/// On Linux each thread has a nice value, which can be raised, but not lowered again.
void give_way(int niceness) {
  if (setpriority(PRIO_PROCESS, 0, niceness) != 0)
    logging::warn("mining could not be given a lower priority");
}

/// What `work` returns or throws, on a thread of its own that gives way to others.
template <typename Work>
auto nicely(int niceness, const Work& work) {
  return std::async(std::launch::async,
                    [niceness, &work] {
                      give_way(niceness);
                      return work();
                    })
      .get();
}

double seconds_since(SteadyClock::time_point begin) {
  return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

}  // namespace

BlockProducer::BlockProducer(Chain& chain, engine::Engine& engine, Mempool& mempool,
                             const KeyId& validator, SignValidatorStatement sign,
                             ProducerOptions options)
    : chain_(chain),
      engine_(engine),
      mempool_(mempool),
      validator_(validator),
      sign_(std::move(sign)),
      options_(std::move(options)),
      last_began_(SteadyClock::now() - options_.interval),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

BlockProducer::~BlockProducer() { stop(); }

void BlockProducer::stop() {
  thread_.request_stop();
  on_new_tip();
  if (thread_.joinable()) thread_.join();
}

void BlockProducer::on_new_tip() {
  const std::lock_guard lock(mutex_);
  search_.request_stop();
}

void BlockProducer::run(const std::stop_token& stop) {
  try {
    give_way(options_.niceness / 2);
    // The engine's threads have the nice value of the one that opens it.
    const auto mining = nicely(
        options_.niceness, [this] { return std::make_unique<engine::Engine>(options_.mining); });
    while (wait_until_due(stop)) make_block(*mining, stop);
  } catch (const std::exception& error) {
    const std::lock_guard lock(mutex_);
    stats_.failure = error.what();
  }
}

void BlockProducer::pause(const std::stop_token& stop, milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, time, [] { return false; });
}

/// False when it is to stop.
bool BlockProducer::wait_until_due(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto since = SteadyClock::now() - last_began_;
    const bool has_content = !mempool_.is_empty() || since >= options_.empty_after;
    if (since >= options_.interval && has_content &&
        may_make_next(chain_, validator_, options_.clock()))
      return true;
    pause(stop, kPoll);
  }
  return false;
}

void BlockProducer::make_block(engine::Engine& mining, const std::stop_token& stop) {
  const SteadyTime began = SteadyClock::now();
  std::stop_source search;
  {
    const std::lock_guard lock(mutex_);
    search_ = search;  // before the tip is looked at: none is missed
  }
  PreparedBlock made =
      prepare_block(chain_, engine_, mempool_, options_.limits, options_.clock(), sign_);
  {
    const std::lock_guard lock(mutex_);
    ++stats_.templates;
    stats_.build_seconds = seconds_since(began);
  }
  if (const auto mined = this->search(mining, made.block.header, stop)) {
    last_began_ = began;
    add(std::move(made), *mined);
  }
}

std::optional<pow::Header> BlockProducer::search(engine::Engine& mining, const pow::Header& header,
                                                 const std::stop_token& stop) {
  std::stop_source search;
  {
    const std::lock_guard lock(mutex_);
    search = search_;
  }
  const std::stop_callback ended(stop, [&search] { search.request_stop(); });
  const SteadyTime end = SteadyClock::now() + options_.template_age;
  engine::JobControl control;
  control.stop = search.get_token();
  std::atomic<bool> is_old = false;
  control.progress = [&search, &is_old, end](std::uint64_t, std::uint64_t) {
    if (SteadyClock::now() < end) return;
    is_old = true;
    search.request_stop();
  };
  engine::MineRequest request;
  request.header = header;
  request.target = pow::decode_bits(header.bits).target;
  request.version_mask = kFreeVersionBits;
  const engine::MineResult result =
      nicely(options_.niceness, [&] { return mining.mine(request, control); });
  const std::lock_guard lock(mutex_);
  stats_.hashes += result.hashes;
  // Once it was to end, what was selected is not kept free of others any more.
  if (search.stop_requested() && !is_old) return std::nullopt;
  return result.header;
}

void BlockProducer::add(PreparedBlock made, const pow::Header& mined) {
  const SteadyTime began = SteadyClock::now();
  const AddResult added = chain_.add_block(std::move(made.block).with(mined));
  const std::lock_guard lock(mutex_);
  stats_.add_seconds = seconds_since(began);
  if (added.standing == Standing::on_chain) {
    ++stats_.blocks;
    return;
  }
  if (added.standing != Standing::refused) {
    ++stats_.stale;
    return;
  }
  ++stats_.refused;
  logging::error("a block of our own is refused: {}", describe(*added.fault));
  last_began_ = SteadyClock::now() - options_.interval + kAfterTrouble;
  drop_offender(mempool_, made.content, *added.fault);
}

ProducerStats BlockProducer::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

}  // namespace salus::node

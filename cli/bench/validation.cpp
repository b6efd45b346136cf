#include "cli/bench/validation.h"

#include <algorithm>
#include <ctime>
#include <memory>
#include <variant>

#include "cli/bench/block_factory.h"
#include "cli/bench/statistics.h"
#include "engine/error.h"
#include "engine/stopwatch.h"
#include "node/chain/parsed_statements.h"
#include "node/chain/validator.h"
#include "node/state/state.h"

namespace salus::cli::bench {
namespace {

using engine::signature::Item;
using node::BlockView;

/// Enough that a round is long against what a clock can tell, and more than the caches hold.
constexpr std::size_t kLeastStatements = 20'000;
constexpr std::size_t kMostBlocks = 1000;

template <typename T, typename Variant>
const T& require(const Variant& value) {
  if (!std::holds_alternative<T>(value))
    throw Error(ErrorKind::system, "a block that was made up is not valid");
  return std::get<T>(value);
}

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Blocks that each fit on genesis, so that they can be checked again and again.
class MadeUpBlocks {
 public:
  MadeUpBlocks(engine::Engine& engine, const ValidationWork& work)
      : engine_(engine),
        factory_(engine, {.devices = work.devices, .p256_share = work.p256_share}),
        validator_(engine, factory_.genesis()),
        place_{1, factory_.genesis().id()} {
    state_.write(factory_.genesis().state());
    const node::ChainParameters& p = factory_.genesis().parameters();
    const std::size_t blocks =
        std::clamp<std::size_t>(kLeastStatements / work.statements, 4, kMostBlocks);
    for (std::size_t i = 0; i < blocks; ++i) {
      const auto messages = factory_.many_telemetry(work.statements, p.time, i);
      blocks_.push_back(factory_.block({place_, p.limit_bits, p.time + 1}, p.time + 1, messages));
    }
    std::vector<node::KeyId> keys;
    state_.for_each_key([&](const node::KeyId& id, const node::KeyRecord&) { keys.push_back(id); });
    validator_.expect_keys(state_, keys);
    take_signatures();
  }

  void validate() {
    for (const auto& bytes : blocks_) {
      const auto parsed = node::parse_block(bytes, factory_.genesis().parameters().limits);
      const auto& block = require<BlockView>(parsed);
      if (!validator_.check_content(block))
        throw Error(ErrorKind::system, "a block that was made up has another tree");
      const auto checked = validator_.check_statements(block, place_, state_);
      require<node::ValidBlock>(checked);
    }
  }

  void verify() {
    for (const auto& items : items_)
      if (!engine_.verify_batch(items).all_valid())
        throw Error(ErrorKind::system, "a signature that was made up is not valid");
  }

  [[nodiscard]] const std::vector<std::uint8_t>& first() const { return blocks_.front(); }
  /// In all blocks, the validators' among them.
  [[nodiscard]] double statements() const { return static_cast<double>(statements_); }

 private:
  void take_signatures() {
    for (const auto& bytes : blocks_) {
      const auto parsed = node::parse_block(bytes, factory_.genesis().parameters().limits);
      auto& statements = parsed_.emplace_back(std::make_unique<node::ParsedStatements>());
      statements->parse(require<BlockView>(parsed).statements,
                        factory_.genesis().parameters().limits.statement_bytes, engine_, 1);
      auto& items = items_.emplace_back();
      for (std::size_t i = 0; i < statements->statements().size(); ++i) {
        const node::Statement& statement = statements->statements()[i];
        const node::KeyRecord* key = state_.find_key(statement.signer);
        items.push_back({key->algorithm, key->public_key(), statements->signed_bytes()[i],
                         statement.signature});
      }
      statements_ += items.size();
    }
  }

  engine::Engine& engine_;
  BlockFactory factory_;
  node::BlockValidator validator_;
  node::State state_;
  node::BlockPlace place_;
  std::vector<std::vector<std::uint8_t>> blocks_;
  std::vector<std::unique_ptr<node::ParsedStatements>> parsed_;  // what items_ are views of
  std::vector<std::vector<Item>> items_;
  std::size_t statements_ = 0;
};

ValidationSample sample(MadeUpBlocks& blocks) {
  ValidationSample result;
  {
    const Stopwatch watch;
    const double cpu = cpu_seconds();
    blocks.validate();
    result.cpu = (cpu_seconds() - cpu) / blocks.statements();
    result.wall = watch.seconds() / blocks.statements();
  }
  const Stopwatch watch;
  const double cpu = cpu_seconds();
  blocks.verify();
  result.verify_cpu = (cpu_seconds() - cpu) / blocks.statements();
  result.verify_wall = watch.seconds() / blocks.statements();
  return result;
}

}  // namespace

double ValidationResult::median_of(const std::function<double(const ValidationSample&)>& of) const {
  std::vector<double> values;
  for (const ValidationSample& each : samples) values.push_back(of(each));
  return median(values);
}

ValidationResult measure_validation(engine::Engine& engine, const ValidationWork& work,
                                    const std::stop_token& stop) {
  MadeUpBlocks blocks(engine, work);
  ValidationResult result;
  result.work = work;
  result.statement_bytes =
      static_cast<double>(blocks.first().size()) / static_cast<double>(work.statements + 1);
  sample(blocks);  // tables of keys are made, memory is there
  const Stopwatch watch;
  do {
    if (stop.stop_requested()) throw Cancelled();
    result.samples.push_back(sample(blocks));
  } while (watch.seconds() < work.seconds);
  return result;
}

}  // namespace salus::cli::bench

// Validation of whole blocks on two cores, against the bare batch verifier on the same signatures.
//
//   build/test/bench/validate_bench
//
// "items" is statements a second by the clock on the wall; blocks have 10,000 statements of 1,000
// devices, of about 200 bytes. "state" is the rules alone, on one core.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>

#include "cli/bench/block_factory.h"
#include "node/chain/validator.h"
#include "node/state/rules.h"
#include "node/state/state.h"

namespace salus::bench {
namespace {

using namespace node;  // NOLINT: a program about nothing else

constexpr std::size_t kStatements = 10000;
constexpr std::size_t kDevices = 1000;
constexpr std::size_t kBlocks = 4;

template <typename T, typename Variant>
auto& require(Variant& value) {
  if (!std::holds_alternative<T>(value)) std::abort();
  return std::get<T>(value);
}

/// Blocks that each fit on genesis, so that they can be checked again and again.
struct Chain {
  explicit Chain(double p256_share)
      : factory(engine, {.devices = kDevices, .p256_share = p256_share}),
        validator(engine, factory.genesis()) {
    state.write(factory.genesis().state());
    const ChainParameters& p = factory.genesis().parameters();
    place = {1, factory.genesis().id()};
    for (std::size_t i = 0; i < kBlocks; ++i) {
      const auto messages = factory.many_telemetry(kStatements, p.time, i);
      blocks.push_back(factory.block({place, p.limit_bits, p.time + 1}, p.time + 1, messages));
    }
    std::vector<KeyId> keys;
    state.for_each_key([&](const KeyId& id, const KeyRecord&) { keys.push_back(id); });
    validator.expect_keys(state, keys);
  }

  engine::Engine engine{{.devices = "cpu"}};
  cli::bench::BlockFactory factory;
  BlockValidator validator;
  State state;
  BlockPlace place;
  std::vector<std::vector<std::uint8_t>> blocks;
};

Chain& chain_of(double p256_share) {
  static std::unique_ptr<Chain> chain;
  static double share = -1;
  if (share != p256_share) {
    chain.reset();
    chain = std::make_unique<Chain>(p256_share);
    share = p256_share;
  }
  return *chain;
}

void count(benchmark::State& state, std::size_t blocks) {
  state.counters["items"] = benchmark::Counter(
      static_cast<double>(state.iterations() * blocks * kStatements), benchmark::Counter::kIsRate);
}

void validate(benchmark::State& run, double p256_share) {
  Chain& chain = chain_of(p256_share);
  for (auto _ : run) {
    for (const auto& bytes : chain.blocks) {
      const auto parsed = parse_block(bytes, chain.factory.genesis().parameters().limits);
      const BlockView& block = require<BlockView>(parsed);
      if (!chain.validator.check_content(block)) std::abort();
      auto checked = chain.validator.check_statements(block, chain.place, chain.state);
      benchmark::DoNotOptimize(require<ValidBlock>(checked));
    }
  }
  count(run, chain.blocks.size());
}

/// What a block's statements are before signatures are looked at.
struct Parsed {
  Parsed(Chain& chain, Bytes bytes)
      : parsed(parse_block(bytes, chain.factory.genesis().parameters().limits)) {
    const BlockView& block = require<BlockView>(parsed);
    statements.parse(block.statements, kDefaultStatementBytes, chain.engine, 2);
  }
  std::variant<BlockView, FaultKind> parsed;
  ParsedStatements statements;
};

void verify(benchmark::State& run, double p256_share) {
  Chain& chain = chain_of(p256_share);
  std::vector<std::unique_ptr<Parsed>> all;
  std::vector<std::vector<engine::signature::Item>> items;
  for (const auto& bytes : chain.blocks) {
    const ParsedStatements& parsed =
        all.emplace_back(std::make_unique<Parsed>(chain, bytes))->statements;
    auto& list = items.emplace_back();
    for (std::size_t i = 0; i < parsed.statements().size(); ++i) {
      const Statement& statement = parsed.statements()[i];
      const KeyRecord* key = chain.state.find_key(statement.signer);
      list.push_back(
          {key->algorithm, key->public_key(), parsed.signed_bytes()[i], statement.signature});
    }
  }
  for (auto _ : run)
    for (const auto& list : items)
      if (!chain.engine.verify_batch(list).all_valid()) std::abort();
  count(run, chain.blocks.size());
}

void state_step(benchmark::State& run) {
  Chain& chain = chain_of(0);
  const Parsed parsed(chain, chain.blocks[0]);
  const ParsedStatements& all = parsed.statements;
  for (auto _ : run) {
    StateOverlay after(chain.state);
    RuleContext context{chain.factory.genesis().parameters().time + 1, 120, 1, true};
    for (std::size_t i = 0; i < all.statements().size(); ++i) {
      const Statement& statement = all.statements()[i];
      const auto found = find_signer(after, statement);
      auto change =
          apply_rules(after, statement, all.ids()[i], *require<const KeyRecord*>(found), context);
      after.apply(require<StatementChange>(change));
      context.is_first = false;
    }
    benchmark::DoNotOptimize(after.writes());
    benchmark::DoNotOptimize(after.undo());
  }
  count(run, 1);
}

void register_all() {
  const auto add = [](const char* name, const auto& body) {
    benchmark::RegisterBenchmark(name, body)->UseRealTime()->Unit(benchmark::kMillisecond);
  };
  add("ed25519/verify", [](benchmark::State& run) { verify(run, 0); });
  add("ed25519/validate", [](benchmark::State& run) { validate(run, 0); });
  add("state", [](benchmark::State& run) { state_step(run); });
  add("mixed/verify", [](benchmark::State& run) { verify(run, 0.5); });
  add("mixed/validate", [](benchmark::State& run) { validate(run, 0.5); });
}

}  // namespace
}  // namespace salus::bench

int main(int argc, char** argv) {
  salus::bench::register_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}

#include "tests/node/chain/chain_fixture.h"

#include <stdexcept>

#include "node/chain/header_rules.h"
#include "node/statement/sign.h"

namespace salus::node::test {

engine::Engine& cpu_engine() {
  static engine::Engine engine({.devices = "cpu"});
  return engine;
}

Maker::Maker(const FactoryOptions& options, engine::Engine& engine)
    : engine_(engine), factory_(engine, options) {}

Made Maker::genesis_block() const { return {genesis().id(), 0, genesis().parameters().time, {}}; }

NextBlock Maker::on(const Made& parent) const {
  const ChainParameters& p = genesis().parameters();
  return {{parent.height + 1, parent.id},
          pow::asert_next_bits(p.asert(), p.anchor(), parent.height, parent.time),
          0};
}

Made Maker::made(std::uint64_t height, std::vector<std::uint8_t> bytes) const {
  const auto parsed = parse_block(bytes, genesis().parameters().limits);
  const pow::Header& header = std::get<BlockView>(parsed).header;
  return {pow::header_id(header), height, header.time, std::move(bytes)};
}

Made Maker::block(const Made& parent, std::span<const Message> statements, std::uint32_t time,
                  std::size_t validator) const {
  const std::uint32_t at = time != 0 ? time : parent.time + genesis().parameters().spacing;
  return made(parent.height + 1, factory_.block(on(parent), at, statements, validator));
}

Made Maker::block_signed(const Made& parent, std::span<const Message> statements,
                         const SignValidatorStatement& sign) const {
  const std::vector<Bytes> content(statements.begin(), statements.end());
  const BlockTemplate made_block = build_block(
      engine_, genesis(), on(parent), parent.time + genesis().parameters().spacing, content, sign);
  return made(parent.height + 1, made_block.with(BlockFactory::mine(made_block.header)));
}

Made Maker::block_of(const Made& parent, std::span<const Message> statements) const {
  const std::vector<Bytes> content(statements.begin(), statements.end());
  pow::Header header{
      kBlockVersion,
      parent.id,
      engine_.merkle_root(engine::TreeKind::rfc9162, engine::MessageView::scattered(content)),
      parent.time + genesis().parameters().spacing,
      on(parent).bits,
      0};
  return made(parent.height + 1, encode_block(BlockFactory::mine(header), content));
}

Made Maker::with_header(const Made& block, pow::Header header) const {
  std::vector<std::uint8_t> bytes = block.bytes;
  replace_header(bytes, BlockFactory::mine(header));
  return made(block.height, std::move(bytes));
}

Message Maker::statement(const SigningKey& key, ContentType type, Bytes payload,
                         std::uint64_t sequence, std::int64_t issued_at) {
  return sign_statement(key, {{}, {}, issued_at, sequence}, type, payload);
}

pow::Header header_of(const Made& block) {
  const auto parsed = parse_block(block.bytes, BlockLimits{});
  return std::get<BlockView>(parsed).header;
}

std::vector<Message> statements_of(const Made& block) {
  const auto parsed = parse_block(block.bytes, BlockLimits{});
  std::vector<Message> statements;
  for (const Bytes statement : std::get<BlockView>(parsed).statements)
    statements.emplace_back(statement.begin(), statement.end());
  return statements;
}

TestChain::TestChain(const Maker& its_maker, ChainOptions its_options, engine::Engine& its_engine)
    : maker(its_maker),
      engine(its_engine),
      now(std::int64_t{maker.genesis().parameters().time} + 1'000'000),
      options(std::move(its_options)) {
  options.clock = [this] { return now; };
  reopen();
}

void TestChain::reopen() {
  chain = std::make_unique<Chain>(maker.genesis(), engine, storage, options);
}

Digest TestChain::state_digest() const {
  Digest digest;
  chain->with_state([&digest](const ChainTip&, const State& state) { digest = state.digest(); });
  return digest;
}

BlockFault refused(std::uint32_t statement, Refusal refusal) {
  return {FaultKind::statement_refused, statement, refusal};
}
BlockFault fault(FaultKind kind) { return {kind}; }
BlockFault fault(FaultKind kind, std::uint32_t statement) { return {kind, statement}; }

}  // namespace salus::node::test

// What tests of the chain share: made-up blocks on any branch, and a chain in memory.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "cli/bench/block_factory.h"
#include "node/chain/chain.h"
#include "tests/node/chain/memory_storage.h"

namespace salus::node::test {

using cli::bench::BlockFactory;
using cli::bench::FactoryOptions;
using Message = BlockFactory::Message;

/// The CPU alone, shared by all cases of a program.
engine::Engine& cpu_engine();

/// A block that was made, and what is needed to build on it.
struct Made {
  Digest id{};
  std::uint64_t height = 0;
  std::uint32_t time = 0;
  std::vector<std::uint8_t> bytes;
};

/// Makes blocks on top of any others.
class Maker {
 public:
  explicit Maker(const FactoryOptions& options, engine::Engine& engine = cpu_engine());

  [[nodiscard]] const BlockFactory& factory() const { return factory_; }
  [[nodiscard]] const Genesis& genesis() const { return factory_.genesis(); }
  [[nodiscard]] Made genesis_block() const;

  /// What a block on top of this one must have.
  [[nodiscard]] NextBlock on(const Made& parent) const;

  /// A valid block if its statements are; `time` 0 takes the parent's time and the spacing.
  [[nodiscard]] Made block(const Made& parent, std::span<const Message> statements = {},
                           std::uint32_t time = 0, std::size_t validator = 0) const;

  /// The same, with statement 0 as `sign` makes it.
  [[nodiscard]] Made block_signed(const Made& parent, std::span<const Message> statements,
                                  const SignValidatorStatement& sign) const;

  /// A block with these very statements, statement 0 among them, under a header with work that
  /// commits to them.
  [[nodiscard]] Made block_of(const Made& parent, std::span<const Message> statements) const;

  /// The block with another header, mined.
  [[nodiscard]] Made with_header(const Made& block, pow::Header header) const;

  /// Signed by the authority or anyone else.
  [[nodiscard]] static Message statement(const SigningKey& key, ContentType type, Bytes payload,
                                         std::uint64_t sequence, std::int64_t issued_at);

 private:
  [[nodiscard]] Made made(std::uint64_t height, std::vector<std::uint8_t> bytes) const;

  engine::Engine& engine_;
  BlockFactory factory_;
};

pow::Header header_of(const Made& block);
std::vector<Message> statements_of(const Made& block);

/// A chain whose clock the test sets, and its storage.
struct TestChain {
  explicit TestChain(const Maker& maker, ChainOptions options = {},
                     engine::Engine& engine = cpu_engine());

  AddResult add(const Made& block) { return chain->add_block(block.bytes); }
  /// Opens the chain anew on the same storage.
  void reopen();
  [[nodiscard]] Digest state_digest() const;
  [[nodiscard]] Digest tip() const { return chain->tip().id; }

  const Maker& maker;
  engine::Engine& engine;
  std::int64_t now;
  ChainOptions options;
  MemoryStorage storage;
  std::unique_ptr<Chain> chain;
};

/// What a refusal must be.
BlockFault refused(std::uint32_t statement, Refusal refusal);
BlockFault fault(FaultKind kind);
BlockFault fault(FaultKind kind, std::uint32_t statement);

}  // namespace salus::node::test

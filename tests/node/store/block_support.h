// Blocks for tests of the block store, and what a store must hold after them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "engine/bytes.h"
#include "node/store/block_store.h"

namespace salus::test {

/// A block with bytes of its own.
struct MadeBlock {
  struct Statement {
    Digest leaf{}, id{};
    std::string body, signer, subject;
    std::int64_t time = 0;
    std::uint8_t type = 0;
  };
  using Changes = std::map<std::string, std::optional<std::string>>;

  node::Height height = 0;
  node::BlockId id{};
  std::string header, undo;
  std::vector<Statement> statements;
  Changes state;

  void commit_to(node::BlockStore& store) const;
};

/// Everything follows from the random numbers: few signers, subjects and times, so that they meet.
MadeBlock make_block(std::mt19937_64& random, node::Height height, std::size_t statements);

/// The changes as the store takes them: views into `changes`.
std::vector<node::StateChange> views(const MadeBlock::Changes& changes);

/// A store in memory, as simple as can be.
class ModelStore {
 public:
  void commit(const MadeBlock& block);
  /// The changes of state that take the tip's block back.
  [[nodiscard]] MadeBlock::Changes reverse() const;
  void disconnect();

  [[nodiscard]] const std::vector<MadeBlock>& blocks() const { return blocks_; }
  [[nodiscard]] const std::map<std::string, std::string>& state() const { return states_.back(); }
  [[nodiscard]] std::vector<node::IndexHit> find(const node::IndexQuery& query) const;

 private:
  std::vector<MadeBlock> blocks_;
  std::vector<std::map<std::string, std::string>> states_{{}};
};

/// Compares all that a store holds with the model, by GoogleTest's expectations.
void expect_equal(const node::BlockStore& store, const ModelStore& model);

/// All pages of a query.
std::vector<node::IndexHit> all_pages(const node::BlockStore& store, node::IndexQuery query);

}  // namespace salus::test

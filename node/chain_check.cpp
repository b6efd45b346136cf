#include "node/chain_check.h"

#include <chrono>

#include "engine/error.h"
#include "node/chain/chain.h"

namespace salus::node {
namespace {

/// Remembers no more than how many blocks there are.
class NoStorage final : public BlockStorage {
 public:
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  void connect(const ConnectedBlock& block) override {
    if (block.height == 0) {
      genesis_id_ = block.id;
      const Bytes header = block.block.header_bytes();
      genesis_header_.assign(header.begin(), header.end());
      genesis_state_ = block.state;
    }
    ++size_;
  }
  void disconnect(const StateWrites& /*state*/, std::optional<Bytes> /*keep*/) override {}
  [[nodiscard]] std::optional<StateWrites> undo(std::uint64_t /*height*/) const override {
    return std::nullopt;
  }
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> block(
      std::uint64_t /*height*/) const override {
    return std::nullopt;
  }
  void for_each_header(
      const std::function<void(const Digest& id, Bytes header)>& take) const override {
    take(genesis_id_, genesis_header_);
  }
  void for_each_state(const std::function<void(Bytes key, Bytes value)>& take) const override {
    genesis_state_.for_each([&](Bytes key, std::optional<Bytes> value) {
      if (value) take(key, *value);
    });
  }
  void erase(std::span<const Digest> /*statements*/) override {}
  void put_side_block(const BranchBlock& /*which*/, Bytes /*block*/) override {}
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> side_block(
      const Digest& /*id*/) const override {
    return std::nullopt;
  }
  [[nodiscard]] std::vector<BranchBlock> side_blocks() const override { return {}; }

 private:
  std::uint64_t size_ = 0;
  Digest genesis_id_{};
  std::vector<std::uint8_t> genesis_header_;
  StateWrites genesis_state_;
};

std::string at_height(std::uint64_t height, const std::string& problem) {
  return "block " + std::to_string(height) + ": " + problem;
}

/// Checks one stored block by adding it; what is wrong with it.
std::optional<std::string> check_block(Chain& chain, const BlockStorage& storage,
                                       std::uint64_t height) {
  const auto bytes = storage.block(height);
  if (!bytes) return at_height(height, "a body was deleted, so that it cannot be checked");
  const AddResult added = chain.add_block(*bytes);
  if (added.standing == Standing::on_chain && chain.tip().height == height) return std::nullopt;
  if (added.fault) return at_height(height, describe(*added.fault));
  return at_height(height, "it does not follow the one before it");
}

Digest stored_state_digest(const BlockStorage& storage) {
  State state;
  storage.for_each_state([&state](Bytes key, Bytes value) { state.write(key, value); });
  return state.digest();
}

}  // namespace

CheckReport check_chain(const Genesis& genesis, engine::Engine& engine, const BlockStorage& storage,
                        const engine::JobControl& control) {
  const auto begin = std::chrono::steady_clock::now();
  NoStorage nothing;
  CheckReport report;
  ChainOptions options;
  options.on_connected = [&report](const ConnectedBlock& block) {
    ++report.blocks;
    report.statements += block.statements.size();
  };
  Chain chain(genesis, engine, nothing, options);
  report.blocks = 1;
  const std::uint64_t size = storage.size();
  for (std::uint64_t height = 1; height < size && !report.problem; ++height) {
    if (control.stop.stop_requested()) throw Cancelled();
    report.problem = check_block(chain, storage, height);
    if (control.progress) control.progress(height + 1, size);
  }
  if (!report.problem) {
    chain.with_state([&](const ChainTip&, const State& state) {
      if (state.digest() != stored_state_digest(storage))
        report.problem = "the stored state is not the one that the blocks lead to";
    });
  }
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return report;
}

}  // namespace salus::node

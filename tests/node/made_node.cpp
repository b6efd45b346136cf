#include "tests/node/made_node.h"

#include <stdexcept>
#include <utility>

#include "node/node.h"
#include "node/statement/sign.h"

namespace salus::node::test {

MadeNode::MadeNode(std::filesystem::path folder, const cli::bench::FactoryOptions& options)
    : folder_(std::move(folder)),
      factory_(engine_, options),
      time_(factory_.genesis().parameters().time) {
  init_folder(folder_, factory_.genesis().to_toml());
  factory_.validator(0).save(folder_ / "validator.pem", {});
  factory_.authority().save(folder_ / "authority.pem", {});
}

/// The folder's chain, open.
struct MadeNode::Opened {
  explicit Opened(MadeNode& node)
      : store(node.folder_ / kBlocksFolder),
        storage(store),
        chain(node.factory_.genesis(), node.engine_, storage) {}

  BlockStore store;
  BlockStoreStorage storage;
  Chain chain;
};

void MadeNode::add_blocks(std::size_t blocks) {
  Opened opened(*this);
  for (std::size_t i = 0; i < blocks; ++i) {
    ++sequence_;
    std::vector<Message> statements;
    for (std::size_t device = 0; device < factory_.devices(); ++device)
      statements.push_back(factory_.telemetry(device, time_, sequence_));
    add_block(opened, statements);
  }
}

void MadeNode::add_block(std::span<const Message> statements) {
  Opened opened(*this);
  add_block(opened, statements);
}

void MadeNode::add_block(Opened& opened, std::span<const Message> statements) {
  time_ += factory_.genesis().parameters().spacing;
  const AddResult added =
      opened.chain.add_block(factory_.block(opened.chain.next_block(), time_, statements));
  if (added.standing != Standing::on_chain)
    throw std::runtime_error("a made-up block is not valid");
}

MadeNode::Message MadeNode::by_authority(ContentType type, Bytes payload) {
  return sign_statement(factory_.authority(), {{}, {}, time_, ++sequence_}, type, payload);
}

}  // namespace salus::node::test

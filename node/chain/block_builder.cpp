#include "node/chain/block_builder.h"

#include <utility>

#include "node/chain/header_rules.h"
#include "node/statement/sign.h"

namespace salus::node {

using engine::MessageView;
using merkle::TreeKind;

SignValidatorStatement sign_by(const SigningKey& key) {
  return [&key](const ValidatorStatement& statement) {
    return sign_statement(key, {{}, {}, statement.time, statement.height}, ContentType::validator,
                          encode(statement));
  };
}

std::vector<std::uint8_t> BlockTemplate::with(const pow::Header& mined) const& {
  return BlockTemplate(*this).with(mined);
}

std::vector<std::uint8_t> BlockTemplate::with(const pow::Header& mined) && {
  replace_header(encoded, mined);
  return std::move(encoded);
}

BlockTemplate build_block(engine::Engine& engine, const Genesis& genesis, const NextBlock& next,
                          std::uint32_t time, std::span<const Bytes> content,
                          const SignValidatorStatement& sign) {
  const merkle::Tree inner = engine.merkle_tree(TreeKind::rfc9162, MessageView::scattered(content));
  const std::vector<std::uint8_t> first =
      sign({genesis.id(), next.place.height, next.place.previous, time, inner.root()});

  std::vector<Bytes> statements{first};
  statements.insert(statements.end(), content.begin(), content.end());
  std::vector<Digest> leaves{merkle::leaf_hash(TreeKind::rfc9162, first)};
  leaves.insert(leaves.end(), inner.leaves().begin(), inner.leaves().end());

  BlockTemplate block;
  block.header = {kBlockVersion,
                  next.place.previous,
                  engine.merkle_tree_of_leaves(TreeKind::rfc9162, std::move(leaves)).root(),
                  time,
                  next.bits,
                  0};
  block.encoded = encode_block(block.header, statements);
  return block;
}

}  // namespace salus::node

#include "engine/merkle/proof.h"

#include <algorithm>

namespace salus::merkle {
namespace {

bool path_holds(const InclusionProof& proof) {
  return verify_inclusion(proof.kind, proof.leaf, proof.index, proof.size, proof.path, proof.root);
}

bool path_holds(const ConsistencyProof& proof) {
  return verify_consistency(proof.old_size, proof.old_root, proof.size, proof.root, proof.path);
}

}  // namespace

InclusionProof prove_inclusion(const Tree& tree, std::uint64_t index) {
  InclusionProof proof{tree.kind(), index, tree.size(), {}, {}, tree.inclusion_proof(index)};
  proof.leaf = tree.leaves()[index];
  proof.root = tree.root();
  return proof;
}

ConsistencyProof prove_consistency(const Tree& tree, std::uint64_t old_size) {
  return {old_size, tree.size(), tree.root_at(old_size), tree.root(),
          tree.consistency_proof(old_size)};
}

bool holds(const Proof& proof) {
  return std::visit([](const auto& p) { return path_holds(p); }, proof);
}

const Digest& root_of(const Proof& proof) {
  return std::visit([](const auto& p) -> const Digest& { return p.root; }, proof);
}

std::string shown(TreeKind kind, const Digest& digest) {
  return kind == TreeKind::bitcoin ? to_hex_reversed(digest) : to_hex(digest);
}

std::optional<Digest> from_shown(TreeKind kind, std::string_view hex) {
  std::optional<Digest> digest = digest_from_hex(hex);
  if (digest && kind == TreeKind::bitcoin) std::ranges::reverse(*digest);
  return digest;
}

}  // namespace salus::merkle

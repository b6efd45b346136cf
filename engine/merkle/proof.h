// Proofs as things that can be kept, sent and checked later by somebody else.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/merkle/tree.h"

namespace salus::merkle {

/// That `leaf` is number `index` of the `size` leaves under `root`.
struct InclusionProof {
  TreeKind kind = TreeKind::rfc9162;
  std::uint64_t index = 0;
  std::uint64_t size = 0;
  Digest leaf{};
  Digest root{};
  std::vector<Digest> path;
};

/// That the `old_size` leaves under `old_root` are the first ones of the `size` under `root`. RFC
/// 9162 trees only.
struct ConsistencyProof {
  std::uint64_t old_size = 0;
  std::uint64_t size = 0;
  Digest old_root{};
  Digest root{};
  std::vector<Digest> path;
};

using Proof = std::variant<InclusionProof, ConsistencyProof>;

/// Throw `Error` (usage) for a leaf or size that the tree does not have.
InclusionProof prove_inclusion(const Tree& tree, std::uint64_t index);
ConsistencyProof prove_consistency(const Tree& tree, std::uint64_t old_size);

/// Whether the path leads where the proof says. That says nothing yet about where the root is from:
/// compare it with one that is trusted.
bool holds(const Proof& proof);

/// The root that the proof is for.
const Digest& root_of(const Proof& proof);

/// Digests as people read them: hex, for a Bitcoin tree byte-reversed, as Bitcoin shows its ids.
std::string shown(TreeKind kind, const Digest& digest);
/// The reverse; nothing for what is not 64 hex digits.
std::optional<Digest> from_shown(TreeKind kind, std::string_view hex);

/// A JSON document, described in docs/cli.md.
std::string to_json(const Proof& proof);

/// Throws `Error` (input) for text that is no proof. Whether it holds is another question.
Proof proof_from_json(std::string_view text);

/// The longest text that may be a proof: a path has at most 64 digests, of 64 digits each.
inline constexpr std::size_t kMaxProofText = std::size_t{16} << 10;

}  // namespace salus::merkle

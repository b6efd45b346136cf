// A seal's tree head signed as COSE, and receipts that are made of it (RFC 9942).
//
//   tree head  18([ << {1: alg, 4: kid, 15: {"size": n, "origin": name}, 395: 1} >>,
//                   {}, root, signature ])
//   receipt    18([ the same protected header,
//                   {396: {-1: [ << [n, index, [* path]] >> ]}, "salus-trial-proof": context},
//                   nil, the same signature ])
//
// A receipt's payload is detached: it is the root that the path leads to from the entry's leaf. So
// one signature, made when the study was sealed, serves every entry. Size and origin stand in the
// protected header because the signature does not cover the other one. The context is ours: what a
// reader needs to know the entry by; other verifiers pass over it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/bytes.h"
#include "engine/merkle/tree.h"
#include "trial/proof/checkpoint.h"

namespace salus::trial {

/// A tree head or receipt taken apart.
struct SignedTreeHead {
  engine::signature::Algorithm algorithm = engine::signature::Algorithm::ed25519;
  node::KeyId signer{};
  TreeHead head;  ///< Of a receipt without the root.
  std::vector<std::uint8_t> protected_header;
  std::vector<std::uint8_t> signature;
};

std::vector<std::uint8_t> sign_tree_head(const node::SigningKey& key, const TreeHead& head);

/// Nothing where the bytes are not exactly what `sign_tree_head` writes. Whether the signature
/// holds is another question.
std::optional<SignedTreeHead> read_tree_head(Bytes message);

/// Whether this key signed it, with `head.root` as the payload.
bool is_signed_by(const SignedTreeHead& head, const PublicKey& key);

/// What a receipt says; `signed_head` is without the root, which follows from the entry.
struct InclusionReceipt {
  SignedTreeHead signed_head;
  std::uint64_t tree_size = 0;
  std::uint64_t index = 0;
  std::vector<Digest> path;
  std::vector<std::uint8_t> context;
};

/// A receipt for leaf `index` of the signed tree.
std::vector<std::uint8_t> make_inclusion_receipt(const SignedTreeHead& head, std::uint64_t index,
                                                 std::span<const Digest> path, Bytes context);

/// Nothing where the bytes are not exactly what `make_inclusion_receipt` writes.
std::optional<InclusionReceipt> read_inclusion_receipt(Bytes message);

}  // namespace salus::trial

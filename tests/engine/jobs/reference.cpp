#include "reference.h"

#include <bit>

#include "engine/openssl_sha256.h"

namespace salus::engine {
namespace {

Digest node(TreeKind kind, const Digest& left, const Digest& right) {
  std::vector<std::uint8_t> bytes;
  if (kind == TreeKind::rfc9162) bytes.push_back(0x01);
  bytes.insert(bytes.end(), left.begin(), left.end());
  bytes.insert(bytes.end(), right.begin(), right.end());
  return kind == TreeKind::rfc9162 ? openssl_sha256(bytes) : openssl_sha256d(bytes);
}

Digest rfc9162_root(std::span<const Digest> leaves) {
  if (leaves.size() == 1) return leaves.front();
  const std::size_t split = std::bit_ceil(leaves.size()) / 2;
  return node(TreeKind::rfc9162, rfc9162_root(leaves.first(split)),
              rfc9162_root(leaves.subspan(split)));
}

}  // namespace

std::vector<Digest> reference_parents(TreeKind kind, std::span<const Digest> level) {
  std::vector<Digest> parents;
  for (std::size_t i = 0; i < level.size(); i += 2) {
    if (i + 1 < level.size())
      parents.push_back(node(kind, level[i], level[i + 1]));
    else
      parents.push_back(kind == TreeKind::bitcoin ? node(kind, level[i], level[i]) : level[i]);
  }
  return parents;
}

Digest reference_root(TreeKind kind, std::vector<Digest> leaves) {
  if (kind == TreeKind::rfc9162) return rfc9162_root(leaves);
  while (leaves.size() > 1) leaves = reference_parents(kind, leaves);
  return leaves.front();
}

std::vector<std::uint8_t> random_bytes(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::uint8_t> bytes(count);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

}  // namespace salus::engine

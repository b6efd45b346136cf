#include "node/chain/merkle_path.h"

#include <algorithm>

#include "engine/merkle/tree.h"

namespace salus::node {

std::optional<Digest> root_of_path(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                                   std::span<const Digest> path) {
  if (index >= size) return std::nullopt;
  Digest root = leaf;
  std::uint64_t at = index;
  std::uint64_t last = size - 1;
  for (const Digest& sibling : path) {
    if (last == 0) return std::nullopt;
    if (at % 2 == 1 || at == last) {
      root = merkle::node_hash(merkle::TreeKind::rfc9162, sibling, root);
      while (at % 2 == 0 && at != 0) {  // it rose without a sibling
        at /= 2;
        last /= 2;
      }
    } else {
      root = merkle::node_hash(merkle::TreeKind::rfc9162, root, sibling);
    }
    at /= 2;
    last /= 2;
  }
  if (last != 0) return std::nullopt;
  return root;
}

void write_path(CborWriter& writer, std::span<const Digest> path) {
  writer.array(path.size());
  for (const Digest& digest : path) writer.byte_string(digest);
}

std::vector<Digest> read_path(CborCursor& cursor) {
  std::vector<Digest> path;
  const std::uint64_t count = cursor.array();
  if (count > kMaxPath) cursor.fail(CborCursor::Problem::too_large);
  for (std::uint64_t i = 0; i < count && !cursor.failed(); ++i) path.push_back(read_digest(cursor));
  return path;
}

Digest read_digest(CborCursor& cursor) {
  const Bytes bytes = cursor.byte_string();
  Digest digest{};
  if (bytes.size() != digest.size()) {
    cursor.fail(CborCursor::Problem::other_type);
  } else {
    std::ranges::copy(bytes, digest.begin());
  }
  return digest;
}

}  // namespace salus::node

#include "node/chain/merkle_path.h"

#include <algorithm>

namespace salus::node {

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

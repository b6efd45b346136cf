#include "engine/reference/reference.h"

#include "engine/merkle/tree.h"
#include "engine/openssl_sha256.h"

namespace salus::engine {
namespace {

std::vector<Digest> level_above(TreeKind kind, std::span<const Digest> below) {
  std::vector<Digest> above((below.size() + 1) / 2);
  for (std::size_t i = 0; i < above.size(); ++i) above[i] = merkle::parent_hash(kind, below, i);
  return above;
}

/// Not one `merkle::leaf_hash` an entry: that allocates each time, and this is timed in benchmarks.
std::vector<Digest> leaf_hashes(TreeKind kind, const MessageView& entries) {
  std::vector<Digest> leaves(entries.count());
  if (kind == TreeKind::rfc9162)
    reference_hash(entries, 0x00, leaves);
  else
    for (std::size_t i = 0; i < leaves.size(); ++i) leaves[i] = merkle::leaf_hash(kind, entries[i]);
  return leaves;
}

}  // namespace

std::vector<Candidate> reference_scan(const pow::Header& header,
                                      std::span<const std::uint32_t> versions,
                                      std::uint32_t reject_mask, const ScanRange& range) {
  std::vector<Candidate> found;
  pow::Header tried = header;
  for (std::uint64_t i = 0; i < range.nonce_count; ++i) {
    tried.nonce = static_cast<std::uint32_t>(range.nonce_begin + i);
    for (std::uint32_t v = 0; v < range.version_count; ++v) {
      tried.version = versions[v];
      if ((pow::last_state_word(pow::header_id(tried)) & reject_mask) == 0)
        found.push_back({tried.nonce, v});
    }
  }
  return found;
}

void reference_hash(const MessageView& messages, std::optional<std::uint8_t> prefix,
                    std::span<Digest> out) {
  std::vector<std::uint8_t> prefixed;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Bytes message = messages[i];
    if (!prefix) {
      out[i] = openssl_sha256(message);
      continue;
    }
    prefixed.assign(1, *prefix);
    prefixed.insert(prefixed.end(), message.begin(), message.end());
    out[i] = openssl_sha256(prefixed);
  }
}

std::vector<Digest> reference_levels(TreeKind kind, std::span<const Digest> leaves) {
  std::vector<Digest> levels;
  std::vector<Digest> below(leaves.begin(), leaves.end());
  while (below.size() > 1) {
    below = level_above(kind, below);
    levels.insert(levels.end(), below.begin(), below.end());
  }
  return levels;
}

Digest reference_root(TreeKind kind, const MessageView& entries) {
  std::vector<Digest> below = leaf_hashes(kind, entries);
  while (below.size() > 1) below = level_above(kind, below);
  return below.at(0);
}

}  // namespace salus::engine

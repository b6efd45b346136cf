#include "cli/reference.h"

#include <algorithm>
#include <cstring>

#include "engine/openssl_sha256.h"

namespace salus::cli {
namespace {

using engine::TreeKind;

/// The word that the reject mask is for: the last big-endian word of the state.
std::uint32_t last_word(const Digest& digest) {
  return static_cast<std::uint32_t>(digest[28]) << 24 |
         static_cast<std::uint32_t>(digest[29]) << 16 |
         static_cast<std::uint32_t>(digest[30]) << 8 | static_cast<std::uint32_t>(digest[31]);
}

Digest node(TreeKind kind, const Digest& left, const Digest& right) {
  std::array<std::uint8_t, 65> bytes{0x01};
  std::copy(left.begin(), left.end(), &bytes[1]);
  std::copy(right.begin(), right.end(), &bytes[33]);
  if (kind == TreeKind::rfc9162) return openssl_sha256(bytes);
  return openssl_sha256d(Bytes(bytes).subspan(1));
}

/// The level above `below`: an odd node rises as it is, or in Bitcoin's tree is paired with itself.
std::vector<Digest> level_above(TreeKind kind, std::span<const Digest> below) {
  std::vector<Digest> above;
  above.reserve((below.size() + 1) / 2);
  for (std::size_t i = 0; i + 1 < below.size(); i += 2)
    above.push_back(node(kind, below[i], below[i + 1]));
  if (below.size() % 2 != 0)
    above.push_back(kind == TreeKind::rfc9162 ? below.back()
                                              : node(kind, below.back(), below.back()));
  return above;
}

std::vector<Digest> leaf_hashes(TreeKind kind, const engine::MessageView& entries) {
  std::vector<Digest> leaves(entries.count());
  if (kind == TreeKind::rfc9162)
    reference_hash(entries, 0x00, leaves);
  else
    for (std::size_t i = 0; i < leaves.size(); ++i)
      std::copy_n(entries[i].begin(), leaves[i].size(), leaves[i].begin());
  return leaves;
}

}  // namespace

std::vector<engine::Candidate> reference_scan(const pow::Header& header,
                                              std::span<const std::uint32_t> versions,
                                              std::uint32_t reject_mask,
                                              const engine::ScanRange& range) {
  std::vector<engine::Candidate> found;
  pow::Header tried = header;
  for (std::uint64_t i = 0; i < range.nonce_count; ++i) {
    tried.nonce = static_cast<std::uint32_t>(range.nonce_begin + i);
    for (std::uint32_t v = 0; v < range.version_count; ++v) {
      tried.version = versions[v];
      if ((last_word(pow::header_id(tried)) & reject_mask) == 0) found.push_back({tried.nonce, v});
    }
  }
  return found;
}

void reference_hash(const engine::MessageView& messages, std::optional<std::uint8_t> prefix,
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

Digest reference_root(TreeKind kind, const engine::MessageView& entries) {
  std::vector<Digest> below = leaf_hashes(kind, entries);
  while (below.size() > 1) below = level_above(kind, below);
  return below.at(0);
}

}  // namespace salus::cli

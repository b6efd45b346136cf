#include "engine/jobs/self_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "engine/error.h"
#include "engine/merkle/tree.h"
#include "engine/openssl_sha256.h"
#include "engine/pow/header.h"
#include "engine/signature/reference.h"

namespace salus::engine {
namespace {

/// Digests recomputed for each piece of work: about a microsecond each for short messages.
constexpr std::size_t kSampledDigests = 32;

/// Entries of the sample tree: enough for several levels and an odd node.
constexpr std::size_t kSampledEntries = 77;

/// Signatures verified again for each piece: about 100 microseconds each.
constexpr std::size_t kSampledSignatures = 8;

/// Nonces rescanned for each piece, and a mask that one in 16 of them passes.
constexpr std::uint64_t kSampledNonces = 256;
constexpr std::uint32_t kEasyMask = 0x0f000000;

Digest reference_digest(std::optional<std::uint8_t> prefix, Bytes message) {
  if (!prefix) return openssl_sha256(message);
  std::vector<std::uint8_t> prefixed = {*prefix};
  prefixed.insert(prefixed.end(), message.begin(), message.end());
  return openssl_sha256(prefixed);
}

std::vector<Candidate> reference_scan(pow::Header header, const SearchPiece& piece,
                                      const ScanRange& range) {
  std::vector<Candidate> found;
  for (std::uint64_t i = 0; i < range.nonce_count; ++i) {
    header.nonce = static_cast<std::uint32_t>(range.nonce_begin + i);
    for (std::uint32_t v = 0; v < range.version_count; ++v) {
      header.version = piece.versions[v];
      if ((last_state_word(pow::header_id(header)) & kEasyMask) == 0)
        found.push_back({header.nonce, v});
    }
  }
  return found;
}

Digest parent_of(TreeKind kind, std::span<const Digest> level, std::size_t index) {
  const Digest& left = level[2 * index];
  if (2 * index + 1 < level.size()) return merkle::node_hash(kind, left, level[2 * index + 1]);
  return kind == TreeKind::bitcoin ? merkle::node_hash(kind, left, left) : left;
}

std::vector<Digest> parents_of(TreeKind kind, std::span<const Digest> level) {
  std::vector<Digest> parents;
  for (std::size_t i = 0; 2 * i < level.size(); ++i) parents.push_back(parent_of(kind, level, i));
  return parents;
}

/// The root over entries, level by level.
Digest reference_root(TreeKind kind, const MessageView& entries) {
  std::vector<Digest> level;
  for (std::size_t i = 0; i < entries.count(); ++i)
    level.push_back(merkle::leaf_hash(kind, entries[i]));
  while (level.size() > 1) level = parents_of(kind, level);
  return level.front();
}

[[noreturn]] void throw_wrong(const Device& device, const char* what) {
  throw Error(ErrorKind::device,
              fmt::format("{}: wrong answer in the self-check: {}", device.info().id(), what));
}

}  // namespace

std::uint32_t last_state_word(const Digest& digest) {
  return static_cast<std::uint32_t>(digest[28]) << 24 |
         static_cast<std::uint32_t>(digest[29]) << 16 |
         static_cast<std::uint32_t>(digest[30]) << 8 | digest[31];
}

void check_digests(const Device& device, const MessageView& messages,
                   std::optional<std::uint8_t> prefix, std::span<const Digest> digests) {
  const std::size_t step = std::max<std::size_t>(1, messages.count() / kSampledDigests);
  for (std::size_t i = 0; i < messages.count(); i += step) {
    if (digests[i] != reference_digest(prefix, messages[i]))
      throw_wrong(device, "digest of a message");
  }
}

void check_scan(Device& device, const pow::Header& header, const SearchPiece& piece) {
  ScanRange range = piece.range;
  range.nonce_count = std::min(range.nonce_count, kSampledNonces);
  pow::Header at_time = header;
  at_time.time = piece.place.time;
  kernels::MineParams params = pow::make_mine_params(
      at_time, std::span(piece.versions).first(range.version_count), pow::Target{});
  params.reject_mask = kEasyMask;
  if (device.scan(params, range) != reference_scan(at_time, piece, range))
    throw_wrong(device, "candidates of a header scan");
}

void check_root(Device& device, TreeKind kind, const MessageView& entries) {
  const MessageView sample = entries.slice(0, std::min(entries.count(), kSampledEntries));
  if (device.merkle_root(kind, sample) != reference_root(kind, sample))
    throw_wrong(device, "root of a Merkle tree");
}

void check_levels(const Device& device, TreeKind kind, std::span<const Digest> leaves,
                  std::span<const Digest> levels) {
  for (std::span<const Digest> below = leaves; below.size() > 1;) {
    const std::span<const Digest> here = levels.first((below.size() + 1) / 2);
    const std::size_t step = std::max<std::size_t>(1, here.size() / kSampledDigests);
    for (std::size_t i = 0; i < here.size(); i += step)
      if (here[i] != parent_of(kind, below, i)) throw_wrong(device, "node of a Merkle tree");
    levels = levels.subspan(here.size());
    below = here;
  }
}

void check_verdicts(const Device& device, std::span<const signature::Item> items,
                    std::span<const signature::Reason> answers) {
  const std::size_t step = std::max<std::size_t>(1, items.size() / kSampledSignatures);
  for (std::size_t i = 0; i < items.size(); i += step)
    if (answers[i] != signature::verify_reference(items[i]))
      throw_wrong(device, "verdict on a signature");
}

}  // namespace salus::engine

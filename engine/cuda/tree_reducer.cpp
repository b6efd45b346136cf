#include "engine/cuda/tree_reducer.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "engine/error.h"

namespace salus::engine::cuda {
namespace {

constexpr std::size_t kDigest = 32;

/// Levels from `count` nodes to one.
unsigned height_of(std::size_t count) { return static_cast<unsigned>(std::bit_width(count - 1)); }

std::size_t parents(std::size_t count) { return count / 2 + count % 2; }

kernels::cuda::LevelKernel level_kernel(const HashChoice& choice, TreeKind kind) {
  return kind == TreeKind::bitcoin ? choice.entries.level_bitcoin : choice.entries.level_rfc9162;
}

void queue_level(const Stream& compute, const HashChoice& choice, TreeKind kind,
                 const std::uint8_t* from, std::uint8_t* to, std::size_t count) {
  launch(compute, "reduce a level", level_kernel(choice, kind), parents(count), choice.block, from,
         to, static_cast<std::uint32_t>(count));
}

void refuse_more_than_2_to_32(std::size_t count) {
  if (count > std::numeric_limits<std::uint32_t>::max())
    throw Error(ErrorKind::device,
                "a level of more than 2^32 - 1 nodes is too large for one device");
}

std::span<std::uint8_t> bytes_of(std::span<Digest> digests) {
  return {reinterpret_cast<std::uint8_t*>(digests.data()), digests.size_bytes()};
}

Bytes bytes_of(std::span<const Digest> digests) {
  return {reinterpret_cast<const std::uint8_t*>(digests.data()), digests.size_bytes()};
}

}  // namespace

TreeReducer::TreeReducer(const Sizes& sizes, Stream& compute, MessageFeed& feed)
    : sizes_(sizes), compute_(compute), feed_(feed), downloader_(sizes.staging_bytes) {}

void TreeReducer::load_leaves(const HashChoice& choice, const MessageView& entries,
                              bool hash_leaves) {
  feed_.run(entries, [&](const DeviceBatch& batch) {
    kernels::cuda::HashBatch messages = batch.messages;
    std::uint8_t* const to = leaves_.data() + batch.first * kDigest;
    const bool are32 = messages.slots == nullptr && messages.fixed_length == kDigest;
    if (!hash_leaves) {
      copy_on_device(to, messages.data, messages.count * kDigest, compute_);
    } else if (are32) {
      launch(compute_, "hash leaves", choice.entries.leaf32, messages.count, choice.block,
             messages.data, to, messages.count);
    } else {
      messages.out = to;
      messages.has_prefix = 1;
      messages.prefix = 0;  // RFC 9162, 2.1.1: a leaf is SHA-256(0x00 || entry)
      launch(compute_, "hash leaves", choice.entries.hash, messages.count, choice.block, messages);
    }
  });
}

void TreeReducer::reduce(const HashChoice& choice, TreeKind kind, const std::uint8_t* from,
                         std::size_t count, unsigned height, std::uint8_t* to) {
  if (height == 0) copy_on_device(to, from, kDigest, compute_);
  for (unsigned level = 0; level < height; ++level) {
    std::uint8_t* const above = level + 1 == height ? to : scratch_[level % 2].data();
    queue_level(compute_, choice, kind, from, above, count);
    from = above;
    count = parents(count);
  }
}

Digest TreeReducer::root(const HashChoice& choice, TreeKind kind, const MessageView& entries,
                         bool hash_leaves) {
  // A power of two of leaves is a subtree of its own in both kinds of tree: the last one, if it is
  // not full, goes up as many levels as the others.
  const std::size_t chunk = sizes_.batch_messages;
  const std::size_t chunks = (entries.count() + chunk - 1) / chunk;
  refuse_more_than_2_to_32(chunks);
  compute_.synchronize();  // nothing queued may use what grows here
  leaves_.reserve(std::min(entries.count(), chunk) * kDigest);
  chunk_roots_.reserve((chunks + 1) * kDigest);
  for (DeviceMemory& scratch : scratch_)
    scratch.reserve(parents(std::max(chunks, std::min(entries.count(), chunk))) * kDigest);
  const unsigned chunk_height = height_of(chunks == 1 ? entries.count() : chunk);
  for (std::size_t i = 0; i < chunks; ++i) {
    const std::size_t count = std::min(chunk, entries.count() - i * chunk);
    load_leaves(choice, entries.slice(i * chunk, count), hash_leaves);
    reduce(choice, kind, leaves_.data(), count, chunk_height, chunk_roots_.data() + i * kDigest);
  }
  std::uint8_t* const root = chunk_roots_.data() + chunks * kDigest;
  reduce(choice, kind, chunk_roots_.data(), chunks, height_of(chunks), root);
  Digest out;
  downloader_.copy(out, root, compute_);
  return out;
}

Digest TreeReducer::root_and_levels(const HashChoice& choice, TreeKind kind,
                                    std::span<const Digest> leaves, std::span<Digest> levels) {
  refuse_more_than_2_to_32(leaves.size());
  compute_.synchronize();
  leaves_.reserve(leaves.size_bytes());
  levels_.reserve(levels.size_bytes());
  load_leaves(choice, MessageView::fixed(bytes_of(leaves), kDigest), false);
  const std::uint8_t* from = leaves_.data();
  std::uint8_t* above = levels_.data();
  for (std::size_t count = leaves.size(); count > 1; count = parents(count)) {
    queue_level(compute_, choice, kind, from, above, count);
    from = above;
    above += parents(count) * kDigest;
  }
  downloader_.copy(bytes_of(levels), levels_.data(), compute_);
  return levels.back();
}

}  // namespace salus::engine::cuda

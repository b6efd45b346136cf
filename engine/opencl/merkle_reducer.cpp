#include "engine/opencl/merkle_reducer.h"

#include <algorithm>
#include <string>

#include "engine/error.h"

namespace salus::engine::opencl {
namespace {

/// A chunk is left with 2^kTopLevels nodes: further halving would leave most of the device idle.
constexpr unsigned kTopLevels = 8;
constexpr std::size_t kDigest = sizeof(Digest);

/// Where level `height` (1 is the one above the leaves) begins in `Device::merkle_reduce`'s levels.
std::size_t level_offset(std::size_t leaf_count, unsigned height) {
  std::size_t offset = 0;
  std::size_t nodes = leaf_count;
  for (unsigned h = 1; h < height; ++h) {
    nodes = (nodes + 1) / 2;
    offset += nodes;
  }
  return offset;
}

}  // namespace

MerkleReducer::MerkleReducer(const DeviceContext& device, const BuiltProgram& program,
                             Layout layout, Hasher& hasher, unsigned chunk_levels)
    : device_(device),
      layout_(layout),
      hasher_(hasher),
      chunk_levels_(chunk_levels),
      leaves32_(program.kernel("leaves32")),
      nodes_rfc9162_(program.kernel("nodes_rfc9162")),
      nodes_bitcoin_(program.kernel("nodes_bitcoin")) {
  for (std::size_t i = 0; i < kQueues; ++i) slots_[i].queue = device.queues[i];
}

/// Room for an odd node's double, and for what idle lanes read: a block for each.
cl::Buffer MerkleReducer::level_buffer(std::size_t nodes) const {
  const std::size_t padding = (2 * std::size_t{layout_.lanes} + 2) * kDigest;
  return {device_.context, CL_MEM_READ_WRITE, nodes * kDigest + padding};
}

void MerkleReducer::make_slots(std::size_t leaf_count) {
  if (slot_capacity_ >= leaf_count) return;
  for (Slot& slot : slots_) {
    for (cl::Buffer& level : slot.level) level = level_buffer(leaf_count);
  }
  slot_capacity_ = leaf_count;
}

/// Replaces the slot's level of `count` nodes by the one above it; returns how many nodes that has.
/// A single node is treated as the odd end of a longer level, which is for the caller to avoid at
/// the root.
std::size_t MerkleReducer::halve(TreeKind kind, Slot& slot, std::size_t count) {
  const bool odd = count % 2 != 0;
  std::size_t pairs = count / 2;
  if (odd && kind == TreeKind::bitcoin) {
    slot.queue.enqueueCopyBuffer(slot.level[0], slot.level[0], (count - 1) * kDigest,
                                 count * kDigest, kDigest);
    ++pairs;
  }
  if (pairs > 0) {
    cl::Kernel& nodes = kind == TreeKind::bitcoin ? nodes_bitcoin_ : nodes_rfc9162_;
    set_args(nodes, slot.level[0], slot.level[1], static_cast<cl_uint>(pairs));
    enqueue(slot.queue, nodes, layout_, (pairs + layout_.lanes - 1) / layout_.lanes);
  }
  if (odd && kind == TreeKind::rfc9162) {
    slot.queue.enqueueCopyBuffer(slot.level[0], slot.level[1], (count - 1) * kDigest,
                                 pairs * kDigest, kDigest);
  }
  std::swap(slot.level[0], slot.level[1]);
  return (count + 1) / 2;
}

void MerkleReducer::store_level(Slot& slot, const LevelSink& sink, unsigned height,
                                std::size_t first, std::size_t count) {
  if (sink.levels.empty()) return;
  Digest* out = &sink.levels[level_offset(sink.leaf_count, height) + first];
  slot.queue.enqueueReadBuffer(slot.level[0], CL_FALSE, 0, count * kDigest, out);
}

template <typename Load>
Digest MerkleReducer::reduce_chunks(TreeKind kind, std::size_t leaf_count, std::span<Digest> levels,
                                    Load&& load) {
  const LevelSink sink{levels, leaf_count};
  const std::size_t chunk = std::size_t{1} << (chunk_levels_ + kTopLevels);
  make_slots(std::min(chunk, leaf_count));
  if (leaf_count <= chunk) {
    load(slots_[0], 0, leaf_count);
    return finish(kind, slots_[0], leaf_count, 0, sink);
  }

  const std::size_t top_count = ((leaf_count - 1) >> chunk_levels_) + 1;
  Slot top{device_.queues[0], {level_buffer(top_count), level_buffer(top_count)}, {}};
  for (std::size_t first = 0; first < leaf_count; first += chunk) {
    Slot& slot = slots_[first / chunk % kQueues];
    if (slot.done() != nullptr) slot.done.wait();
    std::size_t count = std::min(chunk, leaf_count - first);
    load(slot, first, count);
    for (unsigned height = 1; height <= chunk_levels_; ++height) {
      count = halve(kind, slot, count);
      store_level(slot, sink, height, first >> height, count);
    }
    slot.queue.enqueueCopyBuffer(slot.level[0], top.level[0], 0, (first >> chunk_levels_) * kDigest,
                                 count * kDigest, nullptr, &slot.done);
    slot.queue.flush();
  }
  for (Slot& slot : slots_) slot.queue.finish();
  return finish(kind, top, top_count, chunk_levels_, sink);
}

/// From a level of `count` nodes at `height` to the root.
Digest MerkleReducer::finish(TreeKind kind, Slot& slot, std::size_t count, unsigned height,
                             const LevelSink& sink) {
  while (count > 1) {
    count = halve(kind, slot, count);
    store_level(slot, sink, ++height, 0, count);
  }
  Digest root;
  slot.queue.enqueueReadBuffer(slot.level[0], CL_TRUE, 0, kDigest, root.data());
  return root;
}

void MerkleReducer::load_digests(Slot& slot, std::span<const Digest> leaves) {
  slot.queue.enqueueWriteBuffer(slot.level[0], CL_FALSE, 0, leaves.size_bytes(), leaves.data());
}

/// Leaf hashes of RFC 9162 entries.
void MerkleReducer::load_entries(Slot& slot, const MessageView& entries) {
  if (entries.fixed_length() != kDigest) {
    slot.queue.finish();  // the hasher uses queues of its own choice
    return hasher_.hash_to_device(entries, std::uint8_t{0}, slot.level[0]);
  }
  const Bytes bytes = entries.contiguous();
  slot.queue.enqueueWriteBuffer(slot.level[1], CL_FALSE, 0, bytes.size(), bytes.data());
  set_args(leaves32_, slot.level[1], slot.level[0], static_cast<cl_uint>(entries.count()));
  enqueue(slot.queue, leaves32_, layout_, (entries.count() + layout_.lanes - 1) / layout_.lanes);
}

Digest MerkleReducer::reduce(TreeKind kind, std::span<const Digest> leaves,
                             std::span<Digest> levels) {
  return reduce_chunks(kind, leaves.size(), levels,
                       [&](Slot& slot, std::size_t first, std::size_t count) {
                         load_digests(slot, leaves.subspan(first, count));
                       });
}

Digest MerkleReducer::root(TreeKind kind, const MessageView& entries) {
  if (kind == TreeKind::rfc9162) {
    return reduce_chunks(kind, entries.count(), {},
                         [&](Slot& slot, std::size_t first, std::size_t count) {
                           load_entries(slot, entries.slice(first, count));
                         });
  }
  return reduce_chunks(kind, entries.count(), {},
                       [&](Slot& slot, std::size_t first, std::size_t count) {
                         load_ids(slot, entries.slice(first, count));
                       });
}

/// Bitcoin's entries are leaves as they are.
void MerkleReducer::load_ids(Slot& slot, const MessageView& entries) {
  std::vector<Digest> ids(entries.count());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (entries[i].size() != kDigest) {
      throw Error(ErrorKind::usage, "a leaf of a Bitcoin tree has 32 bytes, not " +
                                        std::to_string(entries[i].size()));
    }
    std::copy(entries[i].begin(), entries[i].end(), ids[i].begin());
  }
  slot.queue.enqueueWriteBuffer(slot.level[0], CL_TRUE, 0, ids.size() * kDigest, ids.data());
}

}  // namespace salus::engine::opencl

// Digests of many messages, and Merkle trees, on one device.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "engine/cuda/kernel_choice.h"
#include "engine/cuda/message_feed.h"
#include "engine/cuda/runtime.h"
#include "engine/cuda/sizes.h"
#include "engine/cuda/staging.h"
#include "engine/device.h"

namespace salus::engine::cuda {

/// Reduces levels of Merkle trees in device memory.
class TreeReducer {
 public:
  TreeReducer(const Sizes& sizes, Stream& compute, MessageFeed& feed);

  /// The root over leaf hashes, or over entries of which `hash_leaves` makes them. Leaves stay in
  /// device memory; only a power of two of them at a time, of which one node remains.
  Digest root(const HashChoice& choice, TreeKind kind, const MessageView& entries,
              bool hash_leaves);

  /// The root over leaf hashes, with every level above them.
  Digest root_and_levels(const HashChoice& choice, TreeKind kind, std::span<const Digest> leaves,
                         std::span<Digest> levels);

 private:
  /// Queues leaf hashes, or leaves as they are, of at most a batch of entries into `leaves_`.
  void load_leaves(const HashChoice& choice, const MessageView& entries, bool hash_leaves);
  /// Queues the reduction of `count` nodes at `from` by `height` levels into the one node at `to`.
  void reduce(const HashChoice& choice, TreeKind kind, const std::uint8_t* from, std::size_t count,
              unsigned height, std::uint8_t* to);

  Sizes sizes_;
  Stream& compute_;
  MessageFeed& feed_;
  Downloader downloader_;
  DeviceMemory leaves_;
  DeviceMemory chunk_roots_;
  DeviceMemory levels_;
  std::array<DeviceMemory, 2> scratch_;
};

}  // namespace salus::engine::cuda

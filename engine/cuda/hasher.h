// Digests of many messages on one device.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "engine/cuda/kernel_choice.h"
#include "engine/cuda/message_feed.h"
#include "engine/cuda/runtime.h"

namespace salus::engine::cuda {

/// Packing, copying, hashing and copying back overlap: the digests of one batch come back while the
/// next is hashed and the one after it is packed.
class Hasher {
 public:
  Hasher(Stream& compute, MessageFeed& feed);

  /// `Device::hash_many` with a given kernel.
  void hash_many(const HashChoice& choice, const MessageView& messages,
                 std::optional<std::uint8_t> prefix, std::span<Digest> out);

 private:
  /// Digests of a batch on their way to the host.
  struct Slot {
    DeviceMemory device;
    PinnedMemory host;
    Event computed;
    Event downloaded;
    std::span<Digest> out;  ///< Where they belong; empty when nothing is under way.
  };

  void finish(Slot& slot);

  Stream& compute_;
  MessageFeed& feed_;
  Stream download_;
  std::array<Slot, 2> slots_;
};

}  // namespace salus::engine::cuda

// Brings messages to the device in batches, two in flight: while kernels work on one, the next is
// packed and copied.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "engine/cuda/runtime.h"
#include "engine/cuda/sizes.h"
#include "engine/cuda/staging.h"
#include "engine/message_view.h"
#include "kernels/cuda/entry_points.h"

namespace salus::engine::cuda {

/// Messages that lie in device memory once the compute stream comes to work queued now.
struct DeviceBatch {
  kernels::cuda::HashBatch messages;  ///< All but prefix and `out`.
  std::size_t first;                  ///< Index of its first message in the view.
  unsigned slot;                      ///< 0 or 1: which of the two in flight.
};

class MessageFeed {
 public:
  MessageFeed(const Sizes& sizes, Stream& compute);

  /// Queues what kernels are to do with a batch on the compute stream.
  using Consume = std::function<void(const DeviceBatch&)>;
  /// Called before a slot is filled anew; the compute stream's work on it may still be under way.
  using Retire = std::function<void(unsigned slot)>;

  /// Cuts `messages` into batches and hands over each. On return all work is queued, none waited
  /// for.
  void run(const MessageView& messages, const Consume& consume, const Retire& retire = {});

 private:
  struct Slot {
    DeviceMemory data;
    DeviceMemory places;     // MessageSlot each, when lengths differ
    DeviceMemory out_index;  // with them
    Event uploaded;
    Event consumed;
  };

  /// How many messages from the front of `messages` make the next batch.
  [[nodiscard]] std::size_t batch_count(const MessageView& messages) const;
  DeviceBatch upload(const MessageView& batch, Slot& slot);
  void upload_fixed(const MessageView& batch, std::size_t length, Slot& slot, DeviceBatch& to);
  void upload_varying(const MessageView& batch, Slot& slot, DeviceBatch& to);

  Sizes sizes_;
  Stream& compute_;
  Uploader uploader_;
  std::array<Slot, 2> slots_;
  unsigned next_slot_ = 0;
};

}  // namespace salus::engine::cuda

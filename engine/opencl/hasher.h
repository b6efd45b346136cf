// Hashing of many messages on an OpenCL device.
#pragma once

#include "engine/opencl/device_context.h"
#include "engine/opencl/programs.h"
#include "engine/opencl/upload_buffer.h"

#include <optional>
#include <span>

namespace salus::engine::opencl {

/// Messages are gathered into bounded buffers, padded, in batches; two launches are in flight, so
/// that the host gathers (and the device copies) one while the other is computed. A message longer
/// than its share of a buffer takes several launches, its state staying on the device.
class Hasher {
 public:
  /// `staging_bytes` bounds one launch's messages.
  Hasher(const DeviceContext& device, const BuiltProgram& program, Layout layout,
         std::size_t staging_bytes);

  /// As Device::hash_many.
  void hash_many(const MessageView& messages, std::optional<std::uint8_t> prefix,
                 std::span<Digest> out);

  /// The same into device memory: digest i goes to place i of `out`. Complete on return.
  void hash_to_device(const MessageView& messages, std::optional<std::uint8_t> prefix,
                      const cl::Buffer& out);

 private:
  /// Where digests go: to the host, or else to a buffer.
  struct Sink {
    Digest* host = nullptr;
    const cl::Buffer* device = nullptr;
  };
  /// Messages that share launches. A launch takes at most `segment_blocks` of each.
  struct Batch {
    std::size_t first = 0;
    std::size_t count = 0;
    std::size_t segment_blocks = 0;
    std::size_t most_blocks = 0;
    bool one_length = true;
  };
  /// What one of two launches in flight uses.
  struct Slot {
    cl::CommandQueue queue;
    std::unique_ptr<UploadBuffer> data;
    std::unique_ptr<UploadBuffer> streams;
    cl::Buffer digests;
    cl::Event done;
  };

  void run(const MessageView& messages, std::optional<std::uint8_t> prefix, const Sink& sink);
  [[nodiscard]] Batch next_batch(const MessageView& messages, std::size_t prefix_size,
                                 std::size_t first) const;
  void sort_by_length(const MessageView& messages, const Batch& batch);
  void run_batch(const MessageView& messages, std::optional<std::uint8_t> prefix,
                 const Batch& batch, const Sink& sink);
  std::size_t fill(Slot& slot, const MessageView& messages, std::optional<std::uint8_t> prefix,
                   const Batch& batch, std::size_t round);
  void deliver(Slot& slot, const cl::Buffer& digests, const Batch& batch, const Sink& sink);

  const DeviceContext& device_;
  Layout layout_;
  std::size_t staging_blocks_;
  std::size_t max_streams_;
  cl::Kernel compress_streams_;
  std::array<Slot, kQueues> slots_;
  std::size_t launches_ = 0;
  std::size_t batches_ = 0;
  std::vector<std::uint32_t> order_;  ///< The batch's messages, longest first.
};

}  // namespace salus::engine::opencl

// Merkle trees on an OpenCL device.
#pragma once

#include "engine/opencl/device_context.h"
#include "engine/opencl/hasher.h"
#include "engine/opencl/programs.h"

#include <span>

namespace salus::engine::opencl {

/// Leaves come to the device in chunks, two in flight. A chunk is reduced by a fixed number of
/// levels and what is left of it joins the other chunks' in device memory, where the rest of the
/// tree is done; so memory is bounded and no level ever returns to the host unless it is asked for.
class MerkleReducer {
 public:
  /// A chunk has 2^chunk_levels * 2^kTopLevels leaves.
  MerkleReducer(const DeviceContext& device, const BuiltProgram& program, Layout layout,
                Hasher& hasher, unsigned chunk_levels);

  /// As Device::merkle_reduce.
  Digest reduce(TreeKind kind, std::span<const Digest> leaves, std::span<Digest> levels);

  /// As Device::merkle_root.
  Digest root(TreeKind kind, const MessageView& entries);

 private:
  /// One of two chunks in flight: a level and the one above it.
  struct Slot {
    cl::CommandQueue queue;
    std::array<cl::Buffer, 2> level;
    cl::Event done;
  };
  /// Where a level's nodes go on the host, if anywhere; from place `first` of the level on.
  struct LevelSink {
    std::span<Digest> levels;
    std::size_t leaf_count = 0;
  };

  template <typename Load>
  Digest reduce_chunks(TreeKind kind, std::size_t leaf_count, std::span<Digest> levels,
                       Load&& load);
  std::size_t halve(TreeKind kind, Slot& slot, std::size_t count);
  void store_level(Slot& slot, const LevelSink& sink, unsigned height, std::size_t first,
                   std::size_t count);
  void load_digests(Slot& slot, std::span<const Digest> leaves);
  void load_entries(Slot& slot, const MessageView& entries);
  void load_ids(Slot& slot, const MessageView& entries);
  Digest finish(TreeKind kind, Slot& slot, std::size_t count, unsigned height,
                const LevelSink& sink);
  void make_slots(std::size_t leaf_count);
  [[nodiscard]] cl::Buffer level_buffer(std::size_t nodes) const;

  const DeviceContext& device_;
  Layout layout_;
  Hasher& hasher_;
  unsigned chunk_levels_;
  cl::Kernel leaves32_;
  cl::Kernel nodes_rfc9162_;
  cl::Kernel nodes_bitcoin_;
  std::array<Slot, kQueues> slots_;
  std::size_t slot_capacity_ = 0;
};

}  // namespace salus::engine::opencl

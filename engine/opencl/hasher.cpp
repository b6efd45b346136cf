#include "engine/opencl/hasher.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <numeric>

#include "engine/opencl/padding.h"

namespace salus::engine::opencl {
namespace {

/// kernels/opencl/hash_many.cl's `Stream`.
struct Stream {
  cl_uint first_block, blocks, slot;
};

/// No message is given less of a launch than this.
constexpr std::size_t kMinSegmentBlocks = 16;
/// A kernel reads a whole row of lanes where it needs 8 words.
constexpr std::size_t kRowPadding = 64;

std::size_t round_up(std::size_t n, std::size_t unit) { return (n + unit - 1) / unit * unit; }

}  // namespace

Hasher::Hasher(const DeviceContext& device, const BuiltProgram& program, Layout layout,
               std::size_t staging_bytes)
    : device_(device),
      layout_(layout),
      staging_blocks_(std::min(staging_bytes, device.max_alloc) / kBlockSize),
      max_streams_(round_up(staging_blocks_, layout.lanes)),
      compress_streams_(program.kernel("compress_streams")) {
  for (std::size_t i = 0; i < kQueues; ++i) {
    Slot& slot = slots_[i];
    slot.queue = device.queues[i];
    slot.data = std::make_unique<UploadBuffer>(device, staging_blocks_ * kBlockSize);
    slot.streams = std::make_unique<UploadBuffer>(device, max_streams_ * sizeof(Stream));
    // One more digest, for the lanes that have no message.
    slot.digests = cl::Buffer(device.context, CL_MEM_READ_WRITE,
                              (max_streams_ + 1) * sizeof(Digest) + kRowPadding);
  }
}

void Hasher::hash_many(const MessageView& messages, std::optional<std::uint8_t> prefix,
                       std::span<Digest> out) {
  assert(out.size() == messages.count());
  run(messages, prefix, {out.data(), nullptr});
}

void Hasher::hash_to_device(const MessageView& messages, std::optional<std::uint8_t> prefix,
                            const cl::Buffer& out) {
  run(messages, prefix, {nullptr, &out});
}

void Hasher::run(const MessageView& messages, std::optional<std::uint8_t> prefix,
                 const Sink& sink) {
  for (std::size_t first = 0; first < messages.count();) {
    const Batch batch = next_batch(messages, prefix ? 1 : 0, first);
    sort_by_length(messages, batch);
    run_batch(messages, prefix, batch, sink);
    first += batch.count;
  }
  for (Slot& slot : slots_) slot.queue.finish();
}

Hasher::Batch Hasher::next_batch(const MessageView& messages, std::size_t prefix_size,
                                 std::size_t first) const {
  const std::size_t places = device_.compute_units * layout_.local * layout_.lanes;
  Batch batch{.first = first};
  batch.segment_blocks = std::max(kMinSegmentBlocks, staging_blocks_ / places);
  batch.segment_blocks = std::min(batch.segment_blocks, staging_blocks_);
  std::size_t used = 0;
  while (first + batch.count < messages.count() && batch.count < max_streams_) {
    const std::size_t blocks = padded_blocks(prefix_size + messages[first + batch.count].size());
    const std::size_t share = std::min(blocks, batch.segment_blocks);
    if (used + share > staging_blocks_) break;
    batch.one_length = batch.one_length && (batch.count == 0 || blocks == batch.most_blocks);
    batch.most_blocks = std::max(batch.most_blocks, blocks);
    used += share;
    ++batch.count;
  }
  // A few long messages may share all of the buffer.
  batch.segment_blocks = std::max(batch.segment_blocks, staging_blocks_ / batch.count);
  return batch;
}

/// Lanes of one work-item run as long as the longest of them, so neighbours should be of a length.
void Hasher::sort_by_length(const MessageView& messages, const Batch& batch) {
  order_.resize(batch.count);
  std::iota(order_.begin(), order_.end(), 0u);
  if (batch.one_length) return;
  std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return messages[batch.first + a].size() > messages[batch.first + b].size();
  });
}

void Hasher::run_batch(const MessageView& messages, std::optional<std::uint8_t> prefix,
                       const Batch& batch, const Sink& sink) {
  // Two batches in a row have different buffers, and a buffer's former batch ended two launches
  // ago.
  const cl::Buffer& digests = slots_[batches_++ % kQueues].digests;
  const std::size_t rounds = (batch.most_blocks + batch.segment_blocks - 1) / batch.segment_blocks;
  std::vector<cl::Event> after;
  for (std::size_t round = 0; round < rounds; ++round) {
    Slot& slot = slots_[launches_++ % kQueues];
    if (slot.done() != nullptr) slot.done.wait();
    const std::size_t groups = fill(slot, messages, prefix, batch, round);
    set_args(compress_streams_, slot.data->buffer(), slot.streams->buffer(), digests,
             static_cast<cl_uint>(groups), static_cast<cl_uint>(round == 0 ? 0 : 1));
    enqueue(slot.queue, compress_streams_, layout_, groups, &slot.done, &after);
    after = {slot.done};
    if (round + 1 == rounds) deliver(slot, digests, batch, sink);
    slot.queue.flush();
  }
}

/// Gathers round `round` of the batch and returns how many groups of lanes it takes.
std::size_t Hasher::fill(Slot& slot, const MessageView& messages,
                         std::optional<std::uint8_t> prefix, const Batch& batch,
                         std::size_t round) {
  const std::span<std::uint8_t> data = slot.data->begin(slot.queue);
  const std::span<std::uint8_t> table = slot.streams->begin(slot.queue);
  const std::size_t begin = round * batch.segment_blocks;
  std::size_t used = 0;
  std::size_t streams = 0;
  const auto append = [&](std::size_t blocks, std::size_t digest) {
    const Stream stream{static_cast<cl_uint>(blocks == 0 ? 0 : used), static_cast<cl_uint>(blocks),
                        static_cast<cl_uint>(digest)};
    std::memcpy(&table[streams++ * sizeof stream], &stream, sizeof stream);
    used += blocks;
  };
  for (const std::uint32_t i : order_) {
    const PaddedMessage message(prefix, messages[batch.first + i]);
    if (message.blocks() <= begin) break;  // the longest come first: all others have ended, too
    const std::size_t blocks = std::min(batch.segment_blocks, message.blocks() - begin);
    message.copy_blocks(begin, data.subspan(used * kBlockSize, blocks * kBlockSize));
    append(blocks, i);
  }
  while (streams % layout_.lanes != 0) append(0, max_streams_);
  slot.data->submit(slot.queue, used * kBlockSize);
  slot.streams->submit(slot.queue, streams * sizeof(Stream));
  return streams / layout_.lanes;
}

void Hasher::deliver(Slot& slot, const cl::Buffer& digests, const Batch& batch, const Sink& sink) {
  const std::size_t size = batch.count * sizeof(Digest);
  if (sink.host != nullptr) {
    slot.queue.enqueueReadBuffer(digests, CL_FALSE, 0, size, sink.host + batch.first, nullptr,
                                 &slot.done);
  } else {
    slot.queue.enqueueCopyBuffer(digests, *sink.device, 0, batch.first * sizeof(Digest), size,
                                 nullptr, &slot.done);
  }
}

}  // namespace salus::engine::opencl

#include "engine/cuda/message_feed.h"

#include <algorithm>
#include <numeric>

namespace salus::engine::cuda {
namespace {

using kernels::cuda::MessageSlot;

/// Kernels load 16 bytes at a time.
constexpr std::size_t kAlignment = 16;

std::size_t padded(std::size_t length) {
  return (length + kAlignment - 1) / kAlignment * kAlignment;
}

/// The one length of all messages, or nothing.
std::optional<std::size_t> common_length(const MessageView& messages) {
  if (messages.fixed_length() != 0) return messages.fixed_length();
  const std::size_t length = messages[0].size();
  for (std::size_t i = 1; i < messages.count(); ++i)
    if (messages[i].size() != length) return std::nullopt;
  return length;
}

/// Message indices with the longest first: threads of a warp then have about equally much to do,
/// and the longest message does not start last.
std::vector<std::uint32_t> longest_first(const MessageView& messages) {
  std::vector<std::uint32_t> order(messages.count());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return messages[a].size() / 64 > messages[b].size() / 64;
  });
  return order;
}

/// Makes room for `bytes`; memory that has to move is first let go of by the kernels that read it.
void grow(DeviceMemory& memory, const Event& consumed, std::size_t bytes) {
  if (memory.size() >= bytes) return;
  consumed.synchronize();
  memory.reserve(bytes);
}

template <class T>
Bytes bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(T)};
}

}  // namespace

MessageFeed::MessageFeed(const Sizes& sizes, Stream& compute)
    : sizes_(sizes), compute_(compute), uploader_(sizes.staging_bytes) {}

void MessageFeed::run(const MessageView& messages, const Consume& consume, const Retire& retire) {
  for (std::size_t first = 0; first < messages.count();) {
    const std::size_t left = messages.count() - first;
    const std::size_t count = batch_count(messages.slice(first, left));
    if (retire) retire(next_slot_);
    Slot& slot = slots_[next_slot_];
    slot.consumed.block(uploader_.stream());
    DeviceBatch batch = upload(messages.slice(first, count), slot);
    batch.first = first;
    batch.slot = next_slot_;
    slot.uploaded.record(uploader_.stream());
    slot.uploaded.block(compute_);
    consume(batch);
    slot.consumed.record(compute_);
    next_slot_ ^= 1;
    first += count;
  }
}

std::size_t MessageFeed::batch_count(const MessageView& messages) const {
  const std::size_t most = std::min(messages.count(), sizes_.batch_messages);
  if (const std::size_t length = messages.fixed_length(); length != 0)
    return std::clamp<std::size_t>(sizes_.batch_bytes / padded(length), 1, most);
  std::size_t count = 0;
  for (std::size_t bytes = 0; count < most; ++count) {
    bytes += padded(messages[count].size());
    if (bytes > sizes_.batch_bytes && count > 0) break;
  }
  return count;
}

DeviceBatch MessageFeed::upload(const MessageView& batch, Slot& slot) {
  DeviceBatch to{};
  to.messages.count = static_cast<std::uint32_t>(batch.count());
  if (const auto length = common_length(batch))
    upload_fixed(batch, *length, slot, to);
  else
    upload_varying(batch, slot, to);
  return to;
}

void MessageFeed::upload_fixed(const MessageView& batch, std::size_t length, Slot& slot,
                               DeviceBatch& to) {
  const std::size_t stride = std::max(padded(length), kAlignment);
  grow(slot.data, slot.consumed, stride * batch.count());
  to.messages.data = slot.data.data();
  to.messages.fixed_length = length;
  to.messages.fixed_stride = stride;
  uploader_.begin(slot.data.data());
  if (batch.fixed_length() == stride) {
    uploader_.append(batch.contiguous());
  } else {
    for (std::size_t i = 0; i < batch.count(); ++i) {
      uploader_.append(batch[i]);
      uploader_.align(kAlignment);
    }
  }
  uploader_.flush();
}

void MessageFeed::upload_varying(const MessageView& batch, Slot& slot, DeviceBatch& to) {
  const std::vector<std::uint32_t> order = longest_first(batch);
  std::vector<MessageSlot> places(order.size());
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    places[i] = {end, batch[order[i]].size()};
    end += padded(batch[order[i]].size());
  }
  grow(slot.data, slot.consumed, std::max<std::size_t>(end, kAlignment));
  grow(slot.places, slot.consumed, places.size() * sizeof(MessageSlot));
  grow(slot.out_index, slot.consumed, order.size() * sizeof(std::uint32_t));
  to.messages.data = slot.data.data();
  to.messages.slots = slot.places.as<MessageSlot>();
  to.messages.out_index = slot.out_index.as<std::uint32_t>();
  uploader_.begin(slot.data.data());
  for (const std::uint32_t i : order) {
    uploader_.append(batch[i]);
    uploader_.align(kAlignment);
  }
  uploader_.flush();
  uploader_.begin(slot.places.data());
  uploader_.append(bytes_of(places));
  uploader_.flush();
  uploader_.begin(slot.out_index.data());
  uploader_.append(bytes_of(order));
  uploader_.flush();
}

}  // namespace salus::engine::cuda

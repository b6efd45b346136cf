#include "engine/cuda/hasher.h"

#include <cstring>

namespace salus::engine::cuda {

Hasher::Hasher(Stream& compute, MessageFeed& feed) : compute_(compute), feed_(feed) {}

void Hasher::hash_many(const HashChoice& choice, const MessageView& messages,
                       std::optional<std::uint8_t> prefix, std::span<Digest> out) {
  for (Slot& slot : slots_) slot.out = {};
  const auto consume = [&](const DeviceBatch& batch) {
    Slot& slot = slots_[batch.slot];
    const std::size_t bytes = batch.messages.count * sizeof(Digest);
    slot.device.reserve(bytes);
    slot.host.reserve(bytes);
    kernels::cuda::HashBatch work = batch.messages;
    work.has_prefix = prefix.has_value() ? 1 : 0;
    work.prefix = prefix.value_or(0);
    work.out = slot.device.data();
    launch(compute_, "hash messages", choice.entries.hash, work.count, choice.block, work);
    slot.computed.record(compute_);
    slot.computed.block(download_);
    copy_to_host(slot.host.data(), slot.device.data(), bytes, download_);
    slot.downloaded.record(download_);
    slot.out = out.subspan(batch.first, batch.messages.count);
  };
  feed_.run(messages, consume, [&](unsigned slot) { finish(slots_[slot]); });
  for (Slot& slot : slots_) finish(slot);
}

void Hasher::finish(Slot& slot) {
  if (slot.out.empty()) return;
  slot.downloaded.synchronize();
  std::memcpy(slot.out.data(), slot.host.data(), slot.out.size_bytes());
  slot.out = {};
}

}  // namespace salus::engine::cuda

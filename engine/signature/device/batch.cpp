#include "engine/signature/device/batch.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/openssl_sha256.h"
#include "engine/signature/cpu/ed25519_batch.h"
#include "kernels/gpu/signature_batch.h"

namespace salus::engine::signature::device {
namespace {

using kernels::SignatureSlot;

constexpr std::size_t kAlignment = 16;  ///< Kernels load that many bytes at a time.
constexpr std::size_t kHashedBytes = 32;
constexpr std::size_t kUsualMessageBytes = 384;

std::size_t round_up(std::size_t n) { return (n + kAlignment - 1) / kAlignment * kAlignment; }

bool is_hashed_here(const Item& item) { return item.message.size() > kMostDeviceMessageBytes; }

/// Bytes of a key as kernels read it: a P-256 key without its first byte, which is always the same.
std::size_t key_bytes(Algorithm algorithm) {
  return algorithm == Algorithm::ed25519 ? kEd25519KeyBytes : kP256KeyBytes - 1;
}

std::size_t message_bytes(const Item& item) {
  return is_hashed_here(item) ? kHashedBytes : round_up(item.message.size());
}

std::size_t packed_bytes(const Item& item) {
  return sizeof(SignatureSlot) + key_bytes(item.algorithm) + kSignatureBytes + message_bytes(item);
}

/// Blocks that a device hashes, up to a constant: what work-items side by side should agree in.
std::size_t blocks(const Item& item) {
  if (is_hashed_here(item)) return 0;
  if (item.algorithm == Algorithm::ed25519) return (item.message.size() + 80) / 128 + 1;
  return (item.message.size() + 8) / 64 + 1;
}

/// What kernels take in place of the message.
void hash_message(const Item& item, std::uint8_t* to) {
  if (item.algorithm == Algorithm::p256) {
    std::ranges::copy(openssl_sha256(item.message), to);
    return;
  }
  const cpu::ChallengeItem challenge = {item.signature.data(), item.public_key.data(),
                                        item.message.data(), item.message.size()};
  std::uint64_t k[1][4];
  cpu::best_ed25519_variant().challenges(&challenge, 1, k);
  std::memcpy(to, k, kHashedBytes);
}

void copy(Bytes from, std::uint8_t* to) {
  if (!from.empty()) std::memcpy(to, from.data(), from.size());
}

}  // namespace

BatchLimits BatchLimits::of(std::size_t items) {
  const std::size_t each =
      sizeof(SignatureSlot) + kP256KeyBytes - 1 + kSignatureBytes + kUsualMessageBytes;
  return {items, items * each + kMostDeviceMessageBytes};
}

void sort_by_blocks(std::span<const Item> items, std::span<Entry> entries) {
  std::ranges::stable_sort(entries, std::ranges::greater{},
                           [items](const Entry& entry) { return blocks(items[entry.item]); });
}

std::size_t batch_count(std::span<const Item> items, std::span<const Entry> entries,
                        const BatchLimits& limits) {
  const std::size_t most = std::min(entries.size(), limits.items);
  std::size_t bytes = 0;
  std::size_t count = 0;
  while (count < most) {
    bytes += packed_bytes(items[entries[count].item]);
    if (bytes > limits.bytes) break;
    ++count;
  }
  return count;
}

BatchLayout batch_layout(std::span<const Item> items, std::span<const Entry> entries) {
  BatchLayout layout;
  layout.keys = entries.size() * sizeof(SignatureSlot);
  const std::size_t all_keys = entries.size() * key_bytes(items[entries[0].item].algorithm);
  layout.signatures = layout.keys + all_keys;
  layout.messages = layout.signatures + entries.size() * kSignatureBytes;
  layout.size = layout.messages;
  for (const Entry& entry : entries) layout.size += message_bytes(items[entry.item]);
  return layout;
}

void pack_batch(std::span<const Item> items, std::span<const Entry> entries,
                const BatchLayout& layout, std::span<std::uint8_t> memory) {
  std::uint8_t* slot_at = memory.data();
  std::uint8_t* key_at = memory.data() + layout.keys;
  std::uint8_t* signature_at = memory.data() + layout.signatures;
  std::size_t message_at = layout.messages;
  for (const Entry& entry : entries) {
    const Item& item = items[entry.item];
    SignatureSlot slot{static_cast<std::uint32_t>(message_at / kAlignment), SALUS_HASHED,
                       entry.table, 0};
    if (is_hashed_here(item)) {
      hash_message(item, &memory[message_at]);
    } else {
      slot.message_bytes = static_cast<std::uint32_t>(item.message.size());
      copy(item.message, memory.data() + message_at);
    }
    const std::size_t key_size = key_bytes(item.algorithm);
    std::memcpy(slot_at, &slot, sizeof slot);
    copy(item.public_key.last(key_size), key_at);
    copy(item.signature, signature_at);
    slot_at += sizeof slot;
    key_at += key_size;
    signature_at += kSignatureBytes;
    message_at += message_bytes(item);
  }
}

}  // namespace salus::engine::signature::device

#include "engine/signature/signature_batch.h"

#include <algorithm>

namespace salus::engine::signature {
namespace {

/// Appends `bytes`, cut or filled up to `room`, and returns how many of them were taken.
std::uint8_t append(std::vector<std::uint8_t>& all, Bytes bytes, std::size_t room) {
  const std::size_t size = std::min(bytes.size(), room);
  all.insert(all.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
  all.resize(all.size() + room - size);
  return static_cast<std::uint8_t>(size);
}

}  // namespace

void SignatureBatch::add(const Item& item) {
  algorithms_.push_back(item.algorithm);
  key_sizes_.push_back(append(keys_, item.public_key, kKeyRoom));
  signature_sizes_.push_back(append(signatures_, item.signature, kSignatureRoom));
  // One byte too many is refused as well as any number of them.
  const Bytes message = item.message.first(std::min(item.message.size(), kMaxMessageBytes + 1));
  messages_.insert(messages_.end(), message.begin(), message.end());
  message_ends_.push_back(messages_.size());
}

std::vector<Item> SignatureBatch::items() const {
  std::vector<Item> items;
  items.reserve(size());
  std::size_t begin = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    items.push_back({algorithms_[i], Bytes(keys_).subspan(i * kKeyRoom, key_sizes_[i]),
                     Bytes(messages_).subspan(begin, message_ends_[i] - begin),
                     Bytes(signatures_).subspan(i * kSignatureRoom, signature_sizes_[i])});
    begin = message_ends_[i];
  }
  return items;
}

void SignatureBatch::clear() {
  algorithms_.clear();
  keys_.clear();
  key_sizes_.clear();
  signatures_.clear();
  signature_sizes_.clear();
  messages_.clear();
  message_ends_.clear();
}

}  // namespace salus::engine::signature

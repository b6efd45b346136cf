#include "node/state/state_writes.h"

#include <cassert>
#include <utility>

#include "engine/error.h"

namespace salus::node {
namespace {

// An entry: the key's size (1 byte), the value's (2 bytes, big-endian), key, value.
constexpr std::size_t kHeadBytes = 3;
constexpr std::uint16_t kNotThere = 0xffff;

}  // namespace

StateWrites::StateWrites(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) {
  for (std::size_t at = 0; at < bytes_.size(); ++size_) at = entry_at(at).end;
}

void StateWrites::put_key(Bytes key, std::uint16_t value_size) {
  assert(key.size() <= kMaxKeyBytes);
  bytes_.push_back(static_cast<std::uint8_t>(key.size()));
  bytes_.push_back(static_cast<std::uint8_t>(value_size >> 8));
  bytes_.push_back(static_cast<std::uint8_t>(value_size & 0xff));
  bytes_.insert(bytes_.end(), key.begin(), key.end());
  ++size_;
}

void StateWrites::put(Bytes key, Bytes value) {
  assert(value.size() <= kMaxValueBytes);
  put_key(key, static_cast<std::uint16_t>(value.size()));
  bytes_.insert(bytes_.end(), value.begin(), value.end());
}

void StateWrites::remove(Bytes key) { put_key(key, kNotThere); }

StateWrites::Entry StateWrites::entry_at(std::size_t begin) const {
  const auto require = [](bool holds) {
    if (!holds) throw Error(ErrorKind::input, "changes of the state are cut short");
  };
  const Bytes rest = Bytes(bytes_).subspan(begin);
  require(rest.size() >= kHeadBytes);
  const std::size_t key_size = rest[0];
  const auto value_size = static_cast<std::uint16_t>(rest[1] << 8 | rest[2]);
  const std::size_t value_bytes = value_size == kNotThere ? 0 : value_size;
  require(rest.size() - kHeadBytes >= key_size + value_bytes);
  Entry entry{rest.subspan(kHeadBytes, key_size), std::nullopt,
              begin + kHeadBytes + key_size + value_bytes};
  if (value_size != kNotThere) entry.value = rest.subspan(kHeadBytes + key_size, value_bytes);
  return entry;
}

}  // namespace salus::node

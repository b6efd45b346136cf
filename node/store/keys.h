// Keys of the block store. Numbers are big-endian, so that entries lie in the order of the chain.
#pragma once

#include <rocksdb/slice.h>

#include <array>
#include <cstdint>

#include "node/store/byte_order.h"
#include "node/store/position.h"

namespace salus::node {

/// A key of fixed length that can be handed to RocksDB.
template <std::size_t kBytes>
struct FixedKey : std::array<std::uint8_t, kBytes> {
  operator rocksdb::Slice() const {  // NOLINT: it is what the call wants.
    return {reinterpret_cast<const char*>(this->data()), kBytes};
  }
};

inline FixedKey<4> height_key(Height height) {
  FixedKey<4> key;
  store_big(key.data(), height);
  return key;
}

inline FixedKey<8> position_key(Position at) {
  FixedKey<8> key;
  store_big(key.data(), at.height);
  store_big(key.data() + 4, at.index);
  return key;
}

inline Position load_position(const std::uint8_t* at) {
  return {load_big<std::uint32_t>(at), load_big<std::uint32_t>(at + 4)};
}

}  // namespace salus::node

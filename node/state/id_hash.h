// Hash tables over ids that are hashes themselves.
#pragma once

#include <cstdint>
#include <cstring>
#include <random>

#include "engine/bytes.h"
#include "node/statement/statement.h"

namespace salus::node {

/// Ids are cut from SHA-256, so that any part of one is a good hash. They can be searched for by
/// who makes keys and blocks: what is chosen by chance at the start keeps anybody from filling one
/// bucket on purpose.
struct IdHash {
  template <typename Id>
  std::size_t operator()(const Id& id) const {
    static_assert(sizeof(Id) >= sizeof(std::uint64_t));
    std::uint64_t part;
    std::memcpy(&part, id.data(), sizeof part);
    const unsigned __int128 product = static_cast<unsigned __int128>(part ^ seed()) * kOddConstant;
    return static_cast<std::size_t>(product >> 64) ^ static_cast<std::size_t>(product);
  }

 private:
  static constexpr std::uint64_t kOddConstant = 0x9e3779b97f4a7c15;  // 2^64 over the golden ratio

  static std::uint64_t seed() {
    static const std::uint64_t value = [] {
      std::random_device device;
      return std::uint64_t{device()} << 32 | device();
    }();
    return value;
  }
};

}  // namespace salus::node

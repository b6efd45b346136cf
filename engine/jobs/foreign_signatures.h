// Signatures to measure a device with.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/signature/signature.h"

namespace salus::engine {

/// Ed25519 items of the right form over 128 bytes that nobody signed: a mismatch is as much work as
/// a match. No key occurs twice, so that no device can make use of a cache.
class ForeignSignatures {
 public:
  explicit ForeignSignatures(std::size_t count);

  /// The next ones. Their bytes live as long as this object; at most `count` can be had in all.
  std::vector<signature::Item> take(std::size_t count);

 private:
  std::vector<std::uint8_t> message_;
  std::vector<std::uint8_t> bytes_;
  std::size_t taken_ = 0;
};

}  // namespace salus::engine

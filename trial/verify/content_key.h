// By what the same content is known again under another name.
#pragma once

#include <cstdint>
#include <cstring>

#include "trial/content/content_hasher.h"
#include "trial/seal/seal.h"

namespace salus::trial {

/// The root of the chunk tree of a file that has one, else the digest. Both are such that no two
/// contents share one, and no content has one of each.
Digest content_key(const SealedFile& file);
Digest content_key(const ContentResult& result, const engine::LaneHasher& hasher);

/// For tables: a digest is as good as random.
struct ContentKeyHash {
  std::size_t operator()(const Digest& key) const {
    std::size_t out = 0;
    std::memcpy(&out, key.data(), sizeof out);
    return out;
  }
};

}  // namespace salus::trial

// How far a large file was hashed, from its beginning on.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/bytes.h"
#include "engine/cpu/lane_hasher.h"
#include "trial/content/file_identity.h"

namespace salus::trial {

/// A file whose first chunks are hashed, for somebody to go on with.
struct BegunFile {
  FileIdentity identity;       ///< When it was opened: of another one, nothing here is true.
  std::vector<Digest> chunks;  ///< Leaf hashes.
  engine::HashStream stream;   ///< After those chunks; without any bytes where nobody asked.
};

/// Some more chunks of such a file.
struct BegunPart {
  std::uint64_t task = 0;  ///< Its `ContentTask::index`.
  std::string_view path;
  FileIdentity identity;
  std::uint64_t first = 0;  ///< Of `chunks`; those before were told of earlier.
  std::span<const Digest> chunks;
  engine::HashStream stream;  ///< After `chunks`.
};

}  // namespace salus::trial

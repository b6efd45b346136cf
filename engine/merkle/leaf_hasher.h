// Leaf hashes over any number of entries of any size, in bounded memory.
#pragma once

#include <vector>

#include "engine/byte_source.h"
#include "engine/engine.h"

namespace salus::merkle {

/// Collects entries and has them hashed many at a time by the engine's devices.
///
/// For RFC 9162 trees a leaf is SHA-256(0x00 || entry). A Bitcoin tree's leaf is the id of an
/// entry: SHA-256d of its bytes, as a transaction's is.
///
/// Keeps 32 bytes for each leaf and some 32 MiB of entries. One thread at a time.
class LeafHasher {
 public:
  /// The engine must outlive the hasher. Of `control` only the stop token is used.
  LeafHasher(engine::Engine& engine, TreeKind kind, engine::JobControl control = {});

  void add(Bytes entry);
  /// One entry, read to its end. Throws `Error` as the source does; the entry is not added then.
  void add(ByteSource& entry);
  /// A leaf that is known already.
  void add_leaf(const Digest& leaf);

  /// All leaves, in the order of the calls; the hasher is empty afterwards. Methods may throw what
  /// `Engine::hash_many` throws.
  std::vector<Digest> finish();

 private:
  void begin_entry();
  void end_entry();
  void hash_collected();
  Digest hash_long(ByteSource& rest, std::size_t begin);

  engine::Engine& engine_;
  TreeKind kind_;
  engine::JobControl control_;
  std::vector<Digest> leaves_;       ///< Without those of the entries collected.
  std::vector<std::uint8_t> bytes_;  ///< Entries collected, each with its prefix.
  std::vector<std::size_t> ends_;    ///< Where each of them ends in `bytes_`.
};

}  // namespace salus::merkle

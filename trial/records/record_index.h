// The record index of a sealed file: leaves of its record tree, and what finds the record or the
// variable that differs. Read in parts, never as a whole. docs/trial-formats.md describes its
// bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/bytes.h"
#include "engine/files/descriptor.h"

namespace salus::trial {

/// Keyed fingerprints of some records (fingerprint.h).
struct IndexFingerprints {
  std::vector<std::uint64_t> contents;  ///< Of all that each record holds.
  std::vector<std::uint64_t> keys;      ///< Of its key variables; 0 where it has none.
};

/// What tells one cell of some records from another, where it is there.
struct IndexCells {
  std::vector<std::uint32_t> layouts;  ///< Which names each record has (layouts.h).
  std::vector<std::uint32_t> counts;   ///< How many cells each has,
  std::vector<std::uint64_t> digests;  ///< and the first eight bytes of each of their digests.
};

/// An open index. Const methods may be called from several threads.
class RecordIndex {
 public:
  /// Records in a block; the last one may have fewer.
  static constexpr std::uint64_t kBlockRecords = 4096;

  /// Reads its end: how many records, and what leads to its blocks. `name` is for messages. Throws
  /// `Error`: (input) for what is no index, is of another version or is damaged there, (system).
  RecordIndex(files::Descriptor file, std::string name);
  ~RecordIndex();
  RecordIndex(RecordIndex&&) noexcept;
  RecordIndex& operator=(RecordIndex&&) noexcept;

  /// For messages.
  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] bool has_cells() const;
  /// The root that all leaves lead to. It is for the caller to compare it with the sealed one.
  [[nodiscard]] const Digest& root() const;

  // Blocks: `block` < blocks(). Methods that read throw `Error` (input) for what is damaged and
  // cannot be read.
  [[nodiscard]] std::uint64_t blocks() const;
  [[nodiscard]] std::uint64_t records_in(std::uint64_t block) const;
  /// SHA-256(0x00 || entry) of each record. They lead to `root()`, or this throws.
  void read_leaves(std::uint64_t block, std::vector<Digest>& out) const;
  /// One leaf, without a look at what leads from it to the root: for when all were checked before.
  [[nodiscard]] Digest read_leaf(std::uint64_t record) const;
  /// Appends the fingerprints of a block's records.
  void read_fingerprints(std::uint64_t block, IndexFingerprints& out) const;
  /// Only where `has_cells()`.
  void read_cells(std::uint64_t block, IndexCells& out) const;

  /// Reads everything. Throws `Error` (input) for a byte that is not as it was written. What leads
  /// to the root cannot be replaced unnoticed; the rest is only held against a checksum, and cannot
  /// make a record that differs look equal.
  void check() const;

  /// The leaf of a record, and its path to `root()`, lowest first (RFC 9162, 2.1.3). Throw `Error`
  /// (usage) past the end.
  [[nodiscard]] Digest leaf(std::uint64_t record) const;
  [[nodiscard]] std::vector<Digest> path(std::uint64_t record) const;

  /// A place from which a reader can go on.
  struct Restart {
    std::uint64_t record = 0;
    std::uint64_t offset = 0;
  };
  /// The last one at or before a record.
  [[nodiscard]] std::optional<Restart> restart_before(std::uint64_t record) const;

  /// Names of layouts, as they were sealed: encrypted, for whoever has the file's key (layouts.h).
  [[nodiscard]] Bytes sealed_layouts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace salus::trial

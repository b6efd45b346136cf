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

/// What an index says of one block of records.
struct IndexBlock {
  std::uint64_t first = 0;               ///< Its first record.
  std::vector<Digest> leaves;            ///< SHA-256(0x00 || entry) of each.
  std::vector<std::uint64_t> contents;   ///< Keyed fingerprint of all that each holds.
  std::vector<std::uint64_t> keys;       ///< The same of its key variables.
  std::vector<std::uint32_t> layouts;    ///< Which names each has; see `layout`.
  std::vector<std::uint32_t> cell_ends;  ///< With cells: where those of each end in
  std::vector<std::uint64_t> cells;      ///< the first eight bytes of each cell's digest.

  [[nodiscard]] std::size_t size() const { return leaves.size(); }
};

/// An open index. Const methods may be called from several threads.
class RecordIndex {
 public:
  /// Records in a block; the last one may have fewer.
  static constexpr std::uint64_t kBlockRecords = 4096;

  /// Reads its end: the number of records and what leads to its blocks. `name` is for messages.
  /// Throws `Error` (input) for what is no index, is of another version or is damaged there.
  RecordIndex(files::Descriptor file, std::string name);
  ~RecordIndex();
  RecordIndex(RecordIndex&&) noexcept;
  RecordIndex& operator=(RecordIndex&&) noexcept;

  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] bool has_cells() const;
  /// The root that the blocks lead to. It is for the caller to compare it with the sealed one.
  [[nodiscard]] const Digest& root() const;

  [[nodiscard]] std::uint64_t blocks() const;
  /// Reads a block. Throws `Error` (input) when it is damaged: its leaves do not lead to the root.
  void read_block(std::uint64_t block, IndexBlock& out) const;

  /// Reads everything. Throws `Error` (input) for a byte that is not as it was written. What leads
  /// to the root cannot be replaced unnoticed; the rest is only held against a checksum, and cannot
  /// make a record that differs look equal.
  void check() const;

  /// The leaf of a record, and its path to `root()`, lowest first (RFC 9162, 2.1.3). Throws `Error`
  /// (usage) past the end, (input) as `read_block`.
  [[nodiscard]] Digest leaf(std::uint64_t record) const;
  [[nodiscard]] std::vector<Digest> path(std::uint64_t record) const;

  /// A place from which a reader can go on, at or before a record.
  struct Restart {
    std::uint64_t record = 0;
    std::uint64_t offset = 0;
  };
  [[nodiscard]] std::optional<Restart> restart_before(std::uint64_t record) const;

  /// Names of layouts, as they were sealed: encrypted, for whoever has the file's key.
  [[nodiscard]] Bytes sealed_layouts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace salus::trial
